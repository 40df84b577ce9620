import { expect, test } from 'vitest'
import { fakeParticipant } from '../../../session/testing/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { DeedKey } from '../pending-deeds.ts'
import { mayManage, newsOf, trustIn, type Standing } from './trust.ts'

const stranger: Standing = { shown: undefined, compared: false, differs: false }
const change = { addedDevices: [], removedDevices: [], replacesIdentity: false, safetyNumber: '' }

test.each([
  ['somebody who shows nothing', stranger, 'none'],
  ['somebody who shows an unknown identity', { ...stranger, shown: { kind: 'unknown' } }, 'none'],
  ['somebody compared with', { ...stranger, compared: true }, 'sure'],
  ['a contact', { ...stranger, shown: { kind: 'contact', petname: 'Grace', verified: false } }, 'known'],
  ['a verified contact', { ...stranger, shown: { kind: 'contact', petname: 'Grace', verified: true } }, 'sure'],
  ['a contact with other keys', { ...stranger, shown: { kind: 'changed', petname: 'Grace', change } }, 'alarm'],
  [
    'a contact with other keys, compared',
    { shown: { kind: 'changed', petname: 'Grace', change }, compared: true, differs: false },
    'alarm',
  ],
  ['a false identity', { ...stranger, shown: { kind: 'invalid' }, compared: true }, 'alarm'],
  [
    'a verified contact in another room',
    { shown: { kind: 'contact', petname: 'Grace', verified: true }, compared: false, differs: true },
    'alarm',
  ],
] as const)('%s', (_who, standing: Standing, level) => {
  expect(trustIn(standing).level).toBe(level)
})

test('a contact has the name that this user gave it', () => {
  const { words } = trustIn({ ...stranger, shown: { kind: 'contact', petname: 'Aunt Grace', verified: true } })
  expect(words).toContain('Aunt Grace')
})

test('what is under way is said before what is so', () => {
  const grace = fakeParticipant('Grace', { mutedForAll: true })
  expect(newsOf(grace, new Set())).toBe(roomText.mutedForAll)
  expect(newsOf(grace, new Set<DeedKey>([`mute ${grace.peerId}`]))).toBe(roomText.news.allowing)
  expect(newsOf(grace, new Set<DeedKey>([`kick ${grace.peerId}`, `mute ${grace.peerId}`]))).toBe(roomText.news.removing)
  expect(newsOf(grace, new Set<DeedKey>(['kick another']))).toBe(roomText.mutedForAll)
})

test('who asks to speak is seen to, muted or not', () => {
  expect(newsOf(fakeParticipant('Grace', { handRaised: true }), new Set())).toBe(roomText.handRaised('Grace'))
  expect(newsOf(fakeParticipant('Grace', { handRaised: true, mutedForAll: true }), new Set())).toBe(
    roomText.news.mutedAndAsks,
  )
  expect(newsOf(fakeParticipant('Grace'), new Set())).toBeUndefined()
})

test('a co-host manages members only, a member nobody', () => {
  expect(mayManage('host', 'cohost')).toBe(true)
  expect(mayManage('cohost', 'member')).toBe(true)
  expect(mayManage('cohost', 'cohost')).toBe(false)
  expect(mayManage('cohost', 'host')).toBe(false)
  expect(mayManage('member', 'member')).toBe(false)
})
