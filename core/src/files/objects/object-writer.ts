import { concat, equal } from '../../bytes/index.ts'
import { UsageError } from '../../errors/index.ts'
import type { ObjectId } from '../ids.ts'
import { blockBytes, segmentBlocks, segmentBytes } from '../limits.ts'
import type { Blake3 } from './blake3.ts'
import { BlockCipher, rootOf } from './blocks.ts'
import { blockLength, blocksOf, hashBytes, type ObjectLayout } from './layout.ts'

export interface SealedSegment {
  readonly index: number
  /** Ciphertext, `sealedLengthOf` bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Hashes of its blocks. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

/** An object about to be written. */
export interface ObjectToWrite {
  readonly object: ObjectId
  /** 32 bytes, fresh for this object. */
  readonly fileKey: Uint8Array
  readonly layout: ObjectLayout
  readonly blake3: Blake3
}

/** Reads a part of a content that may be larger than memory, into memory that is the caller's from then on: it may go to another thread. */
export type ReadPart = (start: number, end: number) => Promise<Uint8Array>

/**
 * Encrypts a content segment by segment. Segments are independent, so an upload can go on anywhere and several can be made at a time.
 *
 * **Resuming.** One key must not seal two contents. So keep `hashes` before a segment leaves the device, and give them back as `pledged`: a segment
 * that would come out different, because the file changed meanwhile, is refused and never sent.
 */
export class ObjectWriter {
  readonly #to: Omit<ObjectToWrite, 'fileKey'>
  readonly #cipher: BlockCipher
  readonly #read: ReadPart
  readonly #hashes: (Uint8Array<ArrayBuffer> | undefined)[]

  private constructor(
    to: Omit<ObjectToWrite, 'fileKey'>,
    cipher: BlockCipher,
    read: ReadPart,
    pledged: ReadonlyMap<number, Uint8Array>,
  ) {
    this.#to = to
    this.#cipher = cipher
    this.#read = read
    this.#hashes = Array.from({ length: to.layout.segments }, (_, segment) => {
      const hashes = pledged.get(segment)
      return hashes === undefined ? undefined : new Uint8Array(hashes)
    })
  }

  /**
   * @param pledged hashes of segments that may have left this device before, by segment.
   * @throws {UsageError} `bad-length` for a key or hashes of another length.
   */
  static async open(
    { fileKey, ...to }: ObjectToWrite,
    read: ReadPart,
    pledged: ReadonlyMap<number, Uint8Array> = new Map(),
  ): Promise<ObjectWriter> {
    for (const [segment, hashes] of pledged) {
      if (hashes.length !== blocksOf(to.layout, segment) * hashBytes) {
        throw new UsageError('bad-length', 'not the hashes of that segment')
      }
    }
    return new ObjectWriter(to, await BlockCipher.of(fileKey, to.object, to.layout), read, pledged)
  }

  /**
   * Reads, pads, seals and hashes one segment: 4 MiB of plaintext and as much of ciphertext are in memory.
   * @throws {UsageError} `file-changed` if the content is shorter than it was, or not what was pledged. Then the object is given up and the
   * content written as another one.
   */
  async segment(index: number): Promise<SealedSegment> {
    const { layout, blake3 } = this.#to
    const start = index * segmentBytes
    const end = Math.min(start + segmentBytes, layout.sizeBytes)
    const plaintext = start < end ? await this.#read(start, end) : new Uint8Array(0)
    if (plaintext.length !== Math.max(0, end - start)) throw changed()
    const blocks = await Promise.all(
      Array.from({ length: blocksOf(layout, index) }, (_, at) => {
        const block = index * segmentBlocks + at
        return this.#cipher.seal(block, paddedBlock(plaintext, at, blockLength(layout, block)))
      }),
    )
    const hashes = concat(...blocks.map((block) => blake3.hash(block)))
    const pledged = this.#hashes[index]
    if (pledged !== undefined && !equal(pledged, hashes)) throw changed()
    this.#hashes[index] = hashes
    return { index, bytes: concat(...blocks), hashes }
  }

  /**
   * The segments from `first` on, one at a time: the next is made when the last was taken, so a slow reader slows the reading of the file.
   * @throws as `segment`; what `signal` says when it aborts.
   */
  async *segments(
    options: { readonly from?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<SealedSegment> {
    for (let index = options.from ?? 0; index < this.#to.layout.segments; index++) {
      options.signal?.throwIfAborted()
      yield await this.segment(index)
    }
  }

  /**
   * What is to be stored as `hashes` (objects of one segment need none), and the root for the journal.
   * @throws {UsageError} `not-finished` while a segment was neither made nor pledged.
   */
  finish(): { readonly hashes: Uint8Array<ArrayBuffer>; readonly root: Uint8Array<ArrayBuffer> } {
    const known = this.#hashes.filter((hashes) => hashes !== undefined)
    if (known.length < this.#hashes.length) throw new UsageError('not-finished', 'segments are missing')
    const hashes = concat(...known)
    return { hashes, root: rootOf(this.#to.blake3, this.#to.object, hashes) }
  }
}

function paddedBlock(plaintext: Uint8Array, at: number, length: number): Uint8Array {
  const start = at * blockBytes
  const block = plaintext.subarray(start, start + length)
  if (block.length === length) return block
  const whole = new Uint8Array(length)
  whole.set(block)
  return whole
}

function changed(): UsageError {
  return new UsageError('file-changed', 'the content is not what it was')
}
