import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodecError } from '../../../../errors/index.ts'
import { commonMinor, decodeFrame, encodeFrame } from './codec.ts'
import { windowBounds, type Frame, type RefusalCode } from './frames.ts'

const bytesOf = (constraints: fc.IntArrayConstraints) =>
  fc.uint8Array(constraints).map((bytes) => new Uint8Array(bytes))
const id = fc.integer({ min: 1, max: 0xffff_ffff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const key = bytesOf({ minLength: 32, maxLength: 32 })
const network = fc.constantFrom('public' as const, 'local' as const)
const minors = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }))
const windowBytes = fc.integer({ ...windowBounds })
const type = <T extends Frame['type']>(...types: T[]) => fc.constantFrom(...types)

const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: type('hello'), minors, windowBytes }),
  fc.record({
    type: type('welcome'),
    minors,
    network,
    keepaliveMs: fc.integer({ min: 1_000, max: 0xffff_ffff }),
    windowBytes,
    maxDataBytes: fc.integer({ min: 1, max: 0xffff_ffff }),
    maxStreams: u16,
    maxAnnouncements: u16,
    maxLookups: u16,
  }),
  fc.record({ type: type('network'), network }),
  fc.record({ type: type('announce', 'lookup'), id, topic: key }),
  fc.record({ type: type('announced', 'peer', 'connect'), id, publicKey: key }),
  fc.record({ type: type('unannounce', 'done', 'cancel', 'open', 'close', 'ping', 'pong'), id }),
  fc.record({
    type: type('refused'),
    id,
    code: fc.constantFrom<RefusalCode>('refused', 'unreachable', 'limit', 'failed'),
  }),
  fc.record({ type: type('incoming'), id, announceId: id }),
  fc.record({ type: type('data'), id, bytes: bytesOf({ minLength: 1, maxLength: 300 }) }),
  fc.record({ type: type('ack'), id, credit: id }),
  fc.record({ type: type('going-away') }),
)

describe('relay frames', () => {
  it('round trip', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame)
      }),
    )
  })

  it('throw nothing but CodecError on garbage', () => {
    fc.assert(
      fc.property(fc.nat(255), bytesOf({ maxLength: 64 }), (first, rest) => {
        try {
          decodeFrame(Uint8Array.of(first, ...rest))
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('are refused when cut short or, but for the negotiating ones, when longer', () => {
    fc.assert(
      fc.property(frames, fc.nat(1_000), (frame, at) => {
        const whole = encodeFrame(frame)
        if (frame.type === 'data') return
        expect(() => decodeFrame(whole.slice(0, at % whole.length))).toThrow(CodecError)
        const longer = Uint8Array.of(...whole, 0)
        if (frame.type === 'hello' || frame.type === 'welcome') expect(decodeFrame(longer)).toEqual(frame)
        else expect(() => decodeFrame(longer)).toThrow(CodecError)
      }),
    )
  })

  it.each<[string, number[]]>([
    ['empty data', [15, 0, 0, 0, 1]],
    ['an ack of nothing', [16, 0, 0, 0, 1, 0, 0, 0, 0]],
    ['a stream with id 0', [17, 0, 0, 0, 0]],
    ['a hello with an id', [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]],
    ['a range upside down', [1, 0, 0, 0, 0, 2, 1, 0, 1, 0, 0]],
    ['a window above the bound', [1, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0]],
    ['an unknown type', [99, 0, 0, 0, 0]],
    ['nothing', []],
  ])('refuse %s', (_, bytes) => {
    expect(() => decodeFrame(new Uint8Array(bytes))).toThrow(CodecError)
  })

  it('read an unknown refusal as a plain one', () => {
    expect(decodeFrame(Uint8Array.of(13, 0, 0, 0, 7, 200))).toEqual({ type: 'refused', id: 7, code: 'refused' })
  })
})

describe('commonMinor', () => {
  it('is the highest version both speak', () => {
    expect(commonMinor({ min: 0, max: 3 }, { min: 1, max: 2 })).toBe(2)
    expect(commonMinor({ min: 0, max: 1 }, { min: 1, max: 9 })).toBe(1)
    expect(commonMinor({ min: 0, max: 1 }, { min: 2, max: 9 })).toBeUndefined()
  })
})
