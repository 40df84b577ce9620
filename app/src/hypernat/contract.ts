import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '@p2pigeon/core/node'
import type { DhtService, Log } from '../dht/index.ts'
import type { HypernatLimits } from './limits.ts'

export interface HypernatOptions {
  readonly dht: DhtService
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
