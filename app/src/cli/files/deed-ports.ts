import type { Clock, Random } from '@p2pigeon/core/node'
import type { CliEvent } from '../events.ts'
import { wordsOf } from '../words.ts'
import { Courier, type Load } from './courier.ts'
import type { SealedMemory } from './sealed-memory.ts'
import type { Visit } from './visit.ts'

/** What a deed in a room works with. */
export interface DeedPorts {
  readonly visit: Visit
  /** Where the terminal remembers; undefined for somebody who is new this time. */
  readonly memory: SealedMemory | undefined
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  readonly waitMs: number
  readonly emit: (event: CliEvent) => void
}

/** What came of a deed that was done to its end. */
export interface Done {
  /** Files that could not be brought; each was told. */
  readonly failed: number
}

/** Brings files and tells of each; gives those that did not arrive. */
export async function carry(
  { visit, clock, signal, waitMs, emit }: DeedPorts,
  direction: 'up' | 'down',
  loads: readonly Load[],
  arrived: (load: Load) => void = () => undefined,
): Promise<readonly Load[]> {
  const failed: Load[] = []
  const courier = new Courier({
    ...{ files: visit.files, clock, signal, patienceMs: waitMs },
    progress: (progress) => {
      emit({ type: 'progress', direction, ...progress })
    },
    ended: (load, code) => {
      const { path, sizeBytes } = load
      if (code === undefined) {
        emit({ type: 'file', direction, path, sizeBytes })
        arrived(load)
      } else {
        failed.push(load)
        tellFailed(emit, path, code)
      }
    },
  })
  await courier.carry(loads)
  return failed
}

/** A file that stays where it is. */
export function tellFailed(emit: (event: CliEvent) => void, path: string, code: string): void {
  emit({ type: 'file-failed', path, code, words: wordsOf(code) })
}
