import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/index.ts'
import { connectedNames, seen, village, type Village } from './headless-people.ts'

describe('a room of headless peers over a real DHT', { timeout: 60_000 }, () => {
  let place: Village

  beforeEach(async () => {
    place = await village()
  })
  afterEach(async () => {
    await place.close()
  })

  it('two meet by a link, write to each other, one leaves and comes back', async () => {
    const ada = await place.person('Ada')
    const ben = await place.person('Ben')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const adasRoom = await ada.join(link)
    let bensRoom = await ben.join(link)
    await seen(adasRoom, (view) => connectedNames(view).includes('Ben'))
    const bensView = await seen(bensRoom, (view) => connectedNames(view).includes('Ada'))
    expect(bensView.participants[0]?.isHost).toBe(true)
    expect(bensView.self.isHost).toBe(false)

    await ada.manager.sendMessage(adasRoom.roomId, 'Hello Ben')
    await ben.manager.sendMessage(bensRoom.roomId, 'Hello Ada')
    const view = await seen(
      adasRoom,
      ({ messages }) => messages.length === 2 && messages.every(({ delivery }) => delivery.kind !== 'sending'),
    )
    expect(view.messages.map(({ content }) => content).sort()).toEqual(['Hello Ada', 'Hello Ben'])

    const left = new Promise((resolve) => {
      ada.manager.on('onPeerDisconnect', ({ peer, reason }) => {
        resolve([peer.name, reason])
      })
    })
    await ben.manager.leaveRoom(bensRoom.roomId)
    expect(await left).toEqual(['Ben', 'left'])
    expect(bensRoom.view().state.kind).toBe('left')

    bensRoom = await ben.join(link)
    await seen(adasRoom, (now) => connectedNames(now).includes('Ben'))
    await seen(bensRoom, (now) => connectedNames(now).includes('Ada'))
  })

  it('the host removes somebody from everyone, and the same identity stays out', async () => {
    const [ada, ben, cat] = await Promise.all(['Ada', 'Ben', 'Cat'].map((name) => place.person(name)))
    if (ada === undefined || ben === undefined || cat === undefined) throw new Error('people are missing')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const rooms = await Promise.all([ada, ben, cat].map((person) => person.join(link)))
    const [adasRoom, bensRoom, catsRoom] = rooms
    if (adasRoom === undefined || bensRoom === undefined || catsRoom === undefined) throw new Error('rooms are missing')
    await Promise.all(rooms.map((room) => seen(room, (view) => connectedNames(view).length === 2)))

    const catsId = catsRoom.view().self.peerId
    await expect(ben.manager.kickParticipant(catsId)).rejects.toMatchObject({ code: 'not-host' })
    await ada.manager.kickParticipant(catsId)
    await seen(catsRoom, ({ state }) => state.kind === 'removed')
    await seen(bensRoom, (view) => connectedNames(view).join() === 'Ada')

    const came: string[] = []
    for (const { manager } of [ada, ben]) manager.on('onPeerConnect', ({ peer }) => came.push(peer.name))
    const again = await cat.join(link)
    await seen(again, ({ state }) => state.kind === 'removed')
    await seen(bensRoom, (view) => connectedNames(view).join() === 'Ada')
    expect(came).toEqual([])
  })

  it('the ninth finds the room full, and gets in when somebody leaves', async () => {
    const people = await Promise.all(Array.from({ length: 8 }, (_, i) => place.person(`P${String(i)}`)))
    const [host] = people
    if (host === undefined) throw new Error('nobody came')
    const link = await host.manager.createRoomLink({ privacy: 'lan' })
    const rooms = await Promise.all(people.map((person) => person.join(link)))
    await Promise.all(rooms.map((room) => seen(room, (view) => connectedNames(view).length === 7)))

    const ninth = await place.person('Ninth')
    const refused = await ninth.join(link)
    await seen(refused, ({ state }) => state.kind === 'full')
    expect(rooms.map((room) => connectedNames(room.view()).length)).toEqual(Array<number>(8).fill(7))

    await people[7]?.manager.leaveRoom(rooms[7]?.roomId ?? '')
    await Promise.all(rooms.slice(0, 7).map((room) => seen(room, (view) => connectedNames(view).length === 6)))
    const admitted = await ninth.join(link)
    await seen(admitted, (view) => connectedNames(view).length === 7)
  })

  it('a link with another secret leads nowhere', async () => {
    const ada = await place.person('Ada')
    const ben = await place.person('Ben')
    const eve = await place.person('Eve')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const adasRoom = await ada.join(link)
    const evesRoom = await eve.join(await eve.manager.createRoomLink({ privacy: 'lan' }))
    await ben.join(link)
    const view = await seen(adasRoom, (now) => connectedNames(now).length > 0)
    expect(connectedNames(view)).toEqual(['Ben'])
    expect(evesRoom.view().participants).toEqual([])
    expect(() => {
      ada.manager.muteParticipant('nobody' as PeerId, true)
    }).toThrow(expect.objectContaining({ code: 'unknown-peer' }) as Error)
  })
})
