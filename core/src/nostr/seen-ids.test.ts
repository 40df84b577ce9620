import { expect, it } from 'vitest'
import { SeenIds } from './seen-ids.ts'

it('G4: fifty copies are one', () => {
  const seen = new SeenIds(10)
  expect(Array.from({ length: 50 }, () => seen.add('same')).filter(Boolean)).toHaveLength(1)
})

it('forgets what it has not met for the longest', () => {
  const seen = new SeenIds(2)
  for (const id of ['one', 'two', 'one', 'three']) seen.add(id)
  expect(['one', 'two', 'three'].map((id) => seen.has(id))).toEqual([true, false, true])
  expect(seen.add('two')).toBe(true)
})
