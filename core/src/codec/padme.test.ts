import fc from 'fast-check'
import { expect, it } from 'vitest'
import { padmeLength, padmeRoom } from './padme.ts'

it.each([
  [0, 256],
  [256, 256],
  [257, 272],
  [1_000, 1_024],
  [1_025, 1_088],
  [1_000_000, 1_015_808],
])('%i bytes become %i', (length, padded) => {
  expect(padmeLength(length)).toBe(padded)
})

it('never shortens, adds at most 12 %, is padded already when it is padded, and grows with the length', () => {
  fc.assert(
    fc.property(fc.integer({ min: 257, max: 2 ** 32 }), fc.integer({ min: 0, max: 10_000 }), (length, more) => {
      const padded = padmeLength(length)
      expect(padded).toBeGreaterThanOrEqual(length)
      expect(padded).toBeLessThanOrEqual(length * 1.12)
      expect(padmeLength(padded)).toBe(padded)
      expect(padmeLength(length + more)).toBeGreaterThanOrEqual(padded)
    }),
  )
})

it('the room for a bound fits, and one byte more does not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 256, max: 2 ** 32 }), (most) => {
      const room = padmeRoom(most)
      expect(padmeLength(room)).toBeLessThanOrEqual(most)
      expect(padmeLength(room + 1)).toBeGreaterThan(most)
    }),
  )
  expect(padmeRoom(255)).toBe(0)
})
