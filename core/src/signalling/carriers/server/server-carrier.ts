import type { Carrier } from '../../carrier.ts'
import { relayCarrier, type RelayCarrierOptions } from '../relay/index.ts'
import { subprotocols } from '../relay/wire/index.ts'

export type ServerCarrierOptions = RelayCarrierOptions

/**
 * A signalling server (docs/protocol/signalling.md).
 * @throws {UsageError} `no-relay` without a URL.
 */
export function serverCarrier(options: ServerCarrierOptions): Carrier {
  return relayCarrier({ name: 'server', subprotocol: subprotocols.server }, options)
}
