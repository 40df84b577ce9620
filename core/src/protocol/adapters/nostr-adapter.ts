import { UsageError } from '../../errors/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { lazyCarrier, type Carrier } from '../../signalling/index.ts'
import type { NostrRoad } from '../api.ts'
import type { Rooms } from '../rooms.ts'
import { RoomAdapter } from './room-adapter.ts'

/**
 * The same rooms by way of Nostr relays, the signalling of last resort: a relay is found almost anywhere. Its code is loaded when it is
 * first used. Chat that waits for people who are offline is `@p2pigeon/core/chat`, over the same relays.
 */
export class NostrAdapter extends RoomAdapter {
  readonly name = 'nostr'

  /** @throws {UsageError} `no-relay` without the address of a relay and without a carrier. */
  constructor(rooms: Rooms, runtime: Runtime, config: NostrRoad) {
    super(rooms, carrierOf(runtime, config))
  }
}

function carrierOf(runtime: Runtime, { carrier, relayUrls: urls = [] }: NostrRoad): Carrier {
  if (carrier !== undefined) return carrier
  if (urls.length === 0)
    throw new UsageError('no-relay', 'the road by Nostr needs the address of a relay, or a carrier')
  return lazyCarrier('nostr', async () => {
    const { nostrCarrier } = await import('../../signalling/carriers/nostr/index.ts')
    return nostrCarrier({ ...runtime, urls })
  })
}
