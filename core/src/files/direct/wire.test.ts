import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../bytes/index.ts'
import { CodecError } from '../../errors/index.ts'
import { longPieceBytes, maxAskedBytes, maxPartBytes, pieceBytes } from './limits.ts'
import { decodeAnswer, decodeQuestion, encodeAnswer, encodeQuestion, type Answer, type Question } from './wire.ts'

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => toHex(bytes))
const range = fc
  .tuple(fc.integer({ min: 0, max: maxPartBytes - 1 }), fc.integer({ min: 1, max: maxAskedBytes }))
  .map(([start, length]) => ({ start, end: Math.min(maxPartBytes, start + length) }))
const ask = fc.record({
  kind: fc.constant('ask' as const),
  request: u32,
  drive: hex(32),
  object: hex(16),
  part: fc.oneof(fc.constant('hashes' as const), fc.integer({ min: 0, max: 16_383 })),
  range: fc.option(range, { nil: undefined }),
})
const question: fc.Arbitrary<Question> = fc.oneof(
  ask,
  fc.record({ kind: fc.constant('cancel' as const), request: u32 }),
)
const bytesOf = (min: number, max: number) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((bytes) => new Uint8Array(bytes))
const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({
    kind: fc.constant('piece' as const),
    request: u32,
    bytes: fc.constantFrom(pieceBytes, pieceBytes + 1, longPieceBytes).map((length) => new Uint8Array(length).fill(3)),
  }),
  fc.record({ kind: fc.constant('last' as const), request: u32, bytes: bytesOf(1, 300) }),
  fc.record({ kind: fc.constant('have-not' as const), request: u32 }),
)

/** Anything but a value or a CodecError is a fault. */
function orRefused(decode: () => unknown): void {
  try {
    decode()
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
  }
}

describe('the wire between browsers', () => {
  it('says back what was said', () => {
    fc.assert(
      fc.property(question, (one) => {
        expect(decodeQuestion(encodeQuestion(one))).toEqual(one)
      }),
    )
    fc.assert(
      fc.property(answer, (one) => {
        expect(decodeAnswer(encodeAnswer(one).slice())).toEqual(one)
      }),
    )
  })

  it('refuses garbage by a typed error', () => {
    fc.assert(fc.property(bytesOf(0, 80), (bytes) => orRefused(() => decodeQuestion(bytes))))
    fc.assert(fc.property(bytesOf(0, 80), (bytes) => orRefused(() => decodeAnswer(bytes))))
  })

  it('refuses ranges and parts that no object has, and more than a segment', () => {
    const one = { kind: 'ask', request: 1, drive: 'ab'.repeat(32), object: 'cd'.repeat(16), part: 0 } as const
    const withRange = (start: number, end: number) => encodeQuestion({ ...one, range: { start, end } })
    const wrong = [withRange(5, 5), withRange(5, 4), withRange(0, maxAskedBytes + 1)]
    wrong.push(
      withRange(maxPartBytes - 1, maxPartBytes + 1),
      encodeQuestion({ ...one, part: 16_384, range: undefined }),
    )
    for (const bytes of wrong) expect(() => decodeQuestion(bytes)).toThrow(CodecError)
    const short = encodeAnswer({ kind: 'piece', request: 1, bytes: new Uint8Array(pieceBytes) }).subarray(0, -1)
    expect(() => decodeAnswer(short)).toThrow(CodecError)
    expect(() => decodeAnswer(new Uint8Array(6 + longPieceBytes).fill(1))).toThrow(CodecError)
  })
})
