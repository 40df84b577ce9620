import { expect, test } from 'vitest'
import type { PeerId } from '@p2pigeon/core'
import type { ShownIdentity } from '../../session/index.ts'
import { FakeFault, FakeIdentities, fakeParticipant, FakeRoom } from '../../session/testing/index.ts'
import { roomText } from '../../text/room/index.ts'
import { IdentityWatch } from './identity-watch.ts'

const grace = fakeParticipant('Grace')
const changed: ShownIdentity = {
  kind: 'changed',
  petname: 'Aunt Grace',
  change: { addedDevices: ['Phone'], removedDevices: [], replacesIdentity: false, safetyNumber: '1'.repeat(60) },
}

function setUp() {
  const room = new FakeRoom('room', 'code', { participants: [grace] })
  const identities = new FakeIdentities()
  const said: string[] = []
  const toasts: string[] = []
  const watch = new IdentityWatch({
    room,
    identities,
    announce: (words) => said.push(words),
    toast: (words) => toasts.push(words),
  })
  const stop = watch.start()
  return { room, identities, watch, said, toasts, stop }
}

const held = (room: FakeRoom): readonly PeerId[] => room.view().held.map(({ peerId }) => peerId)

test('a contact with other keys is kept apart until they are accepted', async () => {
  const { room, identities, watch } = setUp()
  identities.shown.set(new Map([[grace.peerId, changed]]))
  expect(held(room)).toEqual([grace.peerId])
  expect(room.view().participants).toEqual([])
  await watch.accept(grace.peerId)
  expect(identities.accepted).toEqual([grace.peerId])
  expect(held(room)).toEqual([])
})

test('keys that could not be kept leave the contact apart', async () => {
  const { room, identities, watch, toasts } = setUp()
  identities.shown.set(new Map([[grace.peerId, changed]]))
  identities.accept = () => Promise.reject(new FakeFault('storage-full'))
  await watch.accept(grace.peerId)
  expect(held(room)).toEqual([grace.peerId])
  expect(toasts).toEqual([roomText.held.fault])
})

test('whoever was connected with again is not kept apart twice', () => {
  const { room, identities } = setUp()
  identities.shown.set(new Map([[grace.peerId, changed]]))
  room.hold(grace.peerId, false)
  room.paint({ participants: [grace] })
  identities.shown.set(new Map([[grace.peerId, changed]]))
  expect(held(room)).toEqual([])
})

test('contacts, strangers and people who are not here are left alone', () => {
  const { room, identities } = setUp()
  identities.shown.set(
    new Map<PeerId, ShownIdentity>([
      [grace.peerId, { kind: 'contact', petname: 'Grace', verified: true }],
      ['peer-gone' as PeerId, changed],
    ]),
  )
  expect(held(room)).toEqual([])
})

test('the own identity is shown, and no longer', async () => {
  const { room, watch, said } = setUp()
  await watch.togglePresented()
  expect(room.view().self.presentation).toEqual(new Uint8Array([1]))
  await watch.togglePresented()
  expect(room.view().self.presentation).toBeUndefined()
  expect(said).toEqual([roomText.present.shown, roomText.present.hidden])
})

test('an identity that cannot be shown says so', async () => {
  const { room, identities, watch, toasts } = setUp()
  identities.own = () => Promise.resolve(undefined)
  await watch.togglePresented()
  identities.own = () => Promise.reject(new FakeFault('vault-locked'))
  await watch.togglePresented()
  expect(toasts).toEqual([roomText.present.fault, roomText.present.fault])
  expect(room.view().self.presentation).toBeUndefined()
})

test('somebody who shows an unknown identity becomes a contact', async () => {
  const { identities, watch, toasts } = setUp()
  await watch.add(grace.peerId)
  identities.add = () => Promise.reject(new FakeFault('too-many-contacts'))
  await watch.add(grace.peerId)
  expect(toasts).toEqual([roomText.contact.added(`Contact ${grace.peerId}`), roomText.contact.fault])
})

test('nothing is watched after the end', () => {
  const { room, identities, stop } = setUp()
  stop()
  identities.shown.set(new Map([[grace.peerId, changed]]))
  expect(held(room)).toEqual([])
})

test('a page without identities shows nobody and nothing to show', () => {
  const room = new FakeRoom('room', 'code')
  const watch = new IdentityWatch({ room, identities: undefined, announce: () => undefined, toast: () => undefined })
  expect(watch.canPresent).toBe(false)
  expect(watch.shown.get().size).toBe(0)
})
