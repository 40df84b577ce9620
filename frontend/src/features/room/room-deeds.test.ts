import { expect, test } from 'vitest'
import type { PeerId } from '@p2pigeon/core'
import { FakeFault, fakeParticipant, FakeRoom } from '../../session/testing/index.ts'
import { faultText } from '../../text/index.ts'
import { roomText } from '../../text/room/index.ts'
import { overdueMs } from './pending-deeds.ts'
import { RoomDeeds, type DeedPorts } from './room-deeds.ts'

function setUp(part: Partial<DeedPorts> = {}) {
  const room = new FakeRoom('room', 'code')
  const said: string[] = []
  const toasts: string[] = []
  const shownLinks: string[] = []
  const clock = { ms: 0 }
  const deeds = new RoomDeeds({
    room,
    linkOf: (code) => `https://node.example/#/r/${code}`,
    copy: () => Promise.resolve(),
    showLink: (link) => shownLinks.push(link),
    announce: (words) => said.push(words),
    toast: (words) => toasts.push(words),
    now: () => clock.ms,
    ...part,
  })
  room.subscribe(() => deeds.look())
  return { room, deeds, said, toasts, shownLinks, clock }
}

const grace = fakeParticipant('Grace')
const eve = { peerId: 'peer-Eve' as PeerId, name: 'Eve', sinceMs: 0 }

test('what the host decides takes effect in the room, and nothing stays under way', () => {
  const { deeds, room } = setUp()
  room.paint({ participants: [grace], knocks: [eve] })
  deeds.muteForAll(grace, true)
  expect(room.view().participants[0]?.mutedForAll).toBe(true)
  deeds.muteForAll(grace, false)
  expect(room.view().participants[0]?.mutedForAll).toBe(false)
  deeds.setFileRight(grace, 'reader')
  expect(room.view().participants[0]?.fileRight).toBe('reader')
  deeds.setCohost(grace, true)
  expect(room.view().participants[0]?.role).toBe('cohost')
  deeds.admit(eve)
  expect(room.view().participants.map(({ name }) => name)).toEqual(['Grace', 'Eve'])
  deeds.kick(grace, true)
  expect(room.kicked).toEqual([{ peerId: grace.peerId, ban: true }])
  deeds.setEntry('locked')
  deeds.renewLink()
  expect(room.view()).toMatchObject({ entry: 'locked', epoch: 2 })
  deeds.endForAll()
  expect(room.view().state.kind).toBe('ended')
  expect(deeds.pending.get().size).toBe(0)
})

test('whoever is let in or turned away is announced, for the card is gone without a word', () => {
  const { deeds, room, said } = setUp()
  room.paint({ knocks: [eve] })
  deeds.deny(eve)
  expect(room.view().knocks).toEqual([])
  room.paint({ knocks: [eve] })
  deeds.admit(eve)
  expect(said).toEqual([roomText.announce.turnedAway('Eve'), roomText.announce.letIn('Eve')])
})

test('a decision shows as under way until the room shows it', () => {
  const { deeds, room } = setUp()
  room.paint({ participants: [grace] })
  room.muteForAll = () => undefined
  deeds.muteForAll(grace, true)
  expect(deeds.pending.get()).toEqual(new Set([`mute ${grace.peerId}`]))
  room.paint({ participants: [{ ...grace, mutedForAll: true }] })
  expect(deeds.pending.get().size).toBe(0)
})

test('nothing is under way about somebody who has gone', () => {
  const { deeds, room } = setUp()
  room.paint({ participants: [grace] })
  room.setCohost = () => undefined
  deeds.setCohost(grace, true)
  room.paint({ participants: [] })
  expect(deeds.pending.get().size).toBe(0)
})

test('of two choices of who may come in, the later one is under way', () => {
  const { deeds, room } = setUp()
  room.setEntry = () => undefined
  deeds.setEntry('locked')
  deeds.setEntry('knock')
  expect(deeds.pending.get()).toEqual(new Set(['entry knock']))
})

test('what does not take effect is said', () => {
  const { deeds, room, toasts, clock } = setUp()
  room.renewLink = () => undefined
  deeds.renewLink()
  clock.ms = overdueMs
  deeds.look()
  expect(toasts).toEqual([roomText.notDone])
  expect(deeds.pending.get().size).toBe(0)
})

test('what the room refuses is said, and is not under way', async () => {
  const { deeds, room, toasts } = setUp()
  room.setEntry = () => {
    throw new FakeFault('not-host')
  }
  room.createInvite = () => Promise.reject(new FakeFault('not-host'))
  deeds.setEntry('locked')
  expect(toasts).toEqual([faultText('not-host').title])
  expect(deeds.pending.get().size).toBe(0)
  expect(await deeds.createInvite({ maxUses: 1, expiresAtMs: 1 })).toBe(false)
  expect(toasts.at(-1)).toBe(roomText.invite.fault)
})

test('an invite is copied, or shown where the clipboard takes nothing', async () => {
  const copied: string[] = []
  const { deeds, room, toasts } = setUp({
    copy: (words) => {
      copied.push(words)
      return Promise.resolve()
    },
  })
  const terms = { maxUses: 1, expiresAtMs: 1 }
  expect(await deeds.createInvite(terms)).toBe(true)
  expect(room.invites).toEqual([terms])
  expect(copied).toEqual(['https://node.example/#/r/code-invite'])
  expect(toasts.at(-1)).toBe(roomText.invite.copied)

  const blocked = setUp({ copy: () => Promise.reject(new FakeFault('denied')) })
  await blocked.deeds.createInvite(terms)
  expect(blocked.shownLinks).toEqual(['https://node.example/#/r/code-invite'])
})
