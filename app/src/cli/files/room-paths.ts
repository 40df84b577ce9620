import { nameKey, rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'

/** A file or folder of the room with the names that lead to it, outermost first. */
export interface RoomEntry {
  readonly path: readonly string[]
  readonly entry: EntryView
}

/** What is at the end of these names; the empty path is the room's whole folder. Undefined where there is nothing. */
export function findEntry(view: DataRoomView, path: readonly string[]): EntryView | 'root' | undefined {
  let found: EntryView | 'root' = 'root'
  for (const name of path) {
    const inside: readonly EntryView[] = view.list(found === 'root' ? rootFolder : found.id)
    const next =
      inside.find((entry) => entry.name === name) ?? inside.find((entry) => nameKey(entry.name) === nameKey(name))
    if (next === undefined) return undefined
    found = next
  }
  return found
}

/** Everything in a folder and below it, each folder before what is in it. */
export function* entriesBelow(view: DataRoomView, folder: string, path: readonly string[] = []): Generator<RoomEntry> {
  for (const entry of inOrder(view.list(folder))) {
    const here = [...path, entry.name]
    yield { path: here, entry }
    if (entry.kind === 'folder') yield* entriesBelow(view, entry.id, here)
  }
}

/** Folders first, then by name. */
export function inOrder(entries: readonly EntryView[]): readonly EntryView[] {
  return entries.toSorted((a, b) => (a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'folder' ? -1 : 1))
}
