import { expect, test } from 'vitest'
import { text } from '../../text/index.ts'
import { fakeParticipant, FakeRoom } from '../../session/testing/index.ts'
import { changesToAnnounce, isLost } from './announcements.ts'

const base = new FakeRoom('r', 'c').view()
const grace = fakeParticipant('Grace')
const reconnecting = { ...grace, connection: { kind: 'reconnecting' as const, sinceMs: 0, attempt: 1 } }

test('reconnecting and the way back are said', () => {
  const before = { ...base, participants: [grace] }
  const away = { ...base, participants: [reconnecting] }
  expect(changesToAnnounce(before, away)).toEqual([text.announce.reconnecting('Grace')])
  expect(changesToAnnounce(away, before)).toEqual([text.announce.connectedAgain('Grace')])
})

test('nothing is said when nothing changed', () => {
  expect(changesToAnnounce({ ...base, participants: [grace] }, { ...base, participants: [grace] })).toEqual([])
})

test('a lost node and its return are said once each', () => {
  const waiting = { ...base, carrier: { kind: 'waiting' as const, attempt: 1, retryInMs: 500 } }
  const retrying = { ...base, carrier: { kind: 'connecting' as const, attempt: 2 } }
  expect(changesToAnnounce(base, waiting)).toEqual([text.announce.nodeLost])
  expect(changesToAnnounce(waiting, retrying)).toEqual([])
  expect(changesToAnnounce(retrying, base)).toEqual([text.announce.nodeBack])
})

test('the first connecting is no loss', () => {
  expect(isLost({ ...base, carrier: { kind: 'connecting', attempt: 1 } })).toBe(false)
})

test('a shared screen is said', () => {
  const sharing = { ...grace, media: { ...grace.media, screen: 'on' as const } }
  const [off, on] = [
    { ...base, participants: [grace] },
    { ...base, participants: [sharing] },
  ]
  expect(changesToAnnounce(off, on)).toEqual([text.announce.screenStarted('Grace')])
  expect(changesToAnnounce(on, off)).toEqual([text.announce.screenStopped('Grace')])
})
