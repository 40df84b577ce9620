import { lstat, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UsageError } from '@p2pigeon/core'
import type { EntryView } from '@p2pigeon/core/files'
import type { FilesDeed } from './command.ts'
import type { Load } from './courier.ts'
import { carry, tellFailed, type DeedPorts, type Done } from './deed-ports.ts'
import { folderBelow, oneName } from './disk-file.ts'
import { Downloads } from './downloads.ts'
import { modifiedAtMsOf } from './local-files.ts'
import { knownOrThrow } from './known.ts'
import { entriesBelow, findEntry } from './room-paths.ts'

interface Wanted {
  readonly entry: EntryView
  readonly root: string
  /** Names below `root`, the last one the file's. */
  readonly names: readonly string[]
  readonly path: string
}

/**
 * Brings a file or folder of the room to this machine. Nothing is overwritten: a file that is here already, with the size and time of the room's, was got
 * before and counts as done; another one is told of and left.
 * @throws {UsageError} `no-such-entry`; as `knownOrThrow` and `Courier.carry`.
 */
export async function get({ path, out }: Extract<FilesDeed, { kind: 'get' }>, ports: DeedPorts): Promise<Done> {
  const { visit, waitMs, emit, random } = ports
  await knownOrThrow(visit, waitMs, emit)
  const found = findEntry(visit.files.view, path)
  if (found === undefined || found === 'root') {
    throw new UsageError('no-such-entry', 'There is no such file or folder in the room.')
  }
  const downloads = new Downloads(visit.files, random)
  let failed = 0
  try {
    const loads: Load[] = []
    for await (const { entry, root, names, path: shown } of wanted(found, path, out, ports)) {
      try {
        const folder = await folderBelow(root, names.slice(0, -1))
        await downloads.sweep(folder)
        const place = join(folder, oneName(names.at(-1) ?? ''))
        if (entry.kind === 'folder') await folderBelow(folder, names.slice(-1))
        else if (!(await isGot(place, entry))) {
          const job = downloads.job({ entry, place })
          loads.push({ path: shown, sizeBytes: entry.sizeBytes, begin: (files) => files.track(job) })
        }
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        failed += 1
        tellFailed(emit, shown, error.code)
      }
    }
    failed += (await carry(ports, 'down', loads)).length
  } finally {
    await downloads.dropAll()
  }
  return { failed }
}

async function* wanted(
  found: EntryView,
  path: readonly string[],
  out: string | undefined,
  { visit }: DeedPorts,
): AsyncGenerator<Wanted> {
  const isFolder = out === undefined || out.endsWith('/') || (await isDirectory(out))
  const root = isFolder ? (out ?? '.') : dirname(out)
  const name = isFolder ? found.name : (out.split(/[/\\]/u).at(-1) ?? found.name)
  if (!(await isDirectory(root))) throw new UsageError('no-such-folder', 'The folder after --out does not exist.')
  yield { entry: found, root, names: [name], path: path.join('/') }
  if (found.kind !== 'folder') return
  for (const below of entriesBelow(visit.files.view, found.id)) {
    yield { entry: below.entry, root, names: [name, ...below.path], path: [...path, ...below.path].join('/') }
  }
}

async function isDirectory(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined))?.isDirectory() === true
}

/** @throws {UsageError} `file-exists` where something else is. */
async function isGot(place: string, { sizeBytes, modifiedAtMs }: EntryView): Promise<boolean> {
  const there = await lstat(place).catch(() => undefined)
  if (there === undefined) return false
  if (there.isFile() && there.size === sizeBytes && modifiedAtMsOf(there) === modifiedAtMs) return true
  throw new UsageError('file-exists', 'A file of that name is here already, and is left as it is.')
}
