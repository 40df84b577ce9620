import { systemClock } from '@p2pigeon/core/node'
import { startDhtTestnet } from '@p2pigeon/core/testing'
import { startDht, type DhtService } from '../../src/dht/index.ts'
import type { Logger } from '../../src/platform/index.ts'

export const silent: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined }

export interface Testnet {
  /** `host:port` of the nodes to join through. */
  readonly bootstrap: readonly string[]
  /** The DHT of one more machine. */
  join(): Promise<DhtService>
  close(): Promise<void>
}

/** A real DHT on loopback. */
export async function startTestnet(): Promise<Testnet> {
  const testnet = await startDhtTestnet(4)
  const joined: DhtService[] = []
  return {
    bootstrap: testnet.bootstrap,
    async join() {
      const dht = await joinTestnet(testnet.bootstrap)
      joined.push(dht)
      return dht
    },
    async close() {
      for (const dht of joined) await dht.close()
      await testnet.close()
    },
  }
}

export const joinTestnet = (bootstrap: readonly string[]): Promise<DhtService> =>
  startDht({ mode: 'local', bootstrap, clock: systemClock, log: silent })
