import { describe, expect, it } from 'vitest'
import { fakeChatMessage, fakeKey, fakeOwnKey } from '../../session/testing/index.ts'
import { daysBetween, dayLabel, timelineOf } from './timeline.ts'

const noon = new Date(2026, 5, 10, 12).getTime()
const minute = 60_000

describe('the timeline of a conversation', () => {
  const row = (from: string, atMs: number) => fakeChatMessage('Hello', { id: `${from}${atMs}`, from, sentAtMs: atMs })

  it('groups messages of one author within five minutes', () => {
    const rows = timelineOf(
      [row(fakeKey(1), noon), row(fakeKey(1), noon + 4 * minute), row(fakeKey(1), noon + 9 * minute)],
      noon,
    )
    expect(rows.map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ])
  })

  it('starts a group for another author', () => {
    const rows = timelineOf([row(fakeKey(1), noon), row(fakeOwnKey, noon + 1), row(fakeKey(1), noon + 2)], noon)
    expect(rows.every(({ first, last }) => first && last)).toBe(true)
  })

  it('says each day once and breaks groups at midnight', () => {
    const midnight = new Date(2026, 5, 10).getTime()
    const rows = timelineOf(
      [row(fakeKey(1), midnight - minute), row(fakeKey(1), midnight + minute), row(fakeKey(1), midnight + 2 * minute)],
      noon,
    )
    expect(rows.map(({ day }) => day)).toEqual(['Yesterday', 'Today', undefined])
    expect(rows.map(({ first }) => first)).toEqual([true, true, false])
  })

  it('keeps nothing of nothing', () => {
    expect(timelineOf([], noon)).toEqual([])
  })

  it('counts calendar days, not hours', () => {
    expect(daysBetween(new Date(2026, 5, 9, 23, 59).getTime(), new Date(2026, 5, 10, 0, 1).getTime())).toBe(1)
    expect(daysBetween(new Date(2026, 2, 28, 12).getTime(), new Date(2026, 2, 30, 12).getTime())).toBe(2)
    expect(dayLabel(new Date(2025, 0, 2).getTime(), noon)).toContain('2025')
  })
})
