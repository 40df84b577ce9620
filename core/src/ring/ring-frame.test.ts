import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { maxCallerNameLength, maxLinkCodeBytes } from './limits.ts'
import { cancelReasons, cleanCallerName, decodeRingFrame, encodeRingFrame, type RingFrame } from './ring-frame.ts'

const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
const linkCode = fc
  .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: maxLinkCodeBytes })
  .map((characters) => characters.join(''))
const name = fc.string({ unit: 'grapheme', maxLength: 80 }).map(cleanCallerName)

const frames: fc.Arbitrary<RingFrame> = fc.oneof(
  fc.record({ kind: fc.constant('ring' as const), video: fc.boolean(), name }),
  fc.constantFrom(...(['ringing', 'noted', 'busy', 'accept', 'decline'] as const)).map((kind) => ({ kind })),
  fc.record({ kind: fc.constant('invitation' as const), linkCode }),
  fc.record({ kind: fc.constant('cancel' as const), reason: fc.constantFrom(...cancelReasons) }),
)

describe('ring frames', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        expect(decodeRingFrame(encodeRingFrame(frame))).toEqual(frame)
      }),
    )
  })

  it('arbitrary bytes give a frame or a CodecError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        try {
          decodeRingFrame(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('no frame may be cut short or go on', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const bytes = encodeRingFrame(frame)
        expect(() => decodeRingFrame(bytes.subarray(0, -1))).toThrow(CodecError)
        expect(() => decodeRingFrame(Uint8Array.of(...bytes, 0))).toThrow(CodecError)
      }),
    )
  })

  it.each([
    ['an address', 'https://evil.example/#/r/abc'],
    ['nothing', ''],
    ['white space', 'abc def'],
    ['more than a code', 'a'.repeat(maxLinkCodeBytes + 1)],
  ])('an invitation holds a bare link code, never %s', (_, text) => {
    expect(() => decodeRingFrame(new Writer().u8(6).text16(text).finish())).toThrow(CodecError)
  })

  it.each([
    ['a video flag of 2', new Writer().u8(1).u8(2).text16('Ada').finish()],
    ['an unknown reason', new Writer().u8(8).u8(cancelReasons.length).finish()],
    ['an unknown kind', Uint8Array.of(10)],
    ['a name above 256 bytes', new Writer().u8(1).u8(0).text16('a'.repeat(257)).finish()],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeRingFrame(bytes)).toThrow(CodecError)
  })

  it('a name comes out in one visible line, whoever wrote it', () => {
    const hostile = new Writer().u8(1).u8(0).text16('\u202eAda\n\u200b  Lovelace ').finish()
    expect(decodeRingFrame(hostile)).toEqual({ kind: 'ring', video: false, name: 'Ada Lovelace' })
    const long = decodeRingFrame(encodeRingFrame({ kind: 'ring', video: true, name: '😀'.repeat(100) }))
    expect(long).toEqual({ kind: 'ring', video: true, name: '😀'.repeat(maxCallerNameLength) })
  })
})
