import { UsageError } from '@p2pigeon/core'
import { fileName, rootFolder } from '@p2pigeon/core/files'
import type { FilesDeed } from './command.ts'
import type { Load } from './courier.ts'
import { carry, type DeedPorts, type Done } from './deed-ports.ts'
import { named, uploadOf } from './local-files.ts'

/**
 * Brings local files and folders into the room. A file of a name that is there becomes a version of that one.
 * @throws {UsageError} `no-such-file`, before anything is sent; as `Visit.writable` and `Courier.carry`.
 */
export async function share(
  { paths, to, stays }: Extract<FilesDeed, { kind: 'share' }>,
  ports: DeedPorts,
): Promise<Done> {
  const loads: Load[] = []
  const told = new Set<string>()
  const tellRenamed = (names: readonly string[]): void => {
    for (const [at, name] of names.entries()) {
      const path = names.slice(0, at + 1).join('/')
      const becomes = fileName(name)
      if (becomes === name.normalize('NFC') || told.has(path)) continue
      told.add(path)
      ports.emit({ type: 'renamed', path, name: becomes })
    }
  }
  for (const place of paths) {
    for await (const entry of named(place)) {
      if (entry.kind !== 'file') continue
      tellRenamed(entry.path)
      const folders = [...to, ...entry.path.slice(0, -1)]
      const name = entry.path.at(-1) ?? ''
      loads.push({
        path: [...folders, name].join('/'),
        sizeBytes: entry.sizeBytes,
        begin: (files) => files.upload(rootFolder, [uploadOf(entry, folders, name)]),
      })
    }
  }
  if (loads.length === 0) throw new UsageError('nothing-to-share', 'There is no file in what you named.')
  await ports.visit.writable(ports.waitMs)
  const failed = await carry(ports, 'up', loads)
  if (stays) {
    ports.emit({ type: 'staying' })
    await interrupted(ports.signal)
  } else if (ports.visit.room.view().participants.length === 0) ports.emit({ type: 'nobody-told' })
  return { failed: failed.length }
}

/** Resolves when the signal aborts. */
function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else {
      signal.addEventListener(
        'abort',
        () => {
          resolve()
        },
        { once: true },
      )
    }
  })
}
