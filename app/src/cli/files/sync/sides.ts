import { lstat } from 'node:fs/promises'
import { fileName, nameKey, rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'
import { modifiedAtMsOf, walk, type LocalEntry } from '../local-files.ts'
import { entriesBelow, findEntry } from '../room-paths.ts'

/** The same for names that some file system takes for one. */
export const keyOf = (path: readonly string[]): string => path.map(nameKey).join('/')

export interface HereFile extends LocalEntry {
  readonly kind: 'file'
}

/** A local folder, by key. */
export interface Here {
  readonly files: ReadonlyMap<string, HereFile>
  readonly folders: ReadonlyMap<string, readonly string[]>
  /** What cannot be in the room under its name. */
  readonly problems: readonly { readonly path: string; readonly code: string }[]
  /** Keys of what is here and cannot be synced: of neither it nor what is below it may anybody think that it was deleted. */
  readonly hidden: ReadonlySet<string>
}

export async function lookHere(folder: string): Promise<Here> {
  const files = new Map<string, HereFile>()
  const folders = new Map<string, readonly string[]>()
  const problems: { path: string; code: string }[] = []
  const passedOver: string[] = []
  const hidden = new Set<string>()
  for await (const entry of walk(folder)) {
    const path = entry.path.join('/')
    if (passedOver.some((above) => path.startsWith(`${above}/`))) continue
    const name = entry.path.at(-1) ?? ''
    const key = keyOf(entry.path)
    const code =
      fileName(name) !== name.normalize('NFC')
        ? 'name-not-possible'
        : files.has(key) || folders.has(key)
          ? 'name-collision'
          : undefined
    if (entry.kind === 'other') hidden.add(key)
    else if (code !== undefined) {
      problems.push({ path, code })
      passedOver.push(path)
      hidden.add(key)
    } else if (entry.kind === 'file') files.set(key, { ...entry, kind: 'file' })
    else folders.set(key, entry.path)
  }
  return { files, folders, problems, hidden }
}

/** Names that lead to a folder of the room on this machine: those of the folders that are here, which may differ in case, and the room's for others. */
export function namesHere({ folders }: Pick<Here, 'folders'>, path: readonly string[]): readonly string[] {
  for (let known = path.length; known > 0; known -= 1) {
    const here = folders.get(keyOf(path.slice(0, known)))
    if (here) return [...here, ...path.slice(known)]
  }
  return path
}

export interface ThereFile {
  readonly path: readonly string[]
  readonly entry: EntryView
  readonly object: string
}

/** A folder of the room, by key. */
export interface There {
  readonly files: ReadonlyMap<string, ThereFile>
  readonly folders: ReadonlyMap<string, { readonly path: readonly string[]; readonly id: string }>
}

/** @param to names of the folder; one that is not there is empty. */
export function lookThere(view: DataRoomView, to: readonly string[]): There {
  const files = new Map<string, ThereFile>()
  const folders = new Map<string, { path: readonly string[]; id: string }>()
  const found = findEntry(view, to)
  const top = found === 'root' ? rootFolder : found?.kind === 'folder' ? found.id : undefined
  if (top === undefined) return { files, folders }
  for (const { path, entry } of entriesBelow(view, top)) {
    const object = view.versions(entry.id).find(({ present }) => present)?.object
    if (entry.kind === 'folder') folders.set(keyOf(path), { path, id: entry.id })
    else if (object !== undefined) files.set(keyOf(path), { path, entry, object })
  }
  return { files, folders }
}

/** Whether a local file is what it was when it was looked at. */
export async function isAsSeen({ place, sizeBytes, modifiedAtMs }: HereFile): Promise<boolean> {
  const now = await lstat(place).catch(() => undefined)
  return now?.isFile() === true && now.size === sizeBytes && modifiedAtMsOf(now) === modifiedAtMs
}
