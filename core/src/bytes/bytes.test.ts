import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CodecError } from '../errors/index.ts'
import { concat, equal, fromBase64url, fromHex, fromUtf8, toBase64url, toHex, unshared, utf8 } from './index.ts'

const bytes = fc.uint8Array({ maxLength: 100 })

test('concat joins copies in order', () => {
  const first = Uint8Array.of(1, 2)
  const joined = concat(first, new Uint8Array(0), Uint8Array.of(3))
  first[0] = 9
  expect(joined).toEqual(Uint8Array.of(1, 2, 3))
  expect(concat()).toEqual(new Uint8Array(0))
})

test('equal agrees with the bytes, wherever they differ', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (a, at, by) => {
        const b = a.slice()
        expect(equal(a, b)).toBe(true)
        const index = at % b.length
        b[index] = (b[index] ?? 0) ^ by
        expect(equal(a, b)).toBe(false)
        expect(equal(a, a.subarray(1))).toBe(false)
      },
    ),
  )
  expect(equal(new Uint8Array(0), new Uint8Array(0))).toBe(true)
})

test('hex and base64url return what they were given', () => {
  fc.assert(
    fc.property(bytes, (input) => {
      expect(fromHex(toHex(input))).toEqual(input)
      expect(fromHex(toHex(input).toUpperCase())).toEqual(input)
      expect(fromBase64url(toBase64url(input))).toEqual(input)
      expect(toHex(input)).toBe(Buffer.from(input).toString('hex'))
      expect(toBase64url(input)).toBe(Buffer.from(input).toString('base64url'))
    }),
  )
})

test('a text has one byte string or none, and a byte string one text', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'ABYZabyz0189-_+/= \n=é'), maxLength: 12 })
  fc.assert(
    fc.property(letters, (text) => {
      const decoded = attempt(() => fromBase64url(text), 'bad-base64url')
      if (decoded !== undefined) expect(toBase64url(decoded)).toBe(text)
      const digits = attempt(() => fromHex(text), 'bad-hex')
      if (digits !== undefined) expect(toHex(digits)).toBe(text.toLowerCase())
    }),
    { numRuns: 2000 },
  )
})

test.each(['=', 'A', 'AA==', 'AB', 'AAB', 'AA A', 'AA\n', 'A+/A', 'AAAAA', 'ＡＡ'])('base64url refuses %j', (text) => {
  expect(() => fromBase64url(text)).toThrow(expect.objectContaining({ code: 'bad-base64url' }))
})

test.each(['0', 'zz', '0x', '00\n', ' 00', '-1', '０0'])('hex refuses %j', (text) => {
  expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'bad-hex' }))
})

test('UTF-8 returns well-formed text and refuses ill-formed bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(fromUtf8(utf8(text))).toBe(text)
    }),
  )
  fc.assert(
    fc.property(bytes, (input) => {
      const text = attempt(() => fromUtf8(input), 'bad-utf8')
      if (text !== undefined) expect(utf8(text)).toEqual(input)
    }),
  )
  expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa')
  for (const bad of ['c080', 'eda080', 'f4908080', 'ff', 'e28281e2']) {
    expect(() => fromUtf8(fromHex(bad))).toThrow(expect.objectContaining({ code: 'bad-utf8' }))
  }
})

test('shared memory is copied, other memory is not', () => {
  const own = Uint8Array.of(1)
  expect(unshared(own)).toBe(own)
  const shared = new Uint8Array(new SharedArrayBuffer(2))
  shared[1] = 7
  expect(unshared(shared).buffer).toBeInstanceOf(ArrayBuffer)
  expect(unshared(shared)).toEqual(Uint8Array.of(0, 7))
})

function attempt<Value>(decode: () => Value, code: string): Value | undefined {
  try {
    return decode()
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
    expect(error).toHaveProperty('code', code)
    return undefined
  }
}
