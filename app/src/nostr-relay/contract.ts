import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, Random } from '@p2pigeon/core/node'
import type { Logger } from '../platform/index.ts'
import type { NostrRelayLimits } from './limits.ts'
import type { RelayPolicy } from './rules/index.ts'

export interface NostrRelayOptions {
  readonly clock: Clock
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** SQLite database, made if it is not there; `:memory:` keeps nothing. */
  readonly file: string
  /** Bounds that differ from `defaultLimits`. */
  readonly limits?: Partial<NostrRelayLimits>
  /** By default `privateMessagesOnly`. */
  readonly policy?: RelayPolicy
  /** For challenges; by default the platform's. */
  readonly random?: Random
  /** Names the client for the bounds per address; by default the socket's remote address. No header is honoured. */
  readonly clientAddress?: (request: IncomingMessage) => string | undefined
  /**
   * Names under which clients reach this relay, as in `relay.example`, for AUTH. By default the one in the request's
   * `Host`; needed behind a proxy that does not pass it on.
   */
  readonly hostNames?: (request: IncomingMessage) => readonly string[]
  /** Judges the `Origin` header. By default everybody's page may connect, as with every Nostr relay: no cookie is read here. */
  readonly allowedOrigins?: (origin: string | undefined) => boolean
}

/** Counts only: nothing here names a client, a key or an event. */
export interface NostrRelayStats {
  readonly connections: number
  readonly subscriptions: number
  readonly storedEvents: number
  readonly storedBytes: number
  /** Events taken, events sent to subscriptions, since the start. */
  readonly accepted: number
  readonly delivered: number
  /** Connections, events and requests refused since the start. */
  readonly refused: number
  /** Connections closed for breaking the protocol or falling behind since the start. */
  readonly dropped: number
}

/** A Nostr relay (NIP-01, 09, 11, 17, 40, 42, 59, 70). */
export interface NostrRelay {
  /** Takes over an HTTP upgrade; always answers or destroys the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** What is served to `Accept: application/nostr+json` (NIP-11); `host` is how the client calls this node. */
  information(host: string): object
  stats(): NostrRelayStats
  /** Closes every connection, then the database. */
  close(): Promise<void>
}
