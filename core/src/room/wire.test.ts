import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodecError } from '../errors/index.ts'
import { decodeChatFrame, encodeChatFrame, type ChatFrame } from './chat/wire.ts'
import { decodeControl, encodeControl, type Control } from './control.ts'
import { decodeHello, encodeHello } from './hello.ts'
import { cleanName } from './name.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value))
const sourceState = fc.constantFrom('none', 'off', 'on')
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })

const hello = fc.record({ instance: bytes(16), joinedAtMs: time, media: fc.boolean(), host: fc.boolean() })
const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({
    kind: fc.constant('presence' as const),
    name: fc.string({ maxLength: 60 }).map(cleanName),
    media: fc.record({ microphone: sourceState, camera: sourceState, screen: fc.constantFrom('off', 'on') }),
  }),
  fc.record({ kind: fc.constant('kick' as const), publicKey: bytes(32) }),
)
const chat: fc.Arbitrary<ChatFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('message' as const),
    seq: fc.nat(0xffff_ffff),
    lamport: time,
    sentAtMs: time,
    content: fc.string({ unit: 'grapheme', maxLength: 500 }),
  }),
  fc.record({ kind: fc.constant('ack' as const), seq: fc.nat(0xffff_ffff) }),
)

function survives<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(encode(value))).toEqual(value)
    }),
  )
}

function refuses(decode: (bytes: Uint8Array) => unknown): void {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
      try {
        decode(garbage)
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
      }
    }),
    { numRuns: 2_000 },
  )
}

describe.each([
  [
    'hello',
    () => {
      survives(hello, encodeHello, decodeHello)
    },
    decodeHello,
  ],
  [
    'control',
    () => {
      survives(control, encodeControl, decodeControl)
    },
    decodeControl,
  ],
  [
    'chat frame',
    () => {
      survives(chat, encodeChatFrame, decodeChatFrame)
    },
    decodeChatFrame,
  ],
] as const)('%s', (_name, roundTrip, decode) => {
  it('survives the round trip', roundTrip)
  it('meets garbage with a CodecError at most', () => {
    refuses(decode)
  })
  it('refuses trailing bytes', () => {
    const long = new Uint8Array([
      ...encodeHello({ instance: new Uint8Array(16), joinedAtMs: 0, media: true, host: false }),
      0,
    ])
    expect(() => decode(long)).toThrow(CodecError)
  })
})

describe('unknown things', () => {
  it('are refused: message kinds, source states, hello versions and flags', () => {
    expect(() => decodeControl(new Uint8Array([9, 0, 0]))).toThrow(CodecError)
    expect(() => decodeChatFrame(new Uint8Array([9, 0, 0, 0, 0]))).toThrow(CodecError)
    expect(() => decodeControl(new Uint8Array([1, 0, 1, 65, 7, 0, 1]))).toThrow(CodecError)
    const good = encodeHello({ instance: new Uint8Array(16), joinedAtMs: 1, media: true, host: true })
    expect(() => decodeHello(good.with(0, 2))).toThrow(CodecError)
    expect(() => decodeHello(good.with(good.length - 1, 4))).toThrow(CodecError)
  })
})
