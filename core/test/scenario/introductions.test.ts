import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Room } from '../../src/index.ts'
import { connectedNames, seen } from './headless-people.ts'
import { splitVillage, type Person, type SplitVillage } from './introduced-people.ts'

/** Resolves when `room` is with exactly these. */
const isWith = (room: Room, ...names: string[]) =>
  seen(room, (view) => [...connectedNames(view)].sort().join() === [...names].sort().join())
const roadOf = (room: Room, name: string) => room.view().participants.find((one) => one.name === name)?.road

describe('people of one room whose roads do not overlap', { timeout: 60_000 }, () => {
  let place: SplitVillage
  let ada: Person
  let ben: Person
  let cleo: Person
  let link: string

  beforeEach(async () => {
    place = await splitVillage()
    ada = await place.person('Ada', 'dht', 'nostr')
    ben = await place.person('Ben', 'dht')
    cleo = await place.person('Cleo', 'nostr')
    link = await ada.manager.createRoomLink({ privacy: 'lan' })
  })
  afterEach(async () => {
    await place.close()
  })

  it('meet by a member who is connected with both, each once, and write to each other', async () => {
    const [adasRoom, bensRoom, cleosRoom] = [await ada.join(link), await ben.join(link), await cleo.join(link)]
    await Promise.all([
      isWith(adasRoom, 'Ben', 'Cleo'),
      isWith(bensRoom, 'Ada', 'Cleo'),
      isWith(cleosRoom, 'Ada', 'Ben'),
    ])
    expect([roadOf(bensRoom, 'Cleo'), roadOf(cleosRoom, 'Ben')]).toEqual(['member', 'member'])
    expect([roadOf(bensRoom, 'Ada'), roadOf(cleosRoom, 'Ada')]).toEqual(['dht', 'nostr'])
    expect([...ben.told, ...cleo.told].sort()).toEqual(['came Ada', 'came Ada', 'came Ben', 'came Cleo'])
    const exposure = await bensRoom.exposure()
    expect(exposure.parties.filter(({ kind }) => kind === 'introducer')).toMatchObject([{ name: 'Ada' }])

    await ben.manager.sendMessage(bensRoom.roomId, 'Hello from the open network')
    await cleo.manager.sendMessage(cleosRoom.roomId, 'Hello from a relay')
    await seen(cleosRoom, ({ messages }) => messages.length === 2)
    await seen(bensRoom, ({ messages }) => messages.length === 2)
    expect([ben.heard, cleo.heard]).toEqual([['Hello from a relay'], ['Hello from the open network']])
  })

  it('stay together when the one who introduced them leaves', async () => {
    const [adasRoom, bensRoom, cleosRoom] = [await ada.join(link), await ben.join(link), await cleo.join(link)]
    await Promise.all([isWith(bensRoom, 'Ada', 'Cleo'), isWith(cleosRoom, 'Ada', 'Ben')])
    await ada.manager.leaveRoom(adasRoom.roomId)
    await Promise.all([isWith(bensRoom, 'Cleo'), isWith(cleosRoom, 'Ben')])
    await ben.manager.sendMessage(bensRoom.roomId, 'Still here')
    await seen(cleosRoom, ({ messages }) => messages.length === 1)
    expect([ben.told, cleo.told].map((told) => told.slice(2))).toEqual([['went Ada'], ['went Ada']])
  })
})
