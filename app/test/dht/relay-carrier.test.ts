import { runCarrierSuite, startDhtTestnet } from '@p2pigeon/core/testing'
import { relayCarrier, startRelay } from './relay-fixture.ts'

runCarrierSuite(
  'dht, by one relay',
  async () => {
    const testnet = await startDhtTestnet(10)
    const relay = await startRelay({ bootstrap: testnet.bootstrap })
    return {
      carrier: () => relayCarrier(relay.url),
      interrupt: () => {
        relay.cut()
        return Promise.resolve()
      },
      close: async () => {
        await relay.close()
        await testnet.close()
      },
    }
  },
  { reconnects: true },
)

runCarrierSuite(
  'dht, by two relays that share nothing but the DHT',
  async () => {
    const testnet = await startDhtTestnet(10)
    const relays = [
      await startRelay({ bootstrap: testnet.bootstrap }),
      await startRelay({ bootstrap: testnet.bootstrap }),
    ]
    let turn = 0
    return {
      carrier: () => relayCarrier(relays[turn++ % 2]?.url ?? ''),
      interrupt: () => {
        for (const relay of relays) relay.cut()
        return Promise.resolve()
      },
      close: async () => {
        for (const relay of relays) await relay.close()
        await testnet.close()
      },
    }
  },
  { reconnects: true },
)
