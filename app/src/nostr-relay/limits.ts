/** Every bound of the relay. Times in ms unless said otherwise, sizes in bytes. */
export interface NostrRelayLimits {
  /** Largest message of a client; a longer one closes the connection. */
  readonly maxMessageBytes: number
  readonly maxJsonDepth: number
  readonly maxTagsPerEvent: number
  readonly maxSubscriptionsPerConnection: number
  readonly maxFiltersPerRequest: number
  /** Values of all lists of one filter together. */
  readonly maxValuesPerFilter: number
  /** Values of all filters of a connection, and of all connections, each filter counting one more. */
  readonly maxValuesPerConnection: number
  readonly maxValues: number
  /** `#x` conditions of one filter. */
  readonly maxTagConditions: number
  /** Stored events that one filter is answered with; also when it names no `limit`. */
  readonly maxLimit: number
  /** Keys that one connection can prove. */
  readonly maxAuthenticatedKeys: number
  /** Unreadable messages that a connection gets away with. */
  readonly maxFaults: number
  readonly maxConnections: number
  readonly maxConnectionsPerAddress: number
  /** Token bucket of new connections of one address: how many at once, and how many a second for long. */
  readonly connectionBurst: number
  readonly connectionsPerSecond: number
  /** Token bucket of REQ of all connections of one address. */
  readonly requestBurst: number
  readonly requestsPerSecond: number
  /** Token bucket of EVENT and AUTH: each costs a signature check. */
  readonly eventBurst: number
  readonly eventsPerSecond: number
  /** Token bucket of EVENT and AUTH of everybody: other services of the node keep their share of the processor. */
  readonly totalEventBurst: number
  readonly totalEventsPerSecond: number
  /** Token bucket of the bytes of an address's messages. */
  readonly byteBurst: number
  readonly bytesPerSecond: number
  /**
   * Time that the requests of one address may take, in ms: how much at once, and per second for long. It bounds what
   * the other buckets cannot know: a filter that is easy to write and hard to answer.
   */
  readonly workBurstMs: number
  readonly workMsPerSecond: number
  /** Token bucket of stored gift wraps from one address to one recipient: nobody floods a mailbox. */
  readonly mailBurst: number
  readonly mailPerSecond: number
  /** Stored events that are not replaceable: the oldest make room. */
  readonly maxStoredEvents: number
  readonly maxStoredBytes: number
  /** Replaceable and addressable events have room of their own, so that mail and lists cannot push each other out. */
  readonly maxReplaceableEvents: number
  readonly maxReplaceableBytes: number
  /** Gift wraps that wait for one recipient. */
  readonly maxStoredPerRecipient: number
  readonly maxBytesPerRecipient: number
  /** Stored events that are not replaceable are forgotten after this time. */
  readonly retentionMs: number
  /** `created_at` may be this far off, in seconds. Replaceable events may be older. */
  readonly maxFutureSeconds: number
  readonly maxPastSeconds: number
  readonly maxEphemeralPastSeconds: number
  readonly maxAuthSkewSeconds: number
  /** How often what is expired is thrown away. */
  readonly sweepMs: number
  /** A silent client is pinged after this time, and dropped after the same time again. */
  readonly heartbeatMs: number
  /** A connection without a subscription that says nothing for so long is closed. */
  readonly idleMs: number
  /** A client that has used up a bucket is not read for this time. */
  readonly penaltyMs: number
  /** A client that does not answer a close is dropped after this time. */
  readonly lingerMs: number
  /** Bytes that wait in a client's socket before its stored events are held back and it is no longer read. */
  readonly holdAtBytes: number
  /** A reader that is this far behind is closed. */
  readonly maxBacklogBytes: number
  /** Backlog of all connections; above it every reader that is held back is closed. */
  readonly maxTotalBacklogBytes: number
}

const minuteMs = 60_000
const dayMs = 86_400_000

/**
 * Meant for a node that serves an organisation on one machine. The worst case of memory is `maxTotalBacklogBytes` and
 * half a message per connection: 400 MiB; of disk, about twice the stored bytes: 1.3 GiB.
 */
export const defaultLimits: NostrRelayLimits = {
  // 131,072 characters of event, its envelope, and some escapes.
  maxMessageBytes: 147_456,
  maxJsonDepth: 16,
  maxTagsPerEvent: 1_024,
  maxSubscriptionsPerConnection: 64,
  maxFiltersPerRequest: 16,
  maxValuesPerFilter: 1_024,
  maxValuesPerConnection: 4_096,
  // About 100 bytes each.
  maxValues: 1_000_000,
  maxTagConditions: 4,
  maxLimit: 500,
  maxAuthenticatedKeys: 16,
  maxFaults: 16,
  maxConnections: 2_048,
  // A team behind one address, several tabs each.
  maxConnectionsPerAddress: 128,
  connectionBurst: 128,
  connectionsPerSecond: 8,
  requestBurst: 1_000,
  requestsPerSecond: 50,
  eventBurst: 1_000,
  eventsPerSecond: 100,
  // About half of one core.
  totalEventBurst: 2_000,
  totalEventsPerSecond: 300,
  byteBurst: 33_554_432,
  bytesPerSecond: 2_097_152,
  workBurstMs: 4_000,
  workMsPerSecond: 250,
  // A picture sent in pieces to everybody of a group, then a long conversation.
  mailBurst: 300,
  mailPerSecond: 2,
  maxStoredEvents: 200_000,
  maxStoredBytes: 536_870_912,
  maxReplaceableEvents: 100_000,
  maxReplaceableBytes: 134_217_728,
  maxStoredPerRecipient: 5_000,
  maxBytesPerRecipient: 33_554_432,
  retentionMs: 30 * dayMs,
  maxFutureSeconds: 900,
  maxPastSeconds: 30 * 86_400,
  // NIP-59 allows the date of a wrap to be up to two days wrong.
  maxEphemeralPastSeconds: 3 * 86_400,
  maxAuthSkewSeconds: 600,
  sweepMs: minuteMs,
  heartbeatMs: 30_000,
  idleMs: 10 * minuteMs,
  penaltyMs: 250,
  lingerMs: 5_000,
  holdAtBytes: 262_144,
  maxBacklogBytes: 4_194_304,
  maxTotalBacklogBytes: 268_435_456,
}
