import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toHex } from '../../src/bytes/index.ts'
import { signEntry } from '../../src/control-log/signing.ts'
import { listed, type Entry, type EntryHash, type Operation } from '../../src/control-log/index.ts'
import type { RoomIdentity } from '../../src/identity/index.ts'
import { deriveRoomKeys, parseRoomLink } from '../../src/link/index.ts'
import { encodeEntries } from '../../src/room/control.ts'
import { connectedNames, disk, seen, village, type Village } from './headless-people.ts'
import { HostilePerson } from './hostile-person.ts'

/** A first entry of the log, whoever signs it. */
async function firstEntry(link: string, identity: RoomIdentity, operation: Operation): Promise<Entry> {
  const parsed = await parseRoomLink(link)
  const { logRoot } = await deriveRoomKeys(parsed)
  const previous = toHex(logRoot) as EntryHash
  return signEntry(identity, parsed.roomId, { seq: 1, previous, parents: [], lamport: 1, timeMs: 0, operation })
}

describe('hostile authority in a room', { timeout: 60_000 }, () => {
  let place: Village
  const hostile: HostilePerson[] = []

  beforeEach(async () => {
    place = await village()
  })
  afterEach(async () => {
    for (const person of hostile.splice(0)) person.scope.end()
    await place.close()
  })

  function evil(...options: ConstructorParameters<typeof HostilePerson>): HostilePerson {
    const person = new HostilePerson(...options)
    hostile.push(person)
    return person
  }

  it('E2: a host that tells two members two histories is found out by both, and its powers end', async () => {
    const seed = new Uint8Array(32).fill(7)
    const maker = await place.person('Mallory', { seed: new Uint8Array(seed) })
    const link = await maker.manager.createRoomLink({ privacy: 'lan' })
    const parsed = await parseRoomLink(link)
    const ada = await place.person('Ada')
    const ben = await place.person('Ben')
    const [adasRoom, bensRoom] = await Promise.all([ada.join(link), ben.join(link)])
    await seen(adasRoom, (view) => connectedNames(view).join() === 'Ben')
    await seen(bensRoom, (view) => connectedNames(view).join() === 'Ada')
    const [adasId, bensId] = [adasRoom.view().self.peerId, bensRoom.view().self.peerId]

    const mallory = evil(place.bootstrap, { seed: new Uint8Array(seed), host: true, name: 'Mallory' })
    const host = await mallory.identityIn(parsed)
    const members = listed([adasId, bensId, host.peerId])
    const [toAda, toBen] = await Promise.all([
      firstEntry(link, host, { kind: 'entry', mode: 'locked', members }),
      firstEntry(link, host, { kind: 'entry', mode: 'open', members }),
    ])
    const withAda = await mallory.open(link, [bensId])
    const withBen = await mallory.open(link, [adasId])
    for (const control of encodeEntries([toAda.bytes])) withAda.sendControl(control)
    for (const control of encodeEntries([toBen.bytes])) withBen.sendControl(control)

    const alarm = { kind: 'equivocation', by: host.peerId, byHost: true }
    const [adasView, bensView] = await Promise.all(
      [adasRoom, bensRoom].map((room) => seen(room, ({ alarms }) => alarms.length > 0)),
    )
    expect(adasView?.alarms).toEqual([alarm])
    expect(bensView?.alarms).toEqual([alarm])
    // Neither history counts.
    expect([adasView?.entry, bensView?.entry]).toEqual(['open', 'open'])
  })

  it('E1: what a member signs as if it had authority changes nothing', async () => {
    const ada = await place.person('Ada')
    const ben = await place.person('Ben')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const [adasRoom, bensRoom] = await Promise.all([ada.join(link), ben.join(link)])
    await seen(bensRoom, (view) => connectedNames(view).join() === 'Ada')
    const eve = evil(place.bootstrap)
    const identity = await eve.identityIn(await parseRoomLink(link))
    const session = await eve.open(link)
    const forged = await Promise.all([
      firstEntry(link, identity, { kind: 'mute', peer: adasRoom.view().self.peerId, muted: true }),
      firstEntry(link, identity, { kind: 'end' }),
    ])
    for (const control of encodeEntries(forged.map(({ bytes }) => bytes))) session.sendControl(control)
    // Something that comes after it on the same way, and shows.
    adasRoom.setEntry('knock')
    await seen(bensRoom, ({ entry }) => entry === 'knock')
    for (const room of [adasRoom, bensRoom]) {
      expect(room.view()).toMatchObject({ alarms: [], state: { kind: 'joined' } })
      expect(room.view().self.mutedForAll).toBe(false)
    }
  })

  it('E2: a newcomer that is shown less than its link promises is told so, until somebody honest comes', async () => {
    const memory = disk()
    const ada = await place.person('Ada', { roomMemory: () => memory })
    const ben = await place.person('Ben')
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const adasRoom = await ada.join(link)
    adasRoom.setEntry('knock')
    await seen(adasRoom, ({ entry }) => entry === 'knock')
    adasRoom.setEntry('open')
    await seen(adasRoom, ({ entry }) => entry === 'open')
    await seen(adasRoom, () => adasRoom.linkCode !== link)
    const later = adasRoom.linkCode
    await ada.manager.leaveRoom(adasRoom.roomId)

    // Eve is the only one there, and says nothing of what was decided.
    const bensRoom = await ben.join(later)
    const eve = evil(place.bootstrap)
    await eve.open(later)
    await seen(bensRoom, (view) => connectedNames(view).join() === 'Eve')
    const alarmed = await seen(bensRoom, ({ alarms }) => alarms.length > 0)
    expect(alarmed.alarms).toEqual([{ kind: 'history-missing' }])

    await ada.join(later)
    await seen(bensRoom, ({ alarms }) => alarms.length === 0)
  })
})
