/** WebSocket subprotocols: what kind of server, and the major version. One that does not speak it closes with `closeCodes.version`. */
export const subprotocols = { dht: 'p2pigeon-dht.1', server: 'p2pigeon-server.1' } as const

/** Minor versions that this code speaks; the highest one in both ranges is in force. */
export const minorVersions: VersionRange = { min: 0, max: 0 }

/** Private WebSocket close codes of the relay. */
export const closeCodes = {
  /** A frame that the protocol forbids. */
  violation: 4000,
  /** No common version. */
  version: 4001,
  /** Nothing was heard for too long. */
  silent: 4002,
} as const

/** Ids from here on are given by the relay (incoming streams), below by the client; each side counts up from its first. */
export const firstRelayId = 0x8000_0000

/** Bytes of a topic and of a public key. */
export const keyBytes = 32

/** Bytes before the payload of every frame. */
export const headerBytes = 5

/** Smallest and largest stream window that either side may declare, in bytes. */
export const windowBounds = { min: 4_096, max: 1_048_576 } as const

export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** The network the relay is on: everyone's, or one of its machine only. A signalling server says `public`. */
export type Network = 'public' | 'local'

/** Why a request failed. A code of a later minor version reads as `refused`. */
export type RefusalCode = 'refused' | 'unreachable' | 'limit' | 'failed'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * One message of the relay protocol: `u8 type | u32 id | payload`. Frames about the connection have id 0. A request's id
 * names its answers; the id of a connect, or of an incoming stream, names the stream.
 */
export type Frame =
  /** Client, first frame: what it speaks, and how many bytes each stream may hold on their way to it. */
  | { readonly type: 'hello'; readonly minors: VersionRange; readonly windowBytes: number }
  /** Relay, first frame, sent without waiting for `hello`. */
  | {
      readonly type: 'welcome'
      readonly minors: VersionRange
      readonly network: Network
      readonly keepaliveMs: number
      /** Bytes of each stream that may be on their way to the relay. */
      readonly windowBytes: number
      /** Largest `data` payload. */
      readonly maxDataBytes: number
      readonly maxStreams: number
      readonly maxAnnouncements: number
      readonly maxLookups: number
    }
  | { readonly type: 'network'; readonly network: Network }
  | { readonly type: 'announce'; readonly id: number; readonly topic: Bytes }
  | { readonly type: 'announced'; readonly id: number; readonly publicKey: Bytes }
  | { readonly type: 'unannounce'; readonly id: number }
  | { readonly type: 'lookup'; readonly id: number; readonly topic: Bytes }
  | { readonly type: 'peer'; readonly id: number; readonly publicKey: Bytes }
  | { readonly type: 'done'; readonly id: number }
  /** Ends a lookup, or a connect that is not open yet. */
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'connect'; readonly id: number; readonly publicKey: Bytes }
  | { readonly type: 'open'; readonly id: number }
  | { readonly type: 'refused'; readonly id: number; readonly code: RefusalCode }
  /** A stream that somebody opened to the announcement `announceId`. It is open at once. */
  | { readonly type: 'incoming'; readonly id: number; readonly announceId: number }
  /** 1 byte or more of a stream. Boundaries mean nothing. */
  | { readonly type: 'data'; readonly id: number; readonly bytes: Bytes }
  /** The receiver has consumed `credit` bytes (≥ 1): as many more may follow. */
  | { readonly type: 'ack'; readonly id: number; readonly credit: number }
  /** The last frame of a stream from this side; nothing is sent back but what is on its way. */
  | { readonly type: 'close'; readonly id: number }
  | { readonly type: 'ping'; readonly id: number }
  | { readonly type: 'pong'; readonly id: number }
  /** The relay is about to close; go elsewhere. */
  | { readonly type: 'going-away' }

export type FrameType = Frame['type']
