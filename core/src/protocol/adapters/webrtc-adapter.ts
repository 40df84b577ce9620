import { UsageError } from '../../errors/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { serverCarrier, type Carrier } from '../../signalling/index.ts'
import type { ServerRoad } from '../api.ts'
import type { Rooms } from '../rooms.ts'
import { RoomAdapter } from './room-adapter.ts'

/** The same rooms by way of a signalling server: where the DHT is out of reach, and for small teams with a node of their own. */
export class WebRTCAdapter extends RoomAdapter {
  readonly name = 'webrtc'

  /** @throws {UsageError} `no-relay` without the address of a server and without a carrier. */
  constructor(rooms: Rooms, runtime: Runtime, config: ServerRoad) {
    super(rooms, carrierOf(runtime, config))
  }
}

function carrierOf(runtime: Runtime, { carrier, urls = [] }: ServerRoad): Carrier {
  if (carrier !== undefined) return carrier
  if (urls.length > 0) return serverCarrier({ ...runtime, urls })
  throw new UsageError('no-relay', 'the road by a signalling server needs its address, or a carrier')
}
