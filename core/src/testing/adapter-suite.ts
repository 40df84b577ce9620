import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ProtocolManager, type ProtocolConfigs, type ProtocolName } from '../protocol/index.ts'
import type { Room, RoomView } from '../room/index.ts'
import { nodeRuntime } from '../runtime/node/index.ts'

/** Where the people of a suite live. */
export interface AdapterWorld {
  /** The one road that its people have, for one more of them. */
  road(): Pick<ProtocolConfigs, 'serverlessMesh' | 'webrtc' | 'nostr'>
  close(): Promise<void>
}

/** The adapter contract: rooms and events are the same whatever the protocol. Headless people, real connections. */
export function runAdapterSuite(name: ProtocolName, open: () => Promise<AdapterWorld>): void {
  describe(`adapter contract: ${name}`, { timeout: 60_000 }, () => {
    let world: AdapterWorld
    const managers = new Set<ProtocolManager>()
    beforeAll(async () => {
      world = await open()
    })
    afterEach(async () => {
      await Promise.all([...managers].map((manager) => manager.close()))
      managers.clear()
    })
    afterAll(() => world.close())

    const person = async (displayName: string) => {
      const manager = new ProtocolManager()
      managers.add(manager)
      await manager.initialize({ displayName, runtime: nodeRuntime(), ...world.road() })
      const told: string[] = []
      manager.on('onPeerConnect', ({ peer }) => told.push(`connected ${peer.name}`))
      manager.on('onPeerDisconnect', ({ peer, reason }) => told.push(`${reason} ${peer.name}`))
      manager.on('onMessageReceived', ({ message }) => told.push(`${message.fromName}: ${message.content}`))
      return { manager, told, join: (link: string) => manager.joinRoom(link, name) }
    }
    const two = async () => {
      const [ada, ben] = await Promise.all([person('Ada'), person('Ben')])
      const link = await ada.manager.createRoomLink({ privacy: 'lan' })
      const [adasRoom, bensRoom] = await Promise.all([ada.join(link), ben.join(link)])
      await Promise.all([seen(adasRoom, isWith('Ben')), seen(bensRoom, isWith('Ada'))])
      return { ada, ben, adasRoom, bensRoom, link }
    }

    it('two meet, and each is one participant; the events are those of every protocol', async () => {
      const { ada, ben, adasRoom, bensRoom } = await two()
      expect([adasRoom, bensRoom].map((room) => room.view().participants.length)).toEqual([1, 1])
      await ada.manager.sendMessage(adasRoom.roomId, 'Hello Ben')
      await seen(bensRoom, ({ messages }) => messages.length === 1)
      await ben.manager.sendMessage(bensRoom.roomId, 'Hello Ada')
      await seen(adasRoom, ({ messages }) => messages.length === 2)
      expect(ada.told).toEqual(['connected Ben', 'Ben: Hello Ada'])
      expect(ben.told).toEqual(['connected Ada', 'Ada: Hello Ben'])
    })

    it('tells who leaves, and meets them again', async () => {
      const { ada, ben, adasRoom, bensRoom, link } = await two()
      await ben.manager.leaveRoom(bensRoom.roomId)
      await seen(adasRoom, ({ participants }) => participants.length === 0)
      expect(ada.told.at(-1)).toBe('left Ben')
      const again = await ben.join(link)
      await Promise.all([seen(adasRoom, isWith('Ben')), seen(again, isWith('Ada'))])
      expect(ada.told.at(-1)).toBe('connected Ben')
    })

    it('gives the same room for the same link, and refuses what is no link or no protocol of ours', async () => {
      const ada = await person('Ada')
      const link = await ada.manager.createRoomLink()
      expect(await ada.join(link)).toBe(await ada.join(link))
      await expect(ada.join('nonsense')).rejects.toMatchObject({ name: 'CodecError' })
      const others = (['serverless-mesh', 'webrtc', 'nostr'] as const).filter((other) => other !== name)
      for (const other of others) {
        await expect(ada.manager.joinRoom(link, other)).rejects.toMatchObject({ code: 'unknown-protocol' })
      }
    })

    it('says by which road people came', async () => {
      const { adasRoom } = await two()
      const [ben] = adasRoom.view().participants
      const roads = { 'serverless-mesh': 'dht', webrtc: 'server', nostr: 'nostr' } as const
      expect(ben?.road).toBe(roads[name])
      expect(adasRoom.view().roads.map((road) => [road.name, road.inUse])).toEqual([[roads[name], true]])
    })
  })
}

function isWith(name: string): (view: RoomView) => boolean {
  return ({ participants }) =>
    participants.some((participant) => participant.name === name && participant.connection.kind === 'connected')
}

/** Resolves as soon as the room's picture satisfies `holds`. */
function seen(room: Room, holds: (view: RoomView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(room.view())) return
      stop()
      resolve()
    }
    const stop = room.subscribe(check)
    queueMicrotask(check)
  })
}
