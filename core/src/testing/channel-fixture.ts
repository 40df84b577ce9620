import type { ChannelContext } from '../channel/index.ts'
import { importSeed, roomIdentity } from '../identity/index.ts'
import { createRoomLink, deriveRoomKeys, standardPolicy, type RoomKeys } from '../link/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from './fake-clock.ts'

/** A room with real keys, and members of it that admit everybody. */
export class RoomFixture {
  readonly keys: RoomKeys
  readonly clock = new FakeClock()

  private constructor(keys: RoomKeys) {
    this.keys = keys
  }

  static async create(): Promise<RoomFixture> {
    const host = await importSeed(webRandom.bytes(32))
    return new RoomFixture(await deriveRoomKeys(await createRoomLink(host, webRandom, standardPolicy)))
  }

  /** What a member with a fresh identity gives to `initiate` or `respond`. */
  async member(changes: Partial<ChannelContext> = {}): Promise<ChannelContext> {
    return {
      keys: this.keys,
      identity: await roomIdentity(await importSeed(webRandom.bytes(32)), this.keys.roomId),
      hello: () => new Uint8Array(0),
      judge: () => ({ kind: 'proceed' }),
      clock: this.clock,
      random: webRandom,
      signal: new AbortController().signal,
      ...changes,
    }
  }
}
