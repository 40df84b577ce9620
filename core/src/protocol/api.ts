import type { PeerId } from '../identity/index.ts'
import type { IceAnswer } from '../peer/index.ts'
import type { ChatMemory, MessageView, ParticipantView, Room, RoomMemory } from '../room/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Carrier, CarrierName } from '../signalling/index.ts'

/** The protocols a room can be joined by alone; without one, all roads are used at once. */
export type ProtocolName = 'serverless-mesh' | 'webrtc' | 'nostr'

/** Fetches ICE servers with credentials that are good for `ttlSeconds`; asked again before they expire. */
export type IceSource = () => Promise<IceAnswer>

/** The Hyperswarm DHT. */
export interface DhtRoad {
  /** WebSocket addresses of DHT relays, tried in order, e.g. `ws://localhost:3060/dht`. */
  readonly relayUrls?: readonly string[]
  /** A carrier of your own, for example `nativeDhtCarrier` from `@p2pigeon/core/node`. Overrides `relayUrls`. */
  readonly carrier?: Carrier
}

/** A signalling server. */
export interface ServerRoad {
  /** WebSocket addresses of signalling servers, tried in order, e.g. `ws://localhost:3060/signalling`. */
  readonly urls?: readonly string[]
  /** A carrier of your own. Overrides `urls`. */
  readonly carrier?: Carrier
}

/** Nostr relays. */
export interface NostrRoad {
  /** WebSocket addresses of relays, all used at once, e.g. `ws://localhost:3060/nostr`. */
  readonly relayUrls?: readonly string[]
  /** A carrier of your own. Overrides `relayUrls`. */
  readonly carrier?: Carrier
}

export interface ProtocolConfigs {
  /** 32 bytes from which every identity is derived, or the same as a non-extractable HKDF key (`importSeed`). Fresh by default. */
  readonly seed?: Uint8Array<ArrayBuffer> | CryptoKey
  /** How this user is called in rooms; `Guest` by default. */
  readonly displayName?: string
  /** STUN and TURN servers, or where to get them; none by default. */
  readonly iceServers?: readonly RTCIceServer[] | IceSource
  /**
   * Where this device keeps what it must not forget of a room (its log and secrets), by room id; encrypt it. Without one they last as long as the
   * room object, and a host that returns to an empty room begins a history that contradicts the one before.
   */
  readonly roomMemory?: (roomId: string) => RoomMemory
  /**
   * Where this device keeps the chat of a room whose policy says that it is kept, by room id; encrypt it. Asked for no other room. Without one, or where
   * it gives none, the chat is gone with the room object and the view says so.
   */
  readonly chatMemory?: (roomId: string) => ChatMemory | undefined
  /** At least one of the three roads is needed. All that are given are used at once, in this order of preference. */
  readonly serverlessMesh?: DhtRoad
  readonly webrtc?: ServerRoad
  readonly nostr?: NostrRoad
  /** Nothing goes by another road than this one; see `pinRoad`. Ignored if that road is not given. */
  readonly road?: CarrierName
  /** `browserRuntime()` by default; `nodeRuntime()` from `@p2pigeon/core/node` in Node. */
  readonly runtime?: Runtime
}

export interface ProtocolEvents {
  /** A participant's data channel opened for the first time or again after it had left. */
  onPeerConnect: (event: { readonly roomId: string; readonly peer: ParticipantView }) => void
  /** A participant left or was given up. */
  onPeerDisconnect: (event: {
    readonly roomId: string
    readonly peer: ParticipantView
    readonly reason: 'left' | 'lost' | 'kicked'
  }) => void
  onMessageReceived: (event: { readonly roomId: string; readonly message: MessageView }) => void
  onRemoteStreamAdded: (event: {
    readonly roomId: string
    readonly peerId: PeerId
    readonly stream: MediaStream
    readonly source: 'camera' | 'screen'
  }) => void
  onRemoteStreamRemoved: (event: {
    readonly roomId: string
    readonly peerId: PeerId
    readonly source: 'camera' | 'screen'
  }) => void
  /** Anything in the room's picture changed; see `room.view()`. Several changes at once are one event. */
  onRoomChanged: (event: { readonly roomId: string; readonly room: Room }) => void
}

/** What every protocol does; each adapter runs the adapter contract suite. */
export interface ProtocolAdapter {
  readonly name: ProtocolName
  readonly carrier: Carrier
  /** @throws {CodecError} `link-…` for a link that is missing, truncated, damaged or of a future version. */
  joinRoom(link: string): Promise<Room>
  close(): void
}
