import { roomIdentity } from '../identity/index.ts'
import { deriveRoomKeys, parseRoomLink } from '../link/index.ts'
import type { LocalMedia } from '../media/index.ts'
import type { IceSupply } from '../peer/index.ts'
import { MeshRoom, type ChatMemory, type RoomMemory } from '../room/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Roads } from '../signalling/index.ts'

export interface RoomsOptions {
  readonly runtime: Runtime
  readonly seed: CryptoKey
  readonly localMedia: LocalMedia
  readonly ice: IceSupply
  displayName(): string
  /** Where a room's log and secrets are kept between visits. */
  memoryOf(roomId: string): RoomMemory | undefined
  /** Where a room's chat is kept between visits; asked only for rooms whose policy keeps it. */
  chatMemoryOf(roomId: string): ChatMemory | undefined
}

/** The rooms of a device, each once, whichever adapter opened it. */
export class Rooms {
  readonly #options: RoomsOptions
  readonly #rooms = new Map<string, MeshRoom>()

  constructor(options: RoomsOptions) {
    this.#options = options
  }

  /**
   * The room of a link, on these roads; one that is open already is given as it is.
   * @throws {CodecError} `link-…` for a link that is missing, truncated, damaged or of a future version.
   */
  async open(link: string, roads: Roads): Promise<MeshRoom> {
    const { runtime, seed, localMedia, ice } = this.#options
    const parsed = await parseRoomLink(link)
    const [keys, identity] = await Promise.all([deriveRoomKeys(parsed), roomIdentity(seed, parsed.roomId), ice.ready()])
    const isHost = await keys.isHost(identity.publicKey)
    // No await from here on: two calls at once must find the same room.
    const standing = this.#rooms.get(keys.roomName)
    if (standing !== undefined && isLive(standing)) return standing
    const room = new MeshRoom({
      runtime,
      roads,
      link: parsed,
      linkCode: link,
      keys,
      identity,
      isHost,
      memory: this.#options.memoryOf(keys.roomName),
      chatMemory: keys.policy.keepChat ? this.#options.chatMemoryOf(keys.roomName) : undefined,
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
  }
}

function isLive(room: MeshRoom): boolean {
  const { kind } = room.view().state
  return kind === 'joining' || kind === 'knocking' || kind === 'joined'
}
