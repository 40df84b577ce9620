import { afterEach, beforeEach, expect, it } from 'vitest'
import { decodeControl } from '../../src/room/control.ts'
import { connectedNames, seen, village, type Village } from '../scenario/headless-people.ts'
import { endOf, HostilePerson } from '../scenario/hostile-person.ts'

let place: Village
let mallory: HostilePerson

beforeEach(async () => {
  place = await village()
  mallory = new HostilePerson(place.bootstrap, { name: 'Mallory' })
})
afterEach(async () => {
  mallory.scope.end()
  await place.close()
})

it('E7: a removed member neither hears on nor learns the next secret by way of a second identity that the host has not met', async () => {
  const [ada, ben, eve] = await Promise.all([place.person('Ada'), place.person('Ben'), place.person('Eve')])
  const link = await ada.manager.createRoomLink({ privacy: 'lan' })
  const adasRoom = await ada.join(link)
  const bensRoom = await ben.join(link)
  const evesRoom = await eve.join(link)
  for (const room of [adasRoom, bensRoom, evesRoom]) await seen(room, (view) => connectedNames(view).length === 2)
  const others = [adasRoom, evesRoom].map((room) => room.view().self.peerId)
  const session = await mallory.open(link, others)
  const told: string[] = []
  session.on('controlReceived', (bytes) => told.push(decodeControl(bytes).kind))
  await seen(bensRoom, (view) => connectedNames(view).includes('Mallory'))
  expect(connectedNames(adasRoom.view())).not.toContain('Mallory')

  const ended = endOf(session)
  await ada.manager.kickParticipant(evesRoom.view().self.peerId)
  await seen(bensRoom, ({ epoch }) => epoch === 1)
  // Nor does it hear on: whoever the host has not listed is dropped.
  expect(await ended).toBe('refused')
  expect(told).not.toContain('secrets')
}, 60_000)
