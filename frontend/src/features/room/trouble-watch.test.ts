import { expect, test } from 'vitest'
import { fakeParticipant } from '../../session/testing/index.ts'
import { troubleAfterMs, TroubleWatch } from './trouble-watch.ts'

const ada = fakeParticipant('Ada', { connection: { kind: 'connecting' } })
const back = fakeParticipant('Ada')
const ben = fakeParticipant('Ben', { connection: { kind: 'reconnecting', sinceMs: 0, attempt: 1 } })

test('somebody who cannot be reached is worth a word after a while, not before', () => {
  const watch = new TroubleWatch()
  expect(watch.update([ada, fakeParticipant('Cleo')], 0)).toEqual([])
  expect(watch.update([ada], troubleAfterMs - 1)).toEqual([])
  const trouble = watch.update([ada], troubleAfterMs)
  expect(trouble).toEqual([ada])
  expect(watch.update([{ ...ada }], troubleAfterMs + 200)).toBe(trouble)
})

test('each has a time of their own, which begins anew after a connection and after they left', () => {
  const watch = new TroubleWatch()
  watch.update([ada], 0)
  watch.update([ada, ben], 5_000)
  expect(watch.update([ada, ben], troubleAfterMs)).toEqual([ada])
  expect(watch.update([back, ben], 12_000)).toEqual([])
  expect(watch.update([ada, ben], 16_000)).toEqual([ben])
  expect(watch.update([ada], 21_000)).toEqual([])
  expect(watch.update([ada], 26_000)).toEqual([ada])
})
