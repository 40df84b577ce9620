import { UsageError } from '../../../errors/index.ts'
import { roomIdentity } from '../../../identity/index.ts'
import { deriveRoomKeys, parseRoomLink } from '../../../link/index.ts'
import type { LocalMedia } from '../../../media/index.ts'
import type { IceSupply } from '../../../peer/index.ts'
import { MeshRoom, type RoomMemory } from '../../../room/index.ts'
import type { Runtime } from '../../../runtime/index.ts'
import { dhtRelayCarrier, type Carrier } from '../../../signalling/index.ts'
import type { ProtocolAdapter } from '../../api.ts'

export interface ServerlessMeshOptions {
  readonly runtime: Runtime
  readonly seed: CryptoKey
  readonly localMedia: LocalMedia
  readonly ice: IceSupply
  readonly relayUrls: readonly string[]
  readonly carrier: Carrier | undefined
  displayName(): string
  /** Where a room's log and secrets are kept between visits. */
  memoryOf(roomId: string): RoomMemory | undefined
}

/** Joins rooms over the Hyperswarm DHT as a full mesh of WebRTC connections. */
export class ServerlessMeshAdapter implements ProtocolAdapter {
  readonly name = 'serverless-mesh'
  readonly #options: ServerlessMeshOptions
  readonly #carrier: Carrier
  readonly #rooms = new Map<string, MeshRoom>()

  /** @throws {UsageError} `no-relay` without a relay address and without a carrier. */
  constructor(options: ServerlessMeshOptions) {
    const { carrier, relayUrls, runtime } = options
    if (carrier === undefined && relayUrls.length === 0) {
      throw new UsageError('no-relay', 'the serverless mesh needs the address of a DHT relay, or a carrier')
    }
    this.#options = options
    this.#carrier = carrier ?? dhtRelayCarrier({ urls: relayUrls, ...runtime })
  }

  /** The carrier that all rooms share. */
  get carrier(): Carrier {
    return this.#carrier
  }

  /** @throws {CodecError} `link-…` for a link that is missing, truncated, damaged or of a future version. */
  async joinRoom(link: string): Promise<MeshRoom> {
    const { runtime, seed, localMedia, ice } = this.#options
    const parsed = await parseRoomLink(link)
    const [keys, identity] = await Promise.all([deriveRoomKeys(parsed), roomIdentity(seed, parsed.roomId), ice.ready()])
    const isHost = await keys.isHost(identity.publicKey)
    // No await from here on: two calls at once must find the same room.
    const standing = this.#rooms.get(keys.roomName)
    if (standing !== undefined && isLive(standing)) return standing
    const room = new MeshRoom({
      runtime,
      carrier: this.#carrier,
      link: parsed,
      linkCode: link,
      keys,
      identity,
      isHost,
      memory: this.#options.memoryOf(keys.roomName),
      name: this.#options.displayName(),
      localMedia,
      ice,
    })
    this.#rooms.set(room.roomId, room)
    return room
  }

  async close(): Promise<void> {
    await Promise.all([...this.#rooms.values()].map((room) => room.leave()))
    this.#rooms.clear()
    this.#carrier.close()
  }
}

function isLive(room: MeshRoom): boolean {
  const { kind } = room.view().state
  return kind === 'joining' || kind === 'knocking' || kind === 'joined'
}
