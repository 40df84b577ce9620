import { concat, equal } from '../../bytes/index.ts'
import { AuthenticationError, PigeonError, TransportError, UsageError } from '../../errors/index.ts'
import type { ObjectId } from '../ids.ts'
import { blockBytes, sealedBlockBytes, sealedSegmentBytes, segmentBlocks } from '../limits.ts'
import type { Blake3 } from './blake3.ts'
import { BlockCipher, damaged, hashAt, hashesOf, rootOf } from './blocks.ts'
import { blockLength, blocksOf, hashBytes, sealedLengthOf, type ObjectLayout } from './layout.ts'

/** Blocks that are being opened while the first of them is taken: each is work for another thread, and its way there and back. */
const openedAhead = 8

/** Somebody who may have an object: a node, a replica, a member. Nothing it gives is believed. */
export interface ObjectSource {
  /** A segment by its number, or the block hashes; all of it, or bytes `start` up to `end`. Rejects when it has not got it. */
  read(part: number | 'hashes', range: PartRange | undefined, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  /** What it gave is not what the author signed. One that need not be asked again for this object refuses from then on. */
  gaveWrong?(): void
}

export interface PartRange {
  readonly start: number
  readonly end: number
}

/** An object as its author signed it. */
export interface ObjectToRead {
  readonly object: ObjectId
  /** From `unwrapFileKey`. */
  readonly fileKey: Uint8Array
  readonly layout: ObjectLayout
  readonly root: Uint8Array
  readonly blake3: Blake3
  /** Asked one after the other until one gives what the author signed; who they are is looked up anew for each piece. */
  readonly sources: Iterable<ObjectSource>
}

/**
 * Reads an object anywhere in it. Each block is checked against the signed root when it comes and opened with its own tag, so what comes out is
 * what the author wrote, whoever gave it. In memory are the hashes of all blocks, 1/2048 of the size, and at most one segment.
 */
export class ObjectReader {
  readonly #from: Omit<ObjectToRead, 'fileKey'>
  readonly #cipher: BlockCipher
  #hashes: { readonly by: AbortSignal; readonly hashes: Promise<Uint8Array> } | undefined
  /** The blocks of an object of one segment, which had to come for the hashes: whoever reads first has them. */
  #held: readonly Uint8Array[] | undefined

  private constructor(from: Omit<ObjectToRead, 'fileKey'>, cipher: BlockCipher) {
    this.#from = from
    this.#cipher = cipher
  }

  /** @throws {UsageError} `bad-length` unless the key has 32 bytes. */
  static async open({ fileKey, ...from }: ObjectToRead): Promise<ObjectReader> {
    return new ObjectReader(from, await BlockCipher.of(fileKey, from.object, from.layout))
  }

  /**
   * The bytes from `start` up to `end`, exclusive; an end beyond the content is its end.
   * @throws {AuthenticationError} `object-damaged` if every source that has it gives something else.
   * @throws what the last source threw if it is not known whether that one has it; what `signal` says when it aborts.
   */
  async read(start: number, end: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const last = this.#within(start, end)
    const bytes = new Uint8Array(Math.max(0, last - start))
    let at = 0
    for await (const piece of this.stream({ start, end: last, signal })) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }

  /**
   * The same in pieces of a block. Blocks of one segment are fetched together, and the next segment when the last piece of this one was taken:
   * a slow reader slows the sources.
   */
  async *stream(options: {
    readonly start?: number
    readonly end?: number
    readonly signal: AbortSignal
  }): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { signal } = options
    const start = options.start ?? 0
    const end = this.#within(start, options.end ?? this.#from.layout.sizeBytes)
    for (let at = start; at < end;) {
      signal.throwIfAborted()
      const first = Math.floor(at / blockBytes)
      const segmentEnd = (Math.floor(first / segmentBlocks) + 1) * segmentBlocks
      const until = Math.min(segmentEnd, Math.ceil(end / blockBytes))
      const sealed = await this.#fetch(first, until, signal)
      const opening: Promise<Uint8Array<ArrayBuffer>>[] = []
      for (let number = first; number < until; number++) {
        signal.throwIfAborted()
        while (opening.length < openedAhead) {
          const next = number + opening.length
          const block = sealed[next - first]
          if (block === undefined) break
          opening.push(this.#open(next, block))
        }
        const opened = await opening.shift()
        if (opened === undefined) throw damaged()
        const piece = opened.subarray(at - number * blockBytes, Math.min(blockBytes, end - number * blockBytes))
        at += piece.length
        yield piece
      }
    }
  }

