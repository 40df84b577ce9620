import { UsageError } from '../../errors/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { dhtRelayCarrier, type Carrier } from '../../signalling/index.ts'
import type { DhtRoad } from '../api.ts'
import type { Rooms } from '../rooms.ts'
import { RoomAdapter } from './room-adapter.ts'

/** Rooms over the Hyperswarm DHT: no server knows that they exist. */
export class ServerlessMeshAdapter extends RoomAdapter {
  readonly name = 'serverless-mesh'

  /** @throws {UsageError} `no-relay` without a relay address and without a carrier. */
  constructor(rooms: Rooms, runtime: Runtime, config: DhtRoad) {
    super(rooms, carrierOf(runtime, config))
  }
}

function carrierOf(runtime: Runtime, { carrier, relayUrls = [] }: DhtRoad): Carrier {
  if (carrier !== undefined) return carrier
  if (relayUrls.length > 0) return dhtRelayCarrier({ ...runtime, urls: relayUrls })
  throw new UsageError('no-relay', 'the serverless mesh needs the address of a DHT relay, or a carrier')
}
