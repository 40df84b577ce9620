import { describe, it, type TestContext } from 'vitest'
import { equal } from '../../src/bytes/index.ts'
import { initiate } from '../../src/channel/index.ts'
import { importSeed, roomIdentity } from '../../src/identity/index.ts'
import type { Room, RoomView } from '../../src/index.ts'
import { deriveRoomKeys, parseRoomLink, type RoomLink } from '../../src/link/index.ts'
import { nodeRuntime } from '../../src/node.ts'
import { lobbyNotice } from '../../src/peer/index.ts'
import { encodeHello } from '../../src/room/hello.ts'
import { MemberCarrier } from '../../src/signalling/index.ts'
import { maxPieceBytes } from '../../src/signalling/carriers/member/limits.ts'
import { encodeMemberFrame, type MemberFrame } from '../../src/signalling/carriers/member/wire.ts'
import { CrookedIntroducer, type Passed } from './crooked-introducer.ts'
import { connectedNames, seen } from './headless-people.ts'
import { splitVillage } from './introduced-people.ts'

/** Resolves when `room` is with exactly these. */
const isWith = (room: Room, ...names: string[]) =>
  seen(room, (view) => [...connectedNames(view)].sort().join() === [...names].sort().join())
const roadOf = (room: Room, name: string) => room.view().participants.find((one) => one.name === name)?.road

type AtEnd = TestContext['onTestFinished']

/** Ada has both roads, Ben and Cleo one each; all is gone when the test ends. */
async function threePeople(atEnd: AtEnd) {
  const place = await splitVillage()
  atEnd(() => place.close())
  const ada = await place.person('Ada', 'dht', 'nostr')
  const ben = await place.person('Ben', 'dht')
  const cleo = await place.person('Cleo', 'nostr')
  const link = await ada.manager.createRoomLink({ privacy: 'lan' })
  return { place, ada, ben, cleo, link }
}

