import { UsageError } from '@p2pigeon/core'
import type { DataRoom, EntryView } from '@p2pigeon/core/files'
import type { FilesDeed } from './command.ts'
import type { DeedPorts, Done } from './deed-ports.ts'
import { entriesBelow, findEntry } from './room-paths.ts'

/** What is to be deleted for good: a deleted thing whole, or one version. */
interface Purge {
  readonly id: string
  readonly object: string | undefined
}

/**
 * Deletes for good what this key has written: all that was deleted, or, of a file or folder of the room, the versions that are not the present ones.
 * @throws {UsageError} `no-such-entry`; as `Visit.writable` and `DataRoom.purge`.
 */
export async function purge({ path }: Extract<FilesDeed, { kind: 'purge' }>, ports: DeedPorts): Promise<Done> {
  const { visit, waitMs, emit, signal } = ports
  const { files } = visit
  const known = await visit.writable(waitMs)
  if (known !== 'whole') emit({ type: 'incomplete', drives: files.view.pendingDrives })
  let versions = 0
  let sizeBytes = 0
  for (const { id, object } of path.length === 0 ? deleted(files) : former(files, path)) {
    const { versions: count, bytes } = files.purgeable(id, object)
    if (count === 0) continue
    signal.throwIfAborted()
    await files.purge(id, object)
    versions += count
    sizeBytes += bytes
  }
  emit({ type: 'purged', versions, sizeBytes })
  return { failed: 0 }
}

function deleted({ view }: DataRoom): readonly Purge[] {
  return view.deleted().map(({ id }) => ({ id, object: undefined }))
}

function former({ view }: DataRoom, path: readonly string[]): readonly Purge[] {
  const found = findEntry(view, path)
  if (found === undefined || found === 'root') {
    throw new UsageError('no-such-entry', 'There is no such file or folder in the room.')
  }
  const below = found.kind === 'folder' ? [...entriesBelow(view, found.id)].map(({ entry }) => entry) : [found]
  return below.flatMap((entry: EntryView) =>
    view.versions(entry.id).flatMap(({ present, object }) => (present ? [] : [{ id: entry.id, object }])),
  )
}
