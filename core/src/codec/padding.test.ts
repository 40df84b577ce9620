import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { CodecError } from '../errors/index.ts'
import { pad, padToMultiple, unpad } from './index.ts'

test('unpad returns what was padded', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.constantFrom(1, 32, 256, 1024), (plaintext, minBytes) => {
      const padded = pad(plaintext, minBytes)
      expect(unpad(padded)).toEqual(plaintext)
      expect(padded.length - 4).toBeGreaterThanOrEqual(plaintext.length)
      expect((padded.length - 4) % minBytes).toBe(0)
    }),
  )
})

test.each([
  [0, 256],
  [1, 256],
  [255, 256],
  [256, 256],
  [257, 512],
  [512, 512],
  [513, 768],
  [2048, 2048],
  [2049, 2560],
  [4096, 4096],
  [4097, 5120],
  [65_536, 65_536],
  [65_537, 81_920],
])('%i bytes fill a bucket of %i', (length, bucket) => {
  expect(pad(new Uint8Array(length)).length).toBe(4 + bucket)
})

test('above 2 KiB, padding adds at most an eighth of the next power of two', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2049, max: 200_000 }), (length) => {
      const padded = pad(new Uint8Array(length)).length - 4
      expect(padded - length).toBeLessThan(2 ** Math.ceil(Math.log2(length)) / 8)
    }),
  )
})

test('a limit cuts the last bucket, and refuses what does not fit', () => {
  expect(pad(new Uint8Array(61_440), 256, 65_000).length).toBe(65_000)
  expect(pad(new Uint8Array(64_996), 256, 65_000).length).toBe(65_000)
  expect(unpad(pad(new Uint8Array(64_996).fill(1), 256, 65_000)).length).toBe(64_996)
  expect(() => pad(new Uint8Array(64_997), 256, 65_000)).toThrow(expect.objectContaining({ code: 'too-long' }))
})

test('each flipped bit of the padding or the length is refused or changes what comes out', () => {
  const plaintext = Uint8Array.of(1, 2, 3)
  const padded = pad(plaintext)
  for (let index = 0; index < padded.length; index++) {
    if (index >= 4 && index < 7) continue
    for (let bit = 0; bit < 8; bit++) {
      const changed = padded.slice()
      changed[index] = (changed[index] ?? 0) ^ (1 << bit)
      const outcome = attempt(changed)
      if (index >= 7) expect(outcome).toBeUndefined()
      else expect(outcome).not.toEqual(plaintext)
    }
  }
})

test('garbage throws nothing but CodecError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (garbage) => void attempt(garbage)),
    { numRuns: 1000 },
  )
  expect(attempt(new Uint8Array(3))).toBeUndefined()
  expect(attempt(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0))).toBeUndefined()
  expect(attempt(new Uint8Array(4))).toEqual(new Uint8Array(0))
})

function attempt(padded: Uint8Array): Uint8Array | undefined {
  try {
    return unpad(padded)
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
    expect(error).toHaveProperty('code', 'bad-padding')
    return undefined
  }
}

describe('padToMultiple', () => {
  it('fills whole multiples and gives the plaintext back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.integer({ min: 8, max: 2_000 }), (plaintext, step) => {
        const padded = padToMultiple(plaintext, step)
        expect(padded.length % step).toBe(0)
        expect(padded.length).toBeLessThan(plaintext.length + 4 + step)
        expect(unpad(padded)).toEqual(new Uint8Array(plaintext))
        const used = new Uint8Array(padded.length).fill(7)
        expect(padToMultiple(plaintext, step, used)).toBe(used)
        expect(used).toEqual(padded)
      }),
    )
  })
})
