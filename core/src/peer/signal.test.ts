import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodecError } from '../errors/index.ts'
import { decodeSignal, encodeSignal, maxSdpBytes, maxTracks, type Signal } from './signal.ts'

const mid = fc.string({ maxLength: 5 })
const label = fc.record({ mid, source: fc.constantFrom('microphone', 'camera', 'screen') })
const signal: fc.Arbitrary<Signal> = fc.oneof(
  fc.record({
    kind: fc.constant('description' as const),
    type: fc.constantFrom('offer', 'answer'),
    number: fc.nat(0xffff_ffff),
    sdp: fc.string({ maxLength: 2_000 }),
    tracks: fc.array(label, { maxLength: maxTracks }),
  }),
  fc.record({
    kind: fc.constant('candidate' as const),
    mid,
    candidate: fc.string({ maxLength: 120 }),
    usernameFragment: fc.string({ maxLength: 60 }),
  }),
)

describe('signals', () => {
  it('survive the round trip', () => {
    fc.assert(
      fc.property(signal, (value) => {
        expect(decodeSignal(encodeSignal(value))).toEqual(value)
      }),
    )
  })

  it('meet garbage, cuts and additions with a CodecError at most', () => {
    fc.assert(
      fc.property(signal, fc.uint8Array({ maxLength: 60 }), fc.nat(), (value, noise, where) => {
        const bytes = encodeSignal(value)
        expect(() => decodeSignal(new Uint8Array([...bytes, 1]))).toThrow(CodecError)
        expect(() => decodeSignal(bytes.subarray(0, where % bytes.length))).toThrow(CodecError)
        try {
          decodeSignal(noise)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
    )
  })

  it('refuse a description that is too large', () => {
    const large = encodeSignal({
      kind: 'description',
      type: 'offer',
      number: 1,
      sdp: 'x'.repeat(maxSdpBytes + 1),
      tracks: [],
    })
    expect(() => decodeSignal(large)).toThrow(CodecError)
  })
})
