import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CodecError } from '../../../errors/index.ts'
import { maxOffered, maxPieceBytes, maxTopics } from './limits.ts'
import { decodeMemberFrame, encodeMemberFrame, maxMemberFrameBytes, type MemberFrame } from './wire.ts'

const bytes = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength }).map((value) => new Uint8Array(value))
const [key, stream] = [bytes(32), bytes(16)]
const kind = <Kind extends MemberFrame['kind']>(name: Kind) => fc.constant(name)

const frame: fc.Arbitrary<MemberFrame> = fc.oneof(
  fc.record({ kind: kind('standing'), topics: fc.array(key, { maxLength: maxTopics }) }),
  fc.record({
    kind: kind('offers'),
    offers: fc.array(fc.record({ topic: key, members: fc.array(key, { maxLength: maxOffered }) }), {
      maxLength: maxTopics,
    }),
  }),
  fc.record({ kind: kind('dial'), stream, topic: key, to: key }),
  fc.record({ kind: kind('incoming'), stream, topic: key }),
  fc.record({ kind: kind('data'), stream, bytes: bytes(1, maxPieceBytes) }),
  fc.record({ kind: kind('credit'), stream, count: fc.integer({ min: 1, max: 0xffff_ffff }) }),
  fc.record({ kind: kind('end'), stream, unreachable: fc.boolean() }),
)

it('survives the way there and back, within the longest frame', () => {
  fc.assert(
    fc.property(frame, (value) => {
      const encoded = encodeMemberFrame(value)
      expect(decodeMemberFrame(encoded)).toEqual(value)
      expect(encoded.length).toBeLessThanOrEqual(maxMemberFrameBytes)
    }),
  )
})

it('refuses everything else with a CodecError', () => {
  const garbage = fc.oneof(
    bytes(0, 200),
    bytes(0, 200).map((rest) => Uint8Array.of(1, ...rest)),
  )
  fc.assert(
    fc.property(garbage, (input) => {
      try {
        expect(encodeMemberFrame(decodeMemberFrame(input))).toEqual(input)
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
      }
    }),
  )
})

it.each<[string, MemberFrame]>([
  ['more topics', { kind: 'standing', topics: Array.from({ length: maxTopics + 1 }, () => new Uint8Array(32)) }],
  [
    'more members',
    {
      kind: 'offers',
      offers: [
        { topic: new Uint8Array(32), members: Array.from({ length: maxOffered + 1 }, () => new Uint8Array(32)) },
      ],
    },
  ],
  ['a longer piece', { kind: 'data', stream: new Uint8Array(16), bytes: new Uint8Array(maxPieceBytes + 1) }],
  ['an empty piece', { kind: 'data', stream: new Uint8Array(16), bytes: new Uint8Array(0) }],
  ['credit for nothing', { kind: 'credit', stream: new Uint8Array(16), count: 0 }],
])('refuses %s than there may be', (_what, value) => {
  expect(() => decodeMemberFrame(encodeMemberFrame(value))).toThrow(CodecError)
})
