import { expect, test } from 'vitest'
import { endsBelow, holdMs, SpeakerTracker, startsAt } from './speaker-tracker.ts'

const at = (level: number): ReadonlyMap<string, number> => new Map([['ada', level]])

test('a voice lights up, and goes out only after the hold', () => {
  const tracker = new SpeakerTracker<string>()
  expect(tracker.update(at(startsAt), 0)).toEqual(new Set(['ada']))
  expect(tracker.update(at(0), holdMs - 1)).toEqual(new Set(['ada']))
  expect(tracker.update(at(0), holdMs)).toEqual(new Set())
})

test('between the thresholds a highlight stays and none starts', () => {
  const between = (startsAt + endsBelow) / 2
  const tracker = new SpeakerTracker<string>()
  expect(tracker.update(at(between), 0).size).toBe(0)
  tracker.update(at(startsAt), 100)
  expect(tracker.update(at(between), 100 + holdMs).has('ada')).toBe(true)
  expect(tracker.update(at(between), 100 + 2 * holdMs - 1).has('ada')).toBe(true)
})

test('whoever is gone is not speaking', () => {
  const tracker = new SpeakerTracker<string>()
  tracker.update(at(1), 0)
  expect(tracker.update(new Map(), 1).size).toBe(0)
})

test('the same speakers are the same object', () => {
  const tracker = new SpeakerTracker<string>()
  const first = tracker.update(at(1), 0)
  expect(tracker.update(at(0.9), 200)).toBe(first)
})
