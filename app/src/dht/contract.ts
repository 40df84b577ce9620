import type { Clock, DhtNode, HyperNode } from '@p2pigeon/core/node'

/** The network in use: everyone's, or one of this machine only. */
export type DhtNetwork = 'public' | 'local'

/** `auto` takes the public network when it answers and the local one until then. */
export type DhtMode = 'auto' | DhtNetwork

/** How the network stands, with a sentence for people. The sentence holds no address. */
export type DhtStatus =
  | { readonly kind: 'public'; readonly words: string }
  | { readonly kind: 'public-unreachable'; readonly words: string }
  /** `shared` is true when another process of this machine runs the bootstrap node. */
  | { readonly kind: 'local'; readonly shared: boolean; readonly words: string }

/** What this folder and `hypernat` need of a logger. Messages never hold keys, topics or addresses. */
export interface Log {
  info(message: string): void
  warn(message: string): void
}

export interface DhtOptions {
  readonly mode: DhtMode
  /**
   * `host:port` of the nodes to join through; by default the public ones (`auto`, `public`) or the embedded one (`local`).
   * When all of them are on loopback, nobody beyond this machine is met.
   */
  readonly bootstrap?: readonly string[]
  /** True when the bootstrap nodes answer; by default each is pinged once, 1 s at most. For tests. */
  readonly probe?: (bootstrap: readonly string[]) => Promise<boolean>
  /** UDP port on 127.0.0.1 where nodes of one machine meet; 49736 by default. */
  readonly localPort?: number
  /** Milliseconds between re-checks of the network, ± 20 %; 30 000 by default. */
  readonly recheckMs?: number
  readonly clock: Clock
  readonly log: Log
}

/** The DHT as the other services see it. */
export interface DhtService {
  readonly network: DhtNetwork
  readonly status: DhtStatus
  /** `host:port` of the nodes through which another process joins the network in use. */
  readonly bootstrap: readonly string[]
  /** The node in use now; ask again after a change of network. */
  node(): DhtNode
  /** The same one as it is, for a library that brings its own protocol. Whoever borrows it does not end it. */
  hyperNode(): HyperNode
  /** Called after each change of network; the former node lives on until its last stream has ended. */
  onNetworkChanged(changed: (network: DhtNetwork) => void): () => void
  /** Called after each change of `status`. */
  onStatusChanged(changed: (status: DhtStatus) => void): () => void
  close(): Promise<void>
}
