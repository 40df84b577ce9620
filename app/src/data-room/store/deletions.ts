import type { Clock } from '@p2pigeon/core/node'
import type { PearCore, PearDrive, PearEntry } from '../pear/index.ts'
import { blockBytes } from '../limits.ts'
import { isWellFormed } from './segment.ts'

/** Changes of a drive are looked through so long after one came: many come together, ms. */
const gatherMs = 1_000

export interface DeletionsOptions {
  readonly drive: PearDrive
  /** Segments are under this folder. */
  readonly folder: string
  readonly clock: Clock
  /** Performs it among the drive's other writes, and makes it durable. */
  readonly write: (change: () => Promise<unknown>) => Promise<void>
  /** So many bytes were cleared. */
  readonly cleared: (bytes: number) => Promise<void>
}

/**
 * Clears here what the writer of a followed drive has taken out of it: as it goes, what an entry named that is gone; and at first, what no entry names any
 * more, since it may have been taken out while nobody here was looking.
 * @returns ends it.
 */
export function followDeletions({ drive, folder, clock, write, cleared }: DeletionsOptions): () => void {
  let seen: number | undefined
  let cancel: (() => void) | undefined
  let ended = false

  const clear = async (core: PearCore, { start, end, bytes }: Place): Promise<void> => {
    let blocks = 0
    for (let index = start; index < end; index += 1) if (await core.has(index)) blocks += 1
    if (blocks === 0) return
    await write(async () => {
      await core.clear(start, end)
      // The last one of a segment is shorter: where that cannot be told, what is kept is counted as more rather than less.
      await cleared(blocks === end - start && bytes !== undefined ? bytes : Math.max(0, (blocks - 1) * blockBytes))
    })
  }
  const look = async (): Promise<void> => {
    const now = drive.version
    const core = drive.blobs?.core
    if (core === undefined) return
    if (seen === undefined) {
      for (const place of await gaps(drive, folder)) await clear(core, place)
    } else {
      for await (const { left, right } of drive.diff(seen, folder)) {
        const place = left === null ? placeOf(right) : undefined
        if (place) await clear(core, place)
      }
    }
    seen = now
  }
  const grew = (): void => {
    cancel ??= clock.after(gatherMs, () => {
      void look()
        // What could not be compared or cleared now is found the next time.
        .catch(() => undefined)
        .then(() => {
          cancel = undefined
          if (!ended && seen !== undefined && drive.version !== seen) grew()
        })
    })
  }
  drive.core.on('append', grew)
  if (drive.version > 1) grew()
  return () => {
    ended = true
    cancel?.()
    drive.core.off('append', grew)
  }
}

interface Place {
  readonly start: number
  readonly end: number
  /** Of what is in all of its blocks, where an entry tells. */
  readonly bytes?: number
}

function placeOf(entry: PearEntry | null): Place | undefined {
  const name = entry?.key.slice(entry.key.lastIndexOf('/') + 1)
  const blob = entry?.value.blob
  if (!blob || !isWellFormed(blob, name === 'hashes' ? name : 0)) return undefined
  return { start: blob.blockOffset, end: blob.blockOffset + blob.blockLength, bytes: blob.byteLength }
}

/** Blocks that no entry names, below those that some does: entries come in the order of their blocks, so those above may have one that has not come yet. */
async function gaps(drive: PearDrive, folder: string): Promise<readonly Place[]> {
  const places: Place[] = []
  for await (const entry of drive.list(folder)) {
    const place = placeOf(entry)
    if (place) places.push(place)
  }
  const found: Place[] = []
  let end = 0
  for (const place of places.sort((one, other) => one.start - other.start)) {
    if (place.start > end) found.push({ start: end, end: place.start })
    end = Math.max(end, place.end)
  }
  return found
}
