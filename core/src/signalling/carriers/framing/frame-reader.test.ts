import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../bytes/index.ts'
import { CodecError } from '../../../errors/index.ts'
import { FrameReader, frameToBytes } from './frame-reader.ts'

const frame = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => new Uint8Array(bytes))

describe('FrameReader', () => {
  it('gives back the frames, however their bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 90 })), (frames, cuts) => {
        const all = concat(...frames.map(frameToBytes))
        const reader = new FrameReader()
        const read: Uint8Array[] = []
        for (let start = 0, cut = 0; start < all.length; cut++) {
          const end = start + (cuts[cut % Math.max(cuts.length, 1)] ?? all.length)
          reader.push(all.slice(start, end))
          start = end
          // Reads now and then only, so that bytes gather.
          if (cut % 3 === 2) read.push(...drain(reader))
        }
        read.push(...drain(reader))
        expect(read).toEqual(frames)
        expect(reader.bufferedBytes).toBe(0)
      }),
    )
  })

  it('does not write into pieces that it was given', () => {
    const reader = new FrameReader()
    const backing = new Uint8Array([0, 3, 1, 77])
    reader.push(backing.subarray(0, 3))
    reader.push(new Uint8Array([2, 3]))
    expect(reader.next()).toEqual(new Uint8Array([1, 2, 3]))
    expect(backing[3]).toBe(77)
  })

  it('throws nothing but CodecError, and on an empty frame', () => {
    const reader = new FrameReader()
    reader.push(new Uint8Array([0, 0]))
    expect(() => reader.next()).toThrow(CodecError)
  })
})

function drain(reader: FrameReader): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let next = reader.next(); next; next = reader.next()) frames.push(next)
  return frames
}
