import { UsageError } from '@p2pigeon/core'
import { rootFolder } from '@p2pigeon/core/files'
import type { FilesDeed } from './command.ts'
import type { DeedPorts, Done } from './deed-ports.ts'
import { knownOrThrow } from './known.ts'
import { findEntry, inOrder } from './room-paths.ts'

/** Tells what is in a folder of the room. @throws {UsageError} `no-such-entry`; as `knownOrThrow`. */
export async function ls({ folder }: Extract<FilesDeed, { kind: 'ls' }>, ports: DeedPorts): Promise<Done> {
  const { visit, waitMs, emit } = ports
  await knownOrThrow(visit, waitMs, emit)
  const { view } = visit.files
  const found = findEntry(view, folder)
  if (found === undefined) throw new UsageError('no-such-entry', 'There is no such file or folder in the room.')
  const isFile = found !== 'root' && found.kind === 'file'
  const entries = isFile ? [found] : inOrder(view.list(found === 'root' ? rootFolder : found.id))
  const above = isFile ? folder.slice(0, -1) : folder
  for (const { name, kind, sizeBytes, modifiedAtMs, by, versions } of entries) {
    emit({ type: 'entry', path: [...above, name].join('/'), name, kind, sizeBytes, modifiedAtMs, by, versions })
  }
  return { failed: 0 }
}
