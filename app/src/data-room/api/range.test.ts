import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRange } from './range.ts'

describe('readRange', () => {
  it.each([
    [undefined, 'whole', 0, 10],
    ['bytes=', 'whole', 0, 10],
    ['bytes=-', 'whole', 0, 10],
    ['items=0-1', 'whole', 0, 10],
    ['bytes=0-1,4-5', 'whole', 0, 10],
    ['bytes=0-0', 'part', 0, 1],
    ['bytes=3-', 'part', 3, 10],
    ['bytes=3-99', 'part', 3, 10],
    ['bytes=-3', 'part', 7, 10],
    ['bytes=-99', 'part', 0, 10],
  ] as const)('%s of 10 bytes is %s %i to %i', (header, kind, start, end) => {
    expect(readRange(header, 10)).toEqual({ kind, range: { start, end } })
  })

  it.each(['bytes=10-', 'bytes=5-4', 'bytes=-0', 'bytes=999999999999999-'])('%s of 10 bytes is none', (header) => {
    expect(readRange(header, 10)).toEqual({ kind: 'wrong' })
  })

  it('never leaves the bytes that there are', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '9'), maxLength: 16 })
    const header = fc.oneof(
      fc.string(),
      fc.tuple(digits, digits).map(([from, to]) => `bytes=${from}-${to}`),
    )
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 2 ** 32 }), (asked, byteLength) => {
        const answer = readRange(asked, byteLength)
        if (answer.kind === 'wrong') return
        const { start, end } = answer.range
        expect(0 <= start && start < end && end <= byteLength).toBe(true)
      }),
    )
  })
})
