import { UsageError } from '../errors/index.ts'
import { importSeed, type PeerId } from '../identity/index.ts'
import { Emitter, type Undo } from '../lifetime/index.ts'
import { createRoomLink, encodeRoomLink, standardPolicy, type RoomPolicy } from '../link/index.ts'
import { LocalMedia, type DeviceChoice, type LocalMediaView } from '../media/index.ts'
import { IceSupply } from '../peer/index.ts'
import type { MeshRoom, Room } from '../room/index.ts'
import { browserRuntime, type Runtime } from '../runtime/index.ts'
import { Roads, type CarrierName } from '../signalling/index.ts'
import { NostrAdapter, ServerlessMeshAdapter, WebRTCAdapter, type RoomAdapter } from './adapters/index.ts'
import type { ProtocolConfigs, ProtocolEvents, ProtocolName } from './api.ts'
import { followRoom } from './room-events.ts'
import { Rooms } from './rooms.ts'

const seedBytes = 32
const defaultName = 'Guest'

interface Initialized {
  readonly runtime: Runtime
  readonly seed: CryptoKey
  readonly rooms: Rooms
  readonly adapters: readonly RoomAdapter[]
  readonly roads: Roads
  readonly localMedia: LocalMedia
}

/**
 * One API for rooms, whatever protocol carries them.
 *
 * ```ts
 * const manager = new ProtocolManager()
 * await manager.initialize({ displayName: 'Ada', serverlessMesh: { relayUrls: ['ws://localhost:3060/dht'] } })
 * manager.on('onMessageReceived', ({ message }) => console.log(`${message.fromName}: ${message.content}`))
 * const room = await manager.joinRoom(await manager.createRoomLink())
 * await manager.sendMessage(room.roomId, 'Hello')
 * await manager.close()
 * ```
 */
export class ProtocolManager {
  readonly #events = new Emitter<ProtocolEvents>()
  readonly #rooms = new Map<string, { readonly room: MeshRoom; readonly unfollow: Undo }>()
  #begun = false
  #initialized: Initialized | undefined
  #displayName = defaultName