// Nearly all of it is waiting for the pauses of this road, so these run beside each other.
describe.concurrent('people of one room whose roads do not overlap', { timeout: 60_000 }, () => {
  it('meet by a member who is connected with both, each once, and write to each other', async ({
    expect,
    onTestFinished,
  }) => {
    const { ada, ben, cleo, link } = await threePeople(onTestFinished)
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

  it('stay together when the one who introduced them leaves', async ({ expect, onTestFinished }) => {
    const { ada, ben, cleo, link } = await threePeople(onTestFinished)
    const [adasRoom, bensRoom, cleosRoom] = [await ada.join(link), await ben.join(link), await cleo.join(link)]
    await Promise.all([isWith(bensRoom, 'Ada', 'Cleo'), isWith(cleosRoom, 'Ada', 'Ben')])
    await ada.manager.leaveRoom(adasRoom.roomId)
    await Promise.all([isWith(bensRoom, 'Cleo'), isWith(cleosRoom, 'Ben')])
    await ben.manager.sendMessage(bensRoom.roomId, 'Still here')
    await seen(cleosRoom, ({ messages }) => messages.length === 1)
    expect([ben.told, cleo.told].map((told) => told.slice(2))).toEqual([['went Ada'], ['went Ada']])
  })

  it('are not met by members while a road is pinned, and are when it is not', async ({ expect, onTestFinished }) => {
    const { place, ada, ben, cleo, link } = await threePeople(onTestFinished)
    ben.manager.pinRoad('dht')
    const [, bensRoom, cleosRoom] = [await ada.join(link), await ben.join(link), await cleo.join(link)]
    await Promise.all([isWith(bensRoom, 'Ada'), isWith(cleosRoom, 'Ada')])
    const dan = await place.person('Dan', 'dht')
    await dan.join(link)
    // Ben and Cleo, had they been offered to each other, would have been due before these two.
    await isWith(cleosRoom, 'Ada', 'Dan')
    await isWith(bensRoom, 'Ada', 'Dan')
    ben.manager.pinRoad(undefined)
    await Promise.all([isWith(bensRoom, 'Ada', 'Cleo', 'Dan'), isWith(cleosRoom, 'Ada', 'Ben', 'Dan')])
    expect(cleo.told.slice(0, 2)).toEqual(['came Ada', 'came Dan'])
  })
})

/** Flips a bit of what a piece holds. */
function altered(frame: MemberFrame): MemberFrame {
  if (frame.kind !== 'data') return frame
  const bytes = frame.bytes.slice()
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return { ...frame, bytes }
}

/** Delivers what belongs to one stream as if it belonged to another. */
function crossing(): (frame: MemberFrame) => Passed {
  const streams: Uint8Array<ArrayBuffer>[] = []
  return (frame) => {
    if (frame.kind !== 'data') return { on: [frame] }
    const known = streams.findIndex((one) => equal(one, frame.stream))
    const index = known >= 0 ? known : streams.push(frame.stream) - 1
    const other = streams[index ^ 1]
    return other === undefined ? {} : { on: [{ ...frame, stream: other }] }
  }
}

/** A place, and an introducer in it that makes of frames what `pass` says; both are gone when the test ends. */
async function crookedPlace(atEnd: AtEnd, pass?: ConstructorParameters<typeof CrookedIntroducer>[1]) {
  const place = await splitVillage()
  const eve = new CrookedIntroducer(place, pass)
  atEnd(async () => {
    eve.leave()
    await place.close()
  })
  return { place, eve }
}

interface Trick {
  readonly does: string
  /** For each run anew: what becomes of the frames of streams. */
  pass(): (frame: MemberFrame, count: number) => Passed
  /** What it says by itself, once it has been asked for a stream. */
  also?(eve: CrookedIntroducer): void
}

const strangers = Array.from({ length: 8 }, (_, index) => new Uint8Array(32).fill(index + 1))
const tricks: readonly Trick[] = [
  { does: 'drops what comes late in a handshake', pass: () => (frame, count) => (count < 4 ? { on: [frame] } : {}) },
  { does: 'drops everything', pass: () => () => ({}) },
  { does: 'alters', pass: () => (frame) => ({ on: [altered(frame)] }) },
  { does: 'repeats', pass: () => (frame) => ({ on: [frame, frame] }) },
  { does: 'swaps streams', pass: crossing },
  { does: 'reflects', pass: () => (frame) => ({ back: [frame] }) },
  {
    does: 'floods',
    pass: () => (frame) => ({ on: Array.from({ length: 100 }, () => frame) }),
    also: ({ seats }) => {
      for (const { say, topics } of seats) {
        for (let count = 0; count < 1_000; count++) {
          const stream = new Uint8Array(16)
          new DataView(stream.buffer).setUint32(0, count)
          for (const topic of topics) say({ kind: 'incoming', stream, topic })
          say({ kind: 'data', stream, bytes: new Uint8Array(maxPieceBytes) })
        }
      }
    },
  },
  {
    does: 'offers people who do not exist',
    pass: () => () => ({}),
    also: ({ seats }) => {
      for (const { say, topics } of seats) {
        say({ kind: 'offers', offers: topics.map((topic) => ({ topic, members: strangers })) })
      }
    },
  },
]

describe.concurrent('an introducer that means no good (C11)', { timeout: 90_000 }, () => {
  it.for(tricks)(
    'who $does brings nobody together and holds nobody up',
    async ({ pass, also }, { expect, onTestFinished }) => {
      const { place, eve } = await crookedPlace(onTestFinished, pass())
      const [ben, cleo] = [await place.person('Ben', 'dht'), await place.person('Cleo', 'nostr')]
      const link = await ben.manager.createRoomLink({ privacy: 'lan' })
      const [bensRoom, cleosRoom] = [await ben.join(link), await cleo.join(link)]
      await eve.sit(link)
      await Promise.all([isWith(bensRoom, 'Eve'), isWith(cleosRoom, 'Eve')])
      await eve.until(() => eve.dials > 0)
      also?.(eve)
      await eve.until(() => eve.dials > 1)
      expect([ben.told, cleo.told]).toEqual([['came Eve'], ['came Eve']])

      const ada = await place.person('Ada', 'dht', 'nostr')
      await ada.join(link)
      const together = ({ participants }: RoomView) =>
        participants.filter(({ name, connection }) => name !== 'Eve' && connection.kind === 'connected').length === 2
      await Promise.all([seen(bensRoom, together), seen(cleosRoom, together)])
      await ben.manager.sendMessage(bensRoom.roomId, 'Here we are')
      await seen(cleosRoom, ({ messages }) => messages.length === 1)
      const arrivals = (told: readonly string[]) =>
        told.filter((one) => one !== 'came Eve' && one !== 'went Eve').sort()
      expect([arrivals(ben.told), arrivals(cleo.told)]).toEqual([
        ['came Ada', 'came Cleo'],
        ['came Ada', 'came Ben'],
      ])
    },
  )

  it('who leaves in the middle of a handshake is followed by another', async ({ expect, onTestFinished }) => {
    let passed = 0
    const { place, eve } = await crookedPlace(onTestFinished, (frame) => {
      passed += 1
      return passed <= 2 ? { on: [frame] } : {}
    })
    const [ben, cleo] = [await place.person('Ben', 'dht'), await place.person('Cleo', 'nostr')]
    const link = await ben.manager.createRoomLink({ privacy: 'lan' })
    const [bensRoom, cleosRoom] = [await ben.join(link), await cleo.join(link)]
    await eve.sit(link)
    await eve.until(() => passed >= 2)
    const ada = await place.person('Ada', 'dht', 'nostr')
    await ada.join(link)
    eve.leave()
    await Promise.all([isWith(bensRoom, 'Ada', 'Cleo'), isWith(cleosRoom, 'Ada', 'Ben')])
    expect(bensRoom.view().participants.find(({ name }) => name === 'Cleo')?.road).toBe('member')
    expect([...ben.told, ...cleo.told].filter((one) => one === 'came Cleo' || one === 'came Ben')).toHaveLength(2)
  })

  it.for([
    { how: 'removed', outcome: 'kicked' },
    { how: 'asked to knock', outcome: 'lobby' },
  ] as const)(
    'cannot bring in somebody who was $how, even with the keys of the room (C12)',
    async ({ how, outcome }, { expect, onTestFinished }) => {
      const { place, eve: mallory } = await crookedPlace(onTestFinished)
      const ada = await place.person('Ada', 'dht', 'nostr')
      const link = await ada.manager.createRoomLink({ privacy: 'lan' })
      const room = await ada.join(link)
      await mallory.sit(link, ['dht'])
      await isWith(room, 'Eve')
      const seed = new Uint8Array(32).fill(9)
      if (how === 'removed') {
        const victim = await place.person('Vic', 'nostr', { seed })
        const victimsRoom = await victim.join(link)
        await isWith(room, 'Eve', 'Vic')
        const [before] = mallory.seats[0]?.topics ?? []
        await ada.manager.kickParticipant(victimsRoom.view().self.peerId)
        await seen(victimsRoom, ({ state }) => state.kind === 'removed')
        await mallory.until(() => mallory.seats[0]?.topics[0] !== before)
      } else {
        room.setEntry('knock')
        await seen(room, ({ entry }) => entry === 'knock')
      }

      expect(await enterBy(mallory, await parseRoomLink(room.linkCode), seed)).toBe(outcome)
      expect(connectedNames(room.view())).toEqual(['Eve'])
      expect(room.view().knocks.map(({ name }) => name)).toEqual(how === 'removed' ? [] : ['Vic'])
      expect(ada.told).toEqual(how === 'removed' ? ['came Eve', 'came Vic', 'went Vic'] : ['came Eve'])
    },
  )
})

/** Dials the first one that `by` stands beside, through it, with keys of `link` and the identity of `seed`; what comes of it. */
async function enterBy(by: CrookedIntroducer, link: RoomLink, seed: Uint8Array<ArrayBuffer>): Promise<string> {
  const { clock, random } = nodeRuntime()
  const keys = await deriveRoomKeys(link)
  const identity = await roomIdentity(await importSeed(seed), link.roomId)
  const target = by.seats[0]?.key ?? new Uint8Array(32)
  const carrier = new MemberCarrier({ clock, random, self: identity.publicKey, offersChanged: () => undefined })
  const leg = carrier.join(random.bytes(32), (frame) => {
    queueMicrotask(() => {
      by.hear(seat, frame)
    })
  })
  const seat = by.add(identity.publicKey, (frame) => {
    leg.receive(encodeMemberFrame(frame))
  })
  by.offer()
  const { signal } = new AbortController()
  const stream = await carrier.dial(await keys.topic('member', clock.now()), target, { signal })
  const hello = { instance: random.bytes(16), joinedAtMs: clock.now(), media: false, host: false, name: 'Vic' }
  const channel = await initiate(stream, {
    keys,
    identity,
    hello: () => encodeHello({ ...hello, token: undefined }),
    judge: () => ({ kind: 'proceed' }),
    clock,
    random,
    signal,
  })
  channel.proven.catch(() => undefined)
  return new Promise((resolve) => {
    channel.on('closed', resolve)
    channel.on('messageReceived', (message) => {
      resolve(equal(message, lobbyNotice) ? 'lobby' : 'let in')
    })
  })
}
