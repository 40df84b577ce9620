import { LimitError } from '@p2pigeon/core'
import type { CliEvent } from '../events.ts'
import type { Visit } from './visit.ts'

/**
 * Waits for the room's files; some of them may be out of reach, which is told.
 * @throws {LimitError} `nobody-knows` when nobody came in time who knows of any; as `Visit.known`.
 */
export async function knownOrThrow(visit: Visit, waitMs: number, emit: (event: CliEvent) => void): Promise<void> {
  const known = await visit.known(waitMs)
  if (known === 'nothing') throw new LimitError('nobody-knows', 'nobody is here who knows the files')
  if (known === 'partial') emit({ type: 'incomplete', drives: visit.files.view.pendingDrives })
}
