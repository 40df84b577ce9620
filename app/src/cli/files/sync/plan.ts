/** A file as both sides had it after the last sync. */
export interface BaseFile {
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  /** The version that the room had. */
  readonly object: string
}

export interface LocalFile {
  readonly sizeBytes: number
  readonly modifiedAtMs: number
}

export interface RoomFile {
  readonly object: string
}

/** What is to be done with one file. */
export type Step =
  /** `over`: the room has a file of that name, as it was when the two were last the same. */
  | { readonly kind: 'upload'; readonly over: boolean }
  | { readonly kind: 'download'; readonly over: boolean }
  /** Both sides have another one than before: it is the same on both, or both are kept. */
  | { readonly kind: 'compare' }
  | { readonly kind: 'delete-here' }
  | { readonly kind: 'delete-there' }
  /** Deleted on one side, and deletions are not wanted: it stays on the other. */
  | { readonly kind: 'leave' }
  /** Gone on both sides. */
  | { readonly kind: 'forget' }

export interface Sides {
  readonly base: ReadonlyMap<string, BaseFile>
  readonly local: ReadonlyMap<string, LocalFile>
  readonly room: ReadonlyMap<string, RoomFile>
  /** Keys of what is here and was not looked at, with everything below. */
  readonly hidden: ReadonlySet<string>
}

/**
 * What makes both sides the same, file by file; those that are the same already are left out. Pure.
 *
 * | here \ room | as before     | changed or new | not there            |
 * | ----------- | ------------- | -------------- | -------------------- |
 * | as before   | nothing       | download       | delete here, or leave|
 * | changed     | upload        | compare        | upload               |
 * | not there   | delete there, or leave | download | forget            |
 *
 * "As before" is a file of the base that is what it was; one that the base does not know is new. A change is stronger than a deletion. A side that has lost
 * every file at once is rather an unmounted disk or a node without its drives than a wish, so nothing is deleted for its sake; and what is here but
 * hidden is not deleted there.
 */
export function planSync({ base, local, room, hidden }: Sides, deletes: boolean): ReadonlyMap<string, Step> {
  const keys = new Set([...base.keys(), ...local.keys(), ...room.keys()])
  const mayDelete = { here: deletes && room.size > 0, there: deletes && local.size > 0 }
  const steps = new Map<string, Step>()
  for (const key of keys) {
    const isGoneHere = !isWithin(key, hidden)
    const step = stepOf(base.get(key), local.get(key), room.get(key), {
      ...mayDelete,
      there: mayDelete.there && isGoneHere,
    })
    if (step) steps.set(key, step)
  }
  return steps
}

/** Whether this or something above it is in the set. */
function isWithin(key: string, set: ReadonlySet<string>): boolean {
  for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) if (set.has(key.slice(0, end))) return true
  return false
}

function stepOf(
  before: BaseFile | undefined,
  here: LocalFile | undefined,
  there: RoomFile | undefined,
  mayDelete: { readonly here: boolean; readonly there: boolean },
): Step | undefined {
  const isSameHere =
    before !== undefined && here?.sizeBytes === before.sizeBytes && here.modifiedAtMs === before.modifiedAtMs
  const isSameThere = before !== undefined && there?.object === before.object
  if (here && there) {
    if (isSameHere && isSameThere) return undefined
    if (isSameThere) return { kind: 'upload', over: true }
    return isSameHere ? { kind: 'download', over: true } : { kind: 'compare' }
  }
  if (here) {
    if (!isSameHere) return { kind: 'upload', over: false }
    return { kind: mayDelete.here ? 'delete-here' : 'leave' }
  }
  if (there) {
    if (!isSameThere) return { kind: 'download', over: false }
    return { kind: mayDelete.there ? 'delete-there' : 'leave' }
  }
  return { kind: 'forget' }
}