  /** Its failure is met by whoever gets as far. */
  #open(number: number, block: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const opened = this.#cipher.open(number, block)
    opened.catch(() => undefined)
    return opened
  }

  /** Sealed blocks of one segment, checked. */
  async #fetch(first: number, end: number, signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const { layout, blake3 } = this.#from
    const hashes = await this.#knownHashes(signal)
    const held = this.#held
    this.#held = undefined
    if (held !== undefined) return held.slice(first, end)
    const segment = Math.floor(first / segmentBlocks)
    const inSegment = segment * segmentBlocks
    const isWhole = first === inSegment && end - first === blocksOf(layout, segment)
    const start = (first - inSegment) * sealedBlockBytes
    const range = { start, end: Math.min((end - inSegment) * sealedBlockBytes, sealedLengthOf(layout, segment)) }
    return this.#fromAny(signal, async (source) => {
      const bytes = await source.read(segment, isWhole ? undefined : range, signal)
      if (bytes.length !== range.end - range.start) throw damaged()
      const blocks = cut(bytes, layout, first, end)
      for (const [index, block] of blocks.entries()) {
        if (!equal(blake3.hash(block), hashAt(hashes, first + index))) throw damaged()
      }
      return blocks
    })
  }

  /** Hashes of all blocks, checked against the root before any of them is used. Whoever needs them first asks for them. */
  async #knownHashes(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      const asked = (this.#hashes ??= { by: signal, hashes: this.#fetchHashes(signal) })
      try {
        return await asked.hashes
      } catch (error) {
        if (this.#hashes === asked) this.#hashes = undefined
        signal.throwIfAborted()
        // Who asked for them wanted them no more; we still do.
        if (asked.by === signal || !asked.by.aborted) throw error
      }
    }
  }

  async #fetchHashes(signal: AbortSignal): Promise<Uint8Array> {
    const { layout, blake3, object, root } = this.#from
    return this.#fromAny(signal, async (source) => {
      const blocks = layout.segments === 1 ? await wholeSegment(source, layout, signal) : undefined
      const hashes = blocks ? hashesOf(blake3, blocks) : await allHashes(source, layout, signal)
      if (hashes.length !== layout.blocks * hashBytes || !equal(rootOf(blake3, object, hashes), root)) throw damaged()
      this.#held = blocks
      return hashes
    })
  }

  /** The first answer that holds. That there were wrong ones is told if nobody else may have it. */
  async #fromAny<Value>(signal: AbortSignal, ask: (source: ObjectSource) => Promise<Value>): Promise<Value> {
    let wrong: AuthenticationError | undefined
    let failure: Error | undefined
    for (const source of this.#from.sources) {
      signal.throwIfAborted()
      try {
        return await ask(source)
      } catch (error) {
        signal.throwIfAborted()
        failure =
          error instanceof Error ? error : new TransportError('object-missing', 'no reason given', { cause: error })
        if (!(error instanceof AuthenticationError)) continue
        wrong = error
        source.gaveWrong?.()
      }
    }
    const isElsewhere = failure instanceof PigeonError && failure.code !== 'object-missing'
    throw (isElsewhere ? failure : wrong) ?? failure ?? new UsageError('no-source', 'nobody to ask')
  }

  #within(start: number, end: number): number {
    if (!Number.isSafeInteger(start) || start < 0) throw new UsageError('bad-value', 'no place in a file')
    return Math.min(end, this.#from.layout.sizeBytes)
  }
}

async function wholeSegment(
  source: ObjectSource,
  layout: ObjectLayout,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const bytes = await source.read(0, undefined, signal)
  if (bytes.length !== sealedLengthOf(layout, 0)) throw damaged()
  return cut(bytes, layout, 0, layout.blocks)
}

/** In ranges of a segment at most, which is what a member gives at a time. */
async function allHashes(source: ObjectSource, { blocks }: ObjectLayout, signal: AbortSignal): Promise<Uint8Array> {
  const length = blocks * hashBytes
  if (length <= sealedSegmentBytes) return source.read('hashes', undefined, signal)
  const parts: Uint8Array[] = []
  for (let start = 0; start < length; start += sealedSegmentBytes) {
    parts.push(await source.read('hashes', { start, end: Math.min(length, start + sealedSegmentBytes) }, signal))
  }
  return concat(...parts)
}

/** Sealed blocks `first` up to `end` out of their bytes. */
function cut(bytes: Uint8Array, layout: ObjectLayout, first: number, end: number): Uint8Array[] {
  return Array.from({ length: end - first }, (_, index) => {
    const start = index * sealedBlockBytes
    return bytes.subarray(start, start + blockLength(layout, first + index) + sealedBlockBytes - blockBytes)
  })
}