  /**
   * Prepares identity, roads and media; connects in the background.
   * @throws {UsageError} `already-initialized`, `bad-seed`, `no-relay`.
   */
  async initialize(configs: ProtocolConfigs): Promise<void> {
    if (this.#begun) throw new UsageError('already-initialized', 'initialize is called once')
    this.#begun = true
    const runtime = configs.runtime ?? browserRuntime()
    const seed = await seedKey(configs.seed ?? runtime.random.bytes(seedBytes))
    const localMedia = new LocalMedia(runtime.media)
    this.#displayName = configs.displayName ?? defaultName
    const rooms = new Rooms({
      runtime,
      seed,
      localMedia,
      ice: new IceSupply(configs.iceServers ?? [], runtime.clock),
      displayName: () => this.#displayName,
      memoryOf: (roomId) => configs.roomMemory?.(roomId),
      chatMemoryOf: (roomId) => configs.chatMemory?.(roomId),
    })
    const { serverlessMesh, webrtc, nostr, road } = configs
    const adapters = [
      ...(serverlessMesh === undefined ? [] : [new ServerlessMeshAdapter(rooms, runtime, serverlessMesh)]),
      ...(webrtc === undefined ? [] : [new WebRTCAdapter(rooms, runtime, webrtc)]),
      ...(nostr === undefined ? [] : [new NostrAdapter(rooms, runtime, nostr)]),
    ]
    const roads = new Roads(
      adapters.map(({ carrier }) => carrier),
      road,
    )
    this.#initialized = { runtime, seed, rooms, adapters, roads, localMedia }
  }

  /**
   * A link to a new room whose host is this identity: the code part, for `<origin>/#/r/<code>`. Secret.
   * @param policy what the link fixes for the room, `standardPolicy` where it says nothing.
   */
  async createRoomLink(policy: Partial<RoomPolicy> = {}): Promise<string> {
    const { seed, runtime } = this.#ready()
    return encodeRoomLink(await createRoomLink(seed, runtime.random, { ...standardPolicy, ...policy }))
  }

  /**
   * Joins the room of a link (a code or a whole address) and resolves at once; others appear as they are found.
   * Joining a room again returns the same room. Without `protocol` all roads are used at once, the first one with a small head start, and whoever
   * can be reached by any of them is met; with one, only its road is.
   * @throws {CodecError} `link-missing`, `link-truncated`, `link-damaged`, `link-version`; {UsageError} `unknown-protocol`.
   */
  async joinRoom(roomId: string, protocol?: ProtocolName): Promise<Room> {
    const { adapters, rooms, roads } = this.#ready()
    const adapter = adapters.find(({ name }) => name === protocol)
    if (protocol !== undefined && adapter === undefined) throw new UsageError('unknown-protocol', 'no such protocol')
    const room = await (adapter?.joinRoom(roomId) ?? rooms.open(roomId, roads))
    if (this.#rooms.get(room.roomId)?.room !== room) {
      this.#rooms.get(room.roomId)?.unfollow()
      this.#rooms.set(room.roomId, { room, unfollow: followRoom(room, this.#events) })
      await room.start()
    }
    return room
  }

  async leaveRoom(roomId: string): Promise<void> {
    const held = this.#rooms.get(roomId)
    if (held === undefined) return
    this.#rooms.delete(roomId)
    await held.room.leave()
    held.unfollow()
  }

  /**
   * Captures microphone and camera (a device id, `undefined` for the default, `false` for none) and sends them to every
   * room; called again it switches devices.
   * @throws {UsageError} `media-denied`, `media-missing`, `media-busy`, `media-unsupported`; `media-superseded` by a later start or stop.
   */
  startLocalStream(audioDeviceId?: DeviceChoice, videoDeviceId?: DeviceChoice): Promise<MediaStream> {
    return this.#ready().localMedia.start(audioDeviceId, videoDeviceId)
  }

  /** Releases every device. */
  stopLocalStream(): void {
    this.#ready().localMedia.stop()
  }

  /** @throws {UsageError} as `startLocalStream`. */
  setMicrophone(on: boolean): Promise<void> {
    return this.#ready().localMedia.setMicrophone(on)
  }

  /** Off releases the camera. @throws {UsageError} as `startLocalStream`. */
  setCamera(on: boolean): Promise<void> {
    return this.#ready().localMedia.setCamera(on)
  }

  /** @throws {UsageError} `media-denied` when the user declines. */
  startScreenShare(): Promise<void> {
    return this.#ready().localMedia.startScreen()
  }

  stopScreenShare(): void {
    this.#ready().localMedia.stopScreen()
  }

  localMedia(): LocalMediaView {
    return this.#ready().localMedia.view()
  }

  subscribeLocalMedia(changed: () => void): Undo {
    return this.#ready().localMedia.onChange(changed)
  }

  /**
   * Sends text to everyone in the room and resolves with its id as soon as the connections take more, so that awaiting
   * it is back-pressure. Delivery shows in the room's view.
   * @throws {UsageError} `unknown-room`, `room-left`, `empty-message`; {LimitError} `message-size`.
   */
  async sendMessage(roomId: string, content: string): Promise<string> {
    const room = this.#room(roomId)
    const id = room.sendMessage(content)
    await room.drained()
    return id
  }

  /** The name shown in rooms from now on. */
  setDisplayName(name: string): void {
    this.#displayName = name
    for (const { room } of this.#rooms.values()) room.setName(name)
  }

  /**
   * Mutes a participant for everybody: its client turns the microphone off and says so, and every receiver drops its sound in case it does not obey.
   * `false` allows it to speak again; only the participant itself can turn its microphone on.
   * @throws {UsageError} `not-host` unless this identity is the host or a co-host, `unknown-peer`.
   */
  muteParticipant(peerId: PeerId, muted: boolean): void {
    this.#roomOf(peerId).muteForAll(peerId, muted)
  }

  /** Stops or resumes hearing a participant, on this device only. @throws {UsageError} `unknown-peer`. */
  muteForMe(peerId: PeerId, muted: boolean): void {
    this.#roomOf(peerId).setMutedHere(peerId, muted)
  }

  /**
   * Removes a participant: every member closes its connection, and the room gets a new secret that the participant is not told, so that neither it
   * nor a new identity of its owner can return by the old link.
   * @throws {UsageError} `not-host`, `unknown-peer`.
   */
  async kickParticipant(peerId: PeerId): Promise<void> {
    this.#roomOf(peerId).kick(peerId)
  }

  /**
   * From now on everything goes by this road alone, or by all of them again. Who is connected stays so, for media and messages need no road.
   * @throws {UsageError} `unknown-road` for one that was not configured.
   */
  pinRoad(road: CarrierName | undefined): void {
    this.#ready().roads.pin(road)
  }

  /** What rooms stand on: for other services of the library that meet on the same roads, such as direct calls. */
  ground(): { readonly runtime: Runtime; readonly roads: Roads } {
    const { runtime, roads } = this.#ready()
    return { runtime, roads }
  }

  on<K extends keyof ProtocolEvents>(event: K, listener: ProtocolEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  /** Leaves every room, releases devices and carriers. The manager cannot be used again. */
  async close(): Promise<void> {
    if (this.#initialized === undefined) return
    for (const roomId of [...this.#rooms.keys()]) await this.leaveRoom(roomId)
    this.#initialized.localMedia.stop()
    await this.#initialized.rooms.close()
    for (const adapter of this.#initialized.adapters) adapter.close()
    this.#initialized.roads.close()
    this.#initialized = undefined
    this.#events.clear()
  }

  #ready(): Initialized {
    if (this.#initialized === undefined) throw new UsageError('not-initialized', 'call initialize first')
    return this.#initialized
  }

  #room(roomId: string): MeshRoom {
    const held = this.#rooms.get(roomId)
    if (held === undefined) throw new UsageError('unknown-room', 'no such room was joined')
    return held.room
  }

  #roomOf(peerId: PeerId): MeshRoom {
    for (const { room } of this.#rooms.values()) if (room.has(peerId)) return room
    throw new UsageError('unknown-peer', 'no such participant in any room')
  }
}

async function seedKey(seed: Uint8Array<ArrayBuffer> | CryptoKey): Promise<CryptoKey> {
  if (!(seed instanceof Uint8Array)) return seed
  if (seed.length !== seedBytes) throw new UsageError('bad-seed', 'a seed has 32 bytes')
  return importSeed(seed)
}
