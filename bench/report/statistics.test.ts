import { describe, expect, it } from 'vitest'
import { median, percentile, summarise } from './statistics.ts'

describe('percentile', () => {
  it('is linear between neighbours and does not mind the order', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(percentile([10, 0], 0.25)).toBe(2.5)
    expect(percentile([5, 7, 6], 1)).toBe(7)
  })

  it('has nothing to say of no values', () => {
    expect(median([])).toBeNaN()
    expect(summarise([])).toBeUndefined()
  })

  it('leaves the caller’s values alone', () => {
    const values = [2, 1]
    expect(summarise(values)).toEqual({ median: 1.5, min: 1, max: 2, count: 2 })
    expect(values).toEqual([2, 1])
  })
})
