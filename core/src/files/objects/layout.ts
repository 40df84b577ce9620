import { padmeLength } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { blockBytes, maxObjectBytes, segmentBlocks } from '../limits.ts'

export const hashBytes = 32
const tagBytes = 16

/** How a content of some size is cut. Everything follows from the size. */
export interface ObjectLayout {
  readonly sizeBytes: number
  readonly paddedBytes: number
  readonly blocks: number
  readonly segments: number
}

/** @throws {CodecError} `object-too-large` above `maxObjectBytes`; `bad-value` for what is no size. */
export function layoutOf(sizeBytes: number): ObjectLayout {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new CodecError('bad-value', 'no size')
  if (sizeBytes > maxObjectBytes) throw new CodecError('object-too-large', 'no file is that large')
  const paddedBytes = padmeLength(sizeBytes, 1)
  const blocks = Math.ceil(paddedBytes / blockBytes)
  return { sizeBytes, paddedBytes, blocks, segments: Math.ceil(blocks / segmentBlocks) }
}

/** Padded plaintext of a block. */
export function blockLength({ paddedBytes }: ObjectLayout, block: number): number {
  return Math.min(blockBytes, paddedBytes - block * blockBytes)
}

/** Blocks of a segment. */
export function blocksOf({ blocks }: ObjectLayout, segment: number): number {
  return Math.min(segmentBlocks, blocks - segment * segmentBlocks)
}

/** Ciphertext of a segment in bytes. */
export function sealedLengthOf(layout: ObjectLayout, segment: number): number {
  const first = segment * segmentBlocks
  const count = blocksOf(layout, segment)
  const plain = Math.min(count * blockBytes, layout.paddedBytes - first * blockBytes)
  return plain + count * tagBytes
}
