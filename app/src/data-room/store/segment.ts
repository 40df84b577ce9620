import { blockBytes, hashesBytes, segmentBytes } from '../limits.ts'
import type { PearBlob, PearCore } from '../pear/index.ts'
import { Refusal } from '../refusal.ts'

/** The name of a segment in an object: its number, or where the hashes of the blocks are. */
export type SegmentName = number | 'hashes'

/** Bytes `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export function maxBytesOf(name: SegmentName): number {
  return name === 'hashes' ? hashesBytes : segmentBytes
}

/** True when the entry is one that this code could have written. Whoever writes a drive may write anything. */
export function isWellFormed(blob: PearBlob, name: SegmentName): boolean {
  const { byteLength, blockLength, blockOffset } = blob
  return (
    Number.isSafeInteger(blockOffset) &&
    blockOffset >= 0 &&
    Number.isSafeInteger(byteLength) &&
    byteLength > 0 &&
    byteLength <= maxBytesOf(name) &&
    blockLength === Math.ceil(byteLength / blockBytes)
  )
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'REQUEST_TIMEOUT' || code === 'REQUEST_CANCELLED' || code === 'BLOCK_NOT_AVAILABLE'
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SESSION_CLOSED'
}

/**
 * Block `index`. Proofs are checked by Hypercore when a block comes from a peer, and checksums by the database when it comes from the disk. One that the disk
 * has spoiled is forgotten and asked for again.
 */
export async function readBlock(core: PearCore, index: number, waitMs: number): Promise<Buffer> {
  const timeout = Math.max(1, waitMs)
  try {
    let block: Buffer | null
    try {
      block = await core.get(index, { timeout })
    } catch (error) {
      if (isMissing(error) || isClosed(error)) throw error
      await core.clear(index, index + 1)
      block = await core.get(index, { timeout }).catch((cause: unknown) => {
        throw new Refusal('damaged', { cause })
      })
    }
    if (block === null) throw new Refusal('unavailable')
    return block
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (isMissing(error)) throw new Refusal('unavailable', { cause: error })
    throw isClosed(error) ? new Refusal('busy', { cause: error }) : new Refusal('damaged', { cause: error })
  }
}

/**
 * The bytes of `range`, block after block, from here or from peers.
 * @throws {Refusal} `unavailable`, `damaged`, `busy`.
 */
export async function* readBlob(
  core: PearCore,
  blob: PearBlob,
  range: ByteRange,
  leftMs: () => number,
): AsyncGenerator<Buffer, void, void> {
  const first = Math.floor(range.start / blockBytes)
  const last = Math.floor((range.end - 1) / blockBytes)
  // Asked for together, so that one answer of a peer is not waited for before the next one is asked.
  const download = core.download({ start: blob.blockOffset + first, end: blob.blockOffset + last + 1 })
  try {
    for (let index = first; index <= last; index++) {
      const block = await readBlock(core, blob.blockOffset + index, leftMs())
      const at = index * blockBytes
      if (block.length !== Math.min(blockBytes, blob.byteLength - at)) throw new Refusal('damaged')
      yield block.subarray(Math.max(0, range.start - at), Math.min(block.length, range.end - at))
    }
  } finally {
    download.destroy()
  }
}
