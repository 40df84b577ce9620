import { runAdapterSuite, startDhtTestnet } from '@p2pigeon/core/testing'
import { systemClock } from '@p2pigeon/core/node'
import { startDht } from '../../src/dht/index.ts'
import { silentLog } from '../dht/relay-fixture.ts'
import { dhtRelay, nostrRelay, signallingServer } from './services.ts'

runAdapterSuite('serverless-mesh', async () => {
  const testnet = await startDhtTestnet(6)
  const dht = await startDht({ mode: 'local', clock: systemClock, log: silentLog, bootstrap: testnet.bootstrap })
  const relay = await dhtRelay(dht)
  return {
    road: () => ({ serverlessMesh: { relayUrls: [relay.url] } }),
    close: async () => {
      await relay.kill()
      await dht.close()
      await testnet.close()
    },
  }
})

runAdapterSuite('webrtc', async () => {
  const server = await signallingServer()
  return { road: () => ({ webrtc: { urls: [server.url] } }), close: () => server.kill() }
})

runAdapterSuite('nostr', async () => {
  const relay = await nostrRelay()
  return { road: () => ({ nostr: { relayUrls: [relay.url] } }), close: () => relay.kill() }
})
