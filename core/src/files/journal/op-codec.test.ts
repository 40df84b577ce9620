import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyOp, folder, put } from '../../../test/files/authors.ts'
import { encodeOps as reference } from '../../../test/files/reference.ts'
import { toHex } from '../../bytes/index.ts'
import { maxBatchBytes, maxMediaTypeBytes, maxObjectBytes, maxWrittenNameBytes } from '../limits.ts'
import { decodeOps, encodeOps } from './op-codec.ts'
import type { Op } from './op.ts'

const codec = (code: string): unknown => expect.objectContaining({ name: 'CodecError', code })
const usage = (code: string): unknown => expect.objectContaining({ name: 'UsageError', code })

describe('ops', () => {
  it('are what the page describes, and are read back', () => {
    fc.assert(
      fc.property(fc.array(anyOp, { maxLength: 20 }), (ops) => {
        const bytes = encodeOps(ops)
        expect(toHex(bytes)).toBe(reference(ops).toString('hex'))
        expect(decodeOps(bytes)).toEqual(ops)
      }),
    )
  })

  it('of any foreign bytes are refused by a CodecError, or are what they are written as', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          expect(encodeOps(decodeOps(bytes))).toEqual(new Uint8Array(bytes))
        } catch (error) {
          expect(error).toMatchObject({ name: 'CodecError' })
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('cut at any place, or with anything after them, are refused', () => {
    const whole = encodeOps([put, folder(1), { kind: 'restore', clock: 2, node: put.node, object: put.object }])
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeOps(whole.subarray(0, length)), `${length}`).toThrow(codec('truncated'))
    }
    expect(() => decodeOps(Uint8Array.of(...whole, 0))).toThrow(codec('trailing'))
  })

  it('that say there are more of them than there are cost nothing', () => {
    expect(() => decodeOps(Uint8Array.of(0xff, 0xff))).toThrow(codec('truncated'))
    expect(() => decodeOps(new Uint8Array(maxBatchBytes + 1))).toThrow(codec('too-long'))
  })
})

/** One put, in which some bytes are others. */
function changed(change: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = encodeOps([{ ...put, name: '', replaces: undefined, mediaType: '' }])
  change(bytes)
  return bytes
}
/** count 2 | kind 1 | clock 6 | node 16 | parent 16 | name 2 | replaces 1 | object 16 | size 8 */
const at = { kind: 2, name: 41, replaces: 43, size: 60 }

describe('an op that nobody would write is refused', () => {
  it.each([0, 7, 255])('of kind %i', (kind) => {
    expect(() => decodeOps(changed((bytes) => (bytes[at.kind] = kind)))).toThrow(codec('bad-value'))
  })

  it('H3: of a file that is said to be larger than any, or than a number holds', () => {
    const sized = (size: bigint) =>
      changed((bytes) => {
        new DataView(bytes.buffer).setBigUint64(at.size, size)
      })
    expect(decodeOps(sized(BigInt(maxObjectBytes)))).toMatchObject([{ sizeBytes: maxObjectBytes }])
    expect(() => decodeOps(sized(BigInt(maxObjectBytes) + 1n))).toThrow(codec('too-long'))
    expect(() => decodeOps(sized(2n ** 40n))).toThrow(codec('too-long'))
    expect(() => decodeOps(sized(2n ** 64n - 1n))).toThrow(codec('bad-value'))
  })

  it('with a flag that is neither yes nor no', () => {
    expect(() => decodeOps(changed((bytes) => (bytes[at.replaces] = 2)))).toThrow(codec('bad-value'))
  })

  it('H2: with a name of 4 kB, or one that is no UTF-8', () => {
    const named = (name: Uint8Array) => {
      const [before, after] = [changed(() => undefined).subarray(0, at.name), changed(() => undefined).subarray(43)]
      return Uint8Array.of(...before, name.length >> 8, name.length & 0xff, ...name, ...after)
    }
    expect(decodeOps(named(new Uint8Array(maxWrittenNameBytes).fill(97)))).toHaveLength(1)
    expect(() => decodeOps(named(new Uint8Array(maxWrittenNameBytes + 1).fill(97)))).toThrow(codec('too-long'))
    expect(() => decodeOps(named(new Uint8Array(4_096).fill(97)))).toThrow(codec('too-long'))
    expect(() => decodeOps(named(Uint8Array.of(0xff, 0xfe)))).toThrow(codec('bad-utf8'))
  })
})

describe('an op that nobody could read is not written', () => {
  const bad: readonly (readonly [string, Op, string])[] = [
    ['a name that is too long', { ...put, name: 'é'.repeat(maxWrittenNameBytes / 2 + 1) }, 'too-long'],
    ['a name of a folder that is too long', folder(1, 'a'.repeat(maxWrittenNameBytes + 1)), 'too-long'],
    ['a media type that is too long', { ...put, mediaType: 'a'.repeat(maxMediaTypeBytes + 1) }, 'too-long'],
    ['a file that is too large', { ...put, sizeBytes: maxObjectBytes + 1 }, 'too-long'],
    ['a time before 1970', { ...put, modifiedAtMs: -1 }, 'bad-value'],
    ['a clock beyond u48', folder(2 ** 48), 'bad-value'],
  ]

  it.each(bad)('%s', (_, op, code) => {
    expect(() => encodeOps([op])).toThrow(usage(code))
  })
})
