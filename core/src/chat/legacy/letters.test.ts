import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bounded, viewOf, withLetter } from './letters.ts'
import { maxKeptBytes, maxKeptMessages } from './limits.ts'
import type { KeptLetter } from './shelf.ts'

const letter = fc.record({
  id: fc.integer({ min: 0, max: 20 }).map((number) => number.toString(16).padStart(64, '0')),
  own: fc.boolean(),
  content: fc.string(),
  sentAtSeconds: fc.nat(5),
})
const joined = (letters: readonly KeptLetter[]): readonly KeptLetter[] =>
  letters.reduce<readonly KeptLetter[]>(withLetter, [])

it('has each once and in one order, however they come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(letter, { selector: ({ id }) => id }), fc.array(fc.nat(19)), (letters, again) => {
      const repeated = again.flatMap((at) => letters[at] ?? [])
      const there = joined([...letters, ...repeated])
      expect(there).toEqual(joined([...repeated, ...letters.toReversed()]))
      expect(there).toHaveLength(letters.length)
      expect(there.map(({ sentAtSeconds }) => sentAtSeconds)).toEqual(
        there.map(({ sentAtSeconds }) => sentAtSeconds).toSorted((a, b) => a - b),
      )
    }),
  )
})

const many = (count: number, content: string): readonly KeptLetter[] =>
  Array.from({ length: count }, (_, at) => ({ id: String(at), own: false, content, sentAtSeconds: at }))

it('keeps the latest, by number and by size, and knows where the rest ended', () => {
  expect(bounded(many(3, 'x'))).toEqual({ letters: many(3, 'x'), floorSeconds: undefined })
  const { letters, floorSeconds } = bounded(many(maxKeptMessages + 2, 'x'))
  expect(letters).toHaveLength(maxKeptMessages)
  expect(floorSeconds).toBe(1)
  const large = bounded(many(200, 'x'.repeat(16_384))).letters
  expect(large.length).toBeGreaterThan(10)
  expect(JSON.stringify(large).length).toBeLessThan(maxKeptBytes)
  expect(large.at(-1)?.sentAtSeconds).toBe(199)
})

it('shows nothing of what was taken away', () => {
  expect(viewOf([{ id: 'a', own: true, content: '', sentAtSeconds: 1, hidden: true }])).toEqual([])
})
