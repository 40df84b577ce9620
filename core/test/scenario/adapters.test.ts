import { nativeDhtCarrier } from '../../src/node.ts'
import { runAdapterSuite, startDhtTestnet, startTestRelay } from '../../src/testing/index.ts'

runAdapterSuite('serverless-mesh', async () => {
  const testnet = await startDhtTestnet(6)
  const { bootstrap } = testnet
  return {
    road: () => ({ serverlessMesh: { carrier: nativeDhtCarrier({ bootstrap, host: '127.0.0.1' }) } }),
    close: () => testnet.close(),
  }
})

runAdapterSuite('nostr', async () => {
  const relays = await Promise.all([startTestRelay(), startTestRelay()])
  return {
    road: () => ({ nostr: { relayUrls: relays.map(({ url }) => url) } }),
    close: async () => {
      for (const relay of relays) await relay.close()
    },
  }
})
