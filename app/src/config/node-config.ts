import type { Redacted } from '../platform/index.ts'

/** `auto` asks the public DHT's bootstrap nodes and falls back to this machine; the others do not ask. */
export type NetworkChoice = 'auto' | 'public' | 'local'

/** An `RTCIceServer` whose credential cannot be printed by accident. */
export interface IceServer {
  readonly urls: readonly string[]
  readonly username?: string
  readonly credential?: Redacted<string>
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
  /** Browser origins besides the node's own, in the form `https://host[:port]`. */
  readonly origins: readonly string[]
  readonly signalingUrl: string | undefined
  readonly dhtRelayUrl: string | undefined
}
