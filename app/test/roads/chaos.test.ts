import { ProtocolManager, type Room } from '@p2pigeon/core'
import { nodeRuntime, systemClock } from '@p2pigeon/core/node'
import { startDhtTestnet } from '@p2pigeon/core/testing'
import { expect, it } from 'vitest'
import { startDht } from '../../src/dht/index.ts'
import { silentLog } from '../dht/relay-fixture.ts'
import { dhtRelay, nostrRelay, signallingServer } from './services.ts'

const names = ['Ada', 'Ben', 'Cleo', 'Dora'] as const
/** How long services are killed and started, and how soon everybody must be with everybody after that. */
const chaosMs = 120_000
const recoveryMs = 10_000

/** A small generator with a seed, so that a bad run can be run again. */
function dice(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

it(
  'relay, signalling server, Nostr relay and bootstrap die at random under four people: nothing is lost or doubled, and all are together again',
  { timeout: 240_000 },
  async () => {
    const seed = Date.now() % 1_000_000
    const roll = dice(seed)
    let testnet = await startDhtTestnet(4)
    const { bootstrap } = testnet
    const bootstrapPort = Number(bootstrap[0]?.split(':').at(-1))
    const dht = await startDht({ mode: 'local', clock: systemClock, log: silentLog, bootstrap })
    const services = [await dhtRelay(dht), await signallingServer(), await nostrRelay()]
    const [relay, server, nostr] = services
    const people = await Promise.all(
      names.map(async (displayName) => {
        const manager = new ProtocolManager()
        await manager.initialize({
          displayName,
          runtime: nodeRuntime(),
          serverlessMesh: { relayUrls: [relay?.url ?? ''] },
          webrtc: { urls: [server?.url ?? ''] },
          nostr: { relayUrls: [nostr?.url ?? ''] },
        })
        const heard: string[] = []
        manager.on('onMessageReceived', ({ message }) => heard.push(message.content))
        return { name: displayName, manager, heard }
      }),
    )
    const link = await people[0]?.manager.createRoomLink({ privacy: 'lan' })
    const rooms = await Promise.all(people.map(({ manager }) => manager.joinRoom(link ?? '')))
    await Promise.all(rooms.map((room) => together(room)))

    const sent: string[] = []
    let isOver = false
    const talking = people.map(async ({ name, manager }, index) => {
      for (let count = 0; !isOver; count++) {
        const text = `${name} ${count}`
        sent.push(text)
        await manager.sendMessage(rooms[index]?.roomId ?? '', text)
        await pause(100 + 200 * roll())
      }
    })
    const until = Date.now() + chaosMs
    while (Date.now() < until) {
      const victim = services[Math.floor(roll() * services.length)]
      if (roll() < 0.15) {
        await testnet.close()
        await pause(500 * roll())
        testnet = await startDhtTestnet(4, bootstrapPort)
      } else if (victim?.isAlive === true) await victim.kill()
      else await victim?.revive()
      await pause(300 + 1_500 * roll())
    }
    for (const service of services) await service.revive()
    isOver = true
    await Promise.all(talking)

    const context = `seed ${seed}`
    const late = pause(recoveryMs).then(() => rooms.map((room, index) => `${names[index] ?? ''}: ${connected(room)}`))
    const outcome = await Promise.race([Promise.all(rooms.map((room) => together(room))), late])
    expect(outcome, context).toEqual(rooms.map(() => undefined))
    await Promise.all(
      rooms.map((room) => seen(room, () => room.view().messages.every(({ delivery }) => delivery.kind !== 'sending'))),
    )
    for (const { name, heard } of people) {
      const others = sent.filter((text) => !text.startsWith(name))
      expect([...heard].sort(), `${context}, heard by ${name}`).toEqual([...others].sort())
    }
    await Promise.all(people.map(({ manager }) => manager.close()))
    for (const service of services) await service.kill()
    await dht.close()
    await testnet.close()
  },
)

function connected(room: Room): number {
  return room.view().participants.filter(({ connection }) => connection.kind === 'connected').length
}

function together(room: Room): Promise<undefined> {
  return seen(room, () => connected(room) === names.length - 1)
}

function seen(room: Room, holds: () => boolean): Promise<undefined> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds()) return
      stop()
      resolve(undefined)
    }
    const stop = room.subscribe(check)
    queueMicrotask(check)
  })
}
