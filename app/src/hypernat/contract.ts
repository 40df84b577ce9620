import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, DhtNode } from '@p2pigeon/core/node'
import type { DhtNetwork, DhtService, Log } from '../dht/index.ts'
import type { HypernatLimits } from './limits.ts'

/** What lies beyond one relay: how its clients meet those of others. The DHT is one; a bus between signalling servers is another. */
export interface Beyond {
  readonly network: DhtNetwork
  /** How long an announcement waits, as it takes room from what its client does first; 200 ms by default. */
  readonly announceDelayMs?: number
  node(): Pick<DhtNode, 'newKeyPair' | 'announce' | 'lookup' | 'dial'>
  onNetworkChanged: DhtService['onNetworkChanged']
}

export interface HypernatOptions {
  readonly beyond: Beyond
  /** The WebSocket subprotocol that clients must speak; that of DHT relays by default. */
  readonly subprotocol?: string
  readonly clock: Clock
  readonly log: Log
  /** Bounds that differ from `defaultLimits`. */
  readonly limits?: Partial<HypernatLimits>
  /**
   * Judges the `Origin` header (undefined when there is none, as with clients that are not browsers).
   * By default: no origin, or the origin whose host is the request's `Host`.
   */
  readonly allowedOrigins?: (origin: string | undefined) => boolean
  /** Names the client for the bounds per address; by default the socket's remote address. No header is honoured. */
  readonly clientAddress?: (request: IncomingMessage) => string | undefined
}

/** Counts only: nothing here names a client, a topic or a key. */
export interface HypernatStats {
  readonly connections: number
  /** Those whose withdrawal is under way included. */
  readonly announcements: number
  readonly lookups: number
  /** Ends of streams held by clients, opening ones included. */
  readonly streams: number
  /** Connections and requests refused by a bound since the start. */
  readonly refused: number
  /** Connections closed for breaking the protocol since the start. */
  readonly violations: number
}

/** The relay that lets browsers use the DHT. */
export interface Hypernat {
  /** Takes over an HTTP upgrade; always answers or destroys the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  stats(): HypernatStats
  /** Tells clients, flushes, closes every connection and withdraws every announcement. */
  close(): Promise<void>
}
