import { ProtocolManager, type ProtocolConfigs, type Room } from '../../src/index.ts'
import { nativeDhtCarrier, nodeRuntime } from '../../src/node.ts'
import { startDhtTestnet, startTestRelay } from '../../src/testing/index.ts'

/** Roads that have nothing to do with each other: a DHT, and a Nostr relay. */
export type VillageRoad = 'dht' | 'nostr'

export interface Person {
  readonly name: string
  readonly manager: ProtocolManager
  /** What was told of others, as `came Ben` and `went Ben`. */
  readonly told: string[]
  readonly heard: string[]
  join(link: string): Promise<Room>
}

/** A place where people lack one road or the other. */
export interface SplitVillage {
  readonly bootstrap: readonly string[]
  readonly relayUrl: string
  person(name: string, ...ways: (VillageRoad | Pick<ProtocolConfigs, 'seed'>)[]): Promise<Person>
  close(): Promise<void>
}

export async function splitVillage(): Promise<SplitVillage> {
  const [testnet, relay] = await Promise.all([startDhtTestnet(6), startTestRelay()])
  const { bootstrap } = testnet
  const managers: ProtocolManager[] = []
  return {
    bootstrap,
    relayUrl: relay.url,
    async person(name, ...ways) {
      const roads = ways.filter((one) => typeof one === 'string')
      const manager = new ProtocolManager()
      await manager.initialize({
        displayName: name,
        runtime: nodeRuntime(),
        ...ways.find((one) => typeof one !== 'string'),
        ...(roads.includes('dht')
          ? { serverlessMesh: { carrier: nativeDhtCarrier({ bootstrap, host: '127.0.0.1' }) } }
          : {}),
        ...(roads.includes('nostr') ? { nostr: { relayUrls: [relay.url] } } : {}),
      })
      managers.push(manager)
      const [told, heard]: [string[], string[]] = [[], []]
      manager.on('onPeerConnect', ({ peer }) => told.push(`came ${peer.name}`))
      manager.on('onPeerDisconnect', ({ peer }) => told.push(`went ${peer.name}`))
      manager.on('onMessageReceived', ({ message }) => heard.push(message.content))
      return { name, manager, told, heard, join: (link) => manager.joinRoom(link) }
    },
    async close() {
      await Promise.all(managers.map((manager) => manager.close()))
      await relay.close()
      await testnet.close()
    },
  }
}
