import fc from 'fast-check'
import { expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'
import { decodeMessage, encodeMessage, type ComparisonMessage } from './wire.ts'

const bytes = () => fc.uint8Array({ minLength: 32, maxLength: 32 }).map((value) => new Uint8Array(value))
const claims = fc.array(fc.tuple(bytes().map(toHex), bytes()), { maxLength: 8 }).map((pairs) => new Map(pairs))
const attempt = fc.nat(0xffff_ffff)
const message: fc.Arbitrary<ComparisonMessage> = fc.oneof(
  fc.record({ kind: fc.constant('commit' as const), round: bytes(), attempt, commitment: bytes() }),
  fc.record({
    kind: fc.constant('reveal' as const),
    round: bytes(),
    attempt,
    reveal: fc.record({ nonce: bytes(), claims }),
  }),
)

it('messages survive the round trip', () => {
  fc.assert(
    fc.property(message, (one) => {
      expect(decodeMessage(encodeMessage(one))).toEqual(one)
      expect(encodeMessage(decodeMessage(encodeMessage(one)))).toEqual(encodeMessage(one))
    }),
  )
})

it('garbage, cut and altered messages are a CodecError at most, and have one form', () => {
  const altered = fc.tuple(message, fc.nat(), fc.nat(255), fc.nat(40)).map(([one, at, value, cut]) => {
    const encoded = encodeMessage(one)
    encoded[at % encoded.length] = value
    return encoded.subarray(0, cut < 20 ? encoded.length : encoded.length - cut)
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), altered), (garbage) => {
      try {
        expect(toHex(encodeMessage(decodeMessage(garbage)))).toBe(toHex(garbage))
      } catch (error) {
        if (!(error instanceof CodecError)) throw error
      }
    }),
  )
})
