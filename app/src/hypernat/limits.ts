/** Every bound of the relay. Times in ms, sizes in bytes. */
export interface HypernatLimits {
  /** Bytes of one stream that a client may send before the other end has taken them. */
  readonly streamWindowBytes: number
  /** Largest `data` payload; a longer WebSocket message closes the connection. */
  readonly maxDataBytes: number
  readonly maxStreamsPerConnection: number
  readonly maxAnnouncementsPerConnection: number
  /** Lookups under way at a time. */
  readonly maxLookupsPerConnection: number
  readonly maxConnectsPerMinute: number
  readonly maxConnectionsPerAddress: number
  /** Token bucket of new connections of one address: how many at once, and how many a second for long. */
  readonly connectionBurst: number
  readonly connectionsPerSecond: number
  /** Token bucket of announce, lookup, connect and ping of all connections of one address. */
  readonly requestBurst: number
  readonly requestsPerSecond: number
  readonly maxConnections: number
  readonly maxStreams: number
  /** In all; those being withdrawn count until the DHT has let go of them. */
  readonly maxAnnouncements: number
  readonly maxLookups: number
  readonly maxPeersPerLookup: number
  readonly lookupTimeoutMs: number
  readonly connectTimeoutMs: number
  /** A client that has not said hello by then is dropped. */
  readonly helloTimeoutMs: number
  /** A silent client is asked after this time, and dropped after the same time again. */
  readonly keepaliveMs: number
  /** A stream whose last bytes the client does not take is dropped after this time. */
  readonly lingerMs: number
  /** Messages and bytes that may wait in a client's socket before its streams are held back. */
  readonly holdAtMessages: number
  readonly holdAtBytes: number
}

/**
 * Meant for a node that serves an organisation on one machine. The worst case of memory is
 * `maxStreams` × 1 window = 512 MiB, reached only if as many readers stand still at once; one connection holds 16 MiB.
 */
export const defaultLimits: HypernatLimits = {
  streamWindowBytes: 262_144,
  maxDataBytes: 65_536,
  maxStreamsPerConnection: 64,
  maxAnnouncementsPerConnection: 32,
  maxLookupsPerConnection: 16,
  maxConnectsPerMinute: 240,
  // A team behind one address, several tabs each.
  maxConnectionsPerAddress: 128,
  connectionBurst: 128,
  connectionsPerSecond: 8,
  requestBurst: 2_000,
  requestsPerSecond: 100,
  maxConnections: 2_048,
  maxStreams: 2_048,
  // hyperdht pings three nodes every 3 s for each, which keeps it dialable.
  maxAnnouncements: 2_048,
  maxLookups: 512,
  maxPeersPerLookup: 128,
  lookupTimeoutMs: 15_000,
  // Clients start their handshake right behind `connect` and give it 10 s: a dial must leave it time, or fail by name.
  connectTimeoutMs: 8_000,
  helloTimeoutMs: 10_000,
  keepaliveMs: 20_000,
  lingerMs: 5_000,
  holdAtMessages: 256,
  holdAtBytes: 262_144,
}
