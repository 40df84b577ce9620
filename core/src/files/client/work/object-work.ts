import type { ObjectId } from '../../ids.ts'
import { loadBlake3 } from '../../objects/index.ts'
import { layoutOf } from '../../objects/index.ts'
import { ObjectReader, type ObjectSource } from '../../objects/index.ts'
import { ObjectWriter, type ReadPart, type SealedSegment } from '../../objects/index.ts'
import type { Octets } from '../source.ts'

/** An object by its id and key. */
export interface NamedObject {
  readonly object: ObjectId
  readonly fileKey: Octets
  readonly sizeBytes: number
}

/** What writes one object; see `ObjectWriter` for what it promises and throws. */
export interface SegmentMaker {
  segment(index: number): Promise<SealedSegment>
  finish(): Promise<{ readonly hashes: Octets; readonly root: Octets }>
  close(): void
}

/** What reads one object; see `ObjectReader` for what it promises and throws. */
export interface RangeReader {
  read(start: number, end: number, signal: AbortSignal): Promise<Octets>
  close(): void
}

/** Encrypting, hashing and checking, which take all the time there is: in this thread, or in another one (`workOver`). */
export interface ObjectWork {
  write(to: NamedObject, read: ReadPart, pledged: ReadonlyMap<number, Octets>): Promise<SegmentMaker>
  open(from: NamedObject & { readonly root: Octets }, sources: Iterable<ObjectSource>): Promise<RangeReader>
}

/** In this thread. */
export const localWork: ObjectWork = {
  async write({ object, fileKey, sizeBytes }, read, pledged) {
    const to = { object, fileKey, layout: layoutOf(sizeBytes), blake3: await loadBlake3() }
    const writer = await ObjectWriter.open(to, read, pledged)
    return {
      segment: (index) => writer.segment(index),
      finish: () => Promise.resolve().then(() => writer.finish()),
      close: () => undefined,
    }
  },
  async open({ object, fileKey, sizeBytes, root }, sources) {
    const layout = layoutOf(sizeBytes)
    const reader = await ObjectReader.open({ object, fileKey, layout, root, blake3: await loadBlake3(), sources })
    return { read: (start, end, signal) => reader.read(start, end, signal), close: () => undefined }
  },
}
