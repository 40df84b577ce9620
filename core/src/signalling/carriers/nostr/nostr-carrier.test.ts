import { nodeRuntime } from '../../../runtime/node/index.ts'
import { runCarrierSuite } from '../../../testing/carrier-suite.ts'
import { startTestRelay, type RelayFaults, type TestRelay } from '../../../testing/test-relay.ts'
import { maxDataBytes } from './cells.ts'
import { nostrCarrier } from './nostr-carrier.ts'
import { windowPieces } from './reliable-pipe.ts'

async function world(count: number, faults: (relays: readonly TestRelay[]) => void = () => undefined) {
  const relays = await Promise.all(Array.from({ length: count }, () => startTestRelay()))
  faults(relays)
  const urls = relays.map(({ url }) => url)
  return {
    carrier: () => nostrCarrier({ urls, ...nodeRuntime() }),
    interrupt: async () => {
      for (const relay of relays) await relay.kill()
      for (const relay of relays) await relay.revive()
    },
    close: async () => {
      for (const relay of relays) await relay.close()
    },
  }
}

const set = (relay: TestRelay | undefined, faults: Partial<RelayFaults>): void => {
  if (relay !== undefined) Object.assign(relay.faults, faults)
}

/** Four times what may be on its way. */
const bulkBytes = 4 * windowPieces * maxDataBytes

runCarrierSuite('nostr, by one relay', () => world(1), { reconnects: true })

runCarrierSuite(
  'nostr, by a relay that loses, repeats and reorders (C1)',
  () =>
    world(1, ([relay]) => {
      set(relay, { loss: 0.05, repeat: true, reorder: true })
    }),
  { reconnects: false, bulkBytes },
)

runCarrierSuite(
  'nostr, by three relays of which one forges and one withholds (C1, C2, C3)',
  () =>
    world(3, ([forger, withholder]) => {
      set(forger, { forge: true })
      set(withholder, { withhold: true })
    }),
  { reconnects: false, bulkBytes },
)
