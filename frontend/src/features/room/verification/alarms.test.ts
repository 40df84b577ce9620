import { expect, test } from 'vitest'
import type { PeerId } from '@p2pigeon/core'
import { fakeParticipant, FakeRoom } from '../../../session/testing/index.ts'
import { roomText } from '../../../text/room/index.ts'
import { alarmsOf } from './alarms.ts'
import { noMarks } from './marks.ts'

const grace = fakeParticipant('Grace')
const base = { ...new FakeRoom('r', 'c').view(), participants: [grace] }
const nobody = new Map<PeerId, never>()

test('a calm room has no alarms', () => {
  expect(alarmsOf(base, noMarks, nobody)).toEqual([])
})

test('a host who signed two histories comes before all else', () => {
  const alarms = alarmsOf(
    {
      ...base,
      comparison: { kind: 'differs', with: [grace.peerId] },
      alarms: [{ kind: 'equivocation', by: 'peer-gone' as PeerId, byHost: true }, { kind: 'history-missing' }],
    },
    noMarks,
    nobody,
  )
  expect(alarms.map(({ title }) => title)).toEqual([
    roomText.alarms.equivocationHost,
    roomText.alarms.historyTitle,
    roomText.verify.differsTitle,
  ])
  expect(alarms[2]?.body).toContain('Grace')
})

test('a co-host who signed two histories is named while they are here', () => {
  const by = (peerId: PeerId) =>
    alarmsOf({ ...base, alarms: [{ kind: 'equivocation', by: peerId, byHost: false }] }, noMarks, nobody)[0]?.title
  expect(by(grace.peerId)).toBe(roomText.alarms.equivocationOther('Grace'))
  expect(by('peer-gone' as PeerId)).toBe(roomText.alarms.equivocationOther(roomText.somebody))
})

test('a contact kept apart is an alarm under the name that this user gave it', () => {
  const change = { addedDevices: [], removedDevices: [], replacesIdentity: false, safetyNumber: '' }
  const held = [{ peerId: grace.peerId, name: 'Grace' }]
  const [alarm] = alarmsOf(
    { ...base, participants: [], held },
    noMarks,
    new Map([[grace.peerId, { kind: 'changed', petname: 'Aunt Grace', change } as const]]),
  )
  expect(alarm).toMatchObject({ title: roomText.held.changed('Aunt Grace'), look: 'people' })
})

test('an alarm about somebody else is another alarm', () => {
  const keyOf = (peerId: PeerId) =>
    alarmsOf({ ...base, comparison: { kind: 'differs', with: [peerId] } }, noMarks, nobody)[0]?.key
  expect(keyOf(grace.peerId)).not.toBe(keyOf('peer-other' as PeerId))
})
