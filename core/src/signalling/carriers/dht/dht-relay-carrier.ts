import type { Carrier } from '../../carrier.ts'
import { relayCarrier, type RelayCarrierOptions } from '../relay/index.ts'
import { subprotocols } from '../relay/wire/index.ts'

export type DhtRelayCarrierOptions = RelayCarrierOptions

/**
 * The DHT by way of a relay: for browsers, and for Node where UDP is blocked.
 * @throws {UsageError} `no-relay` without a URL.
 */
export function dhtRelayCarrier(options: DhtRelayCarrierOptions): Carrier {
  return relayCarrier({ name: 'dht', subprotocol: subprotocols.dht }, options)
}
