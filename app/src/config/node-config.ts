import type { Redacted } from '../platform/index.ts'
import type { TurnPort } from '../turn/index.ts'

/** `auto` asks the public DHT's bootstrap nodes and falls back to this machine; the others do not ask. */
export type NetworkChoice = 'auto' | 'public' | 'local'

/** An `RTCIceServer` whose credential cannot be printed by accident. */
export interface IceServer {
  readonly urls: readonly string[]
  readonly username?: string
  readonly credential?: Redacted<string>
}

/** STUN and TURN: the server inside the node, and others that its clients are told. */
export interface TurnConfig {
  readonly port: TurnPort
  /** At most one IPv4 and one IPv6 address under which the server is known outside; empty: found by itself. */
  readonly publicAddresses: readonly string[]
  /** `turns:` addresses of a proxy that ends TLS and hands the connections to this server. */
  readonly tlsUrls: readonly string[]
  /** Private ranges, in CIDR form, that may be relayed to. */
  readonly allowPeers: readonly string[]
  readonly stunUrls: readonly string[]
  readonly turnUrls: readonly string[]
  /** Shared with the servers of `turnUrls`; there whenever those are. */
  readonly secret: Redacted<string> | undefined
}

/** Whether this node keeps files of rooms, and how much of them. */
export interface DataRoomConfig {
  readonly on: boolean
  /** Bytes that one key may keep. */
  readonly quotaBytes: number
  /** Bytes of all drives together. */
  readonly quotaAllBytes: number
  /** Drives of other nodes that are followed at most. */
  readonly maxFollowed: number
}

/** Everything that the environment decides. Deeply frozen. */
export interface NodeConfig {
  /** Address or name to listen on. */
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** A second listener for the DHT relay; `undefined` serves it on `port` under `/dht`. */
  readonly dhtRelayPort: number | undefined
  /** Absolute path; may not exist yet. */
  readonly dataFolder: string
  readonly network: NetworkChoice
  /** `host:port` of the DHT nodes to join through, instead of the built-in ones; empty for those. */
  readonly bootstrap: readonly string[]
  readonly iceServers: readonly IceServer[]
  readonly turn: TurnConfig
  /** Browser origins besides the node's own, in the form `https://host[:port]`. */
  readonly origins: readonly string[]
  /** The signalling server of another node, told to our page instead of our own. */
  readonly signallingUrl: string | undefined
  /** Whether this node runs a signalling server, and the bus that it shares with others. */
  readonly signalling: { readonly on: boolean; readonly busUrl: Redacted<string> | undefined }
  /** Whether this node runs a Nostr relay, and others that its page is told of. */
  readonly nostr: { readonly on: boolean; readonly relays: readonly string[] }
  readonly dataRoom: DataRoomConfig
  /** Whether this node keeps encrypted files of conversations; sizes of one, and of all together, in bytes. */
  readonly blobs: { readonly on: boolean; readonly maxBytes: number; readonly totalBytes: number }
  /** Address ranges, in CIDR form, of proxies whose word on the client's address is taken. */
  readonly trustedProxies: readonly string[]
  readonly dhtRelayUrl: string | undefined
}
