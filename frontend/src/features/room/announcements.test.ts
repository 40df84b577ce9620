import type { ParticipantView, PeerId } from '@p2pigeon/core'
import { expect, test } from 'vitest'
import { text } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { fakeParticipant, FakeRoom } from '../../session/testing/index.ts'
import { changesToAnnounce, decisionsToShow, isLost, mutedWords } from './announcements.ts'

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

test('what is decided about others is said', () => {
  const words = roomText.announce
  const say = (part: Partial<ParticipantView>) =>
    changesToAnnounce({ ...base, participants: [grace] }, { ...base, participants: [{ ...grace, ...part }] })
  expect(say({ mutedForAll: true })).toEqual([words.mutedOther('Grace')])
  expect(say({ fileRight: 'reader' })).toEqual([words.readerOther('Grace')])
  expect(say({ fileRight: 'owner' })).toEqual([])
  expect(say({ handRaised: true })).toEqual([roomText.handRaised('Grace')])
  expect(say({ role: 'cohost' })).toEqual([words.cohostOther('Grace')])
  const back = changesToAnnounce(
    { ...base, participants: [{ ...grace, role: 'cohost', mutedForAll: true }] },
    { ...base, participants: [grace] },
  )
  expect(back).toEqual([words.allowedOther('Grace'), words.cohostOtherNoMore('Grace')])
})

test('a knock is said once', () => {
  const knocks = [{ peerId: 'eve' as PeerId, name: 'Eve', sinceMs: 0 }]
  const after = { ...base, knocks }
  expect(changesToAnnounce(base, after)).toEqual([roomText.knock.one('Eve')])
  expect(changesToAnnounce(after, { ...after, knocks: [...knocks] })).toEqual([])
})

test('waiting to be let in is said', () => {
  const joining = { ...base, state: { kind: 'joining' as const } }
  const knocking = { ...base, state: { kind: 'knocking' as const } }
  expect(changesToAnnounce(joining, knocking)).toEqual([roomText.announce.knocking])
  expect(changesToAnnounce(knocking, base)).toEqual([text.announce.inRoom])
})

test('who may come in is shown to everybody when it changes', () => {
  for (const entry of ['knock', 'locked'] as const) {
    expect(decisionsToShow(base, { ...base, entry })).toEqual([roomText.announce.entry[entry]])
  }
  expect(decisionsToShow(base, base)).toEqual([])
})

test('who was muted is told by whom only as far as it is certain', () => {
  expect(mutedWords({ ...base, participants: [grace] })).toBe(roomText.self.mutedBy)
  expect(mutedWords({ ...base, participants: [{ ...grace, role: 'cohost' }] })).toBe(roomText.self.mutedByEither)
})

test('who loses the right to edit files, and who gets it back, is told', () => {
  const words = roomText.announce
  const reader = { ...base, self: { ...base.self, fileRight: 'reader' as const } }
  const editor = { ...base, self: { ...base.self, fileRight: 'editor' as const } }
  expect(decisionsToShow(editor, reader)).toEqual([words.readerYou])
  expect(decisionsToShow(reader, editor)).toEqual([words.editorYou])
  expect(decisionsToShow(editor, base)).toEqual([])
})
