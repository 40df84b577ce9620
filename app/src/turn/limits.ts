/** Every bound of the TURN server. Times in ms, sizes in bytes, rates per second. */
export interface TurnLimits {
  /** One allocation is one UDP socket, so that files and memory bound this. */
  readonly maxAllocations: number
  readonly maxAllocationsPerUser: number
  readonly maxAllocationsPerAddress: number
  readonly maxPermissionsPerAllocation: number
  readonly maxChannelsPerAllocation: number
  /** Payload that one allocation may relay in both directions together; what is above it is dropped, as a full line does. */
  readonly bytesPerSecond: number
  /** The same for all allocations together. */
  readonly totalBytesPerSecond: number
  /** Payload in the whole life of an allocation; it ends there. */
  readonly maxBytesPerAllocation: number
  /** However often it is refreshed. */
  readonly maxAllocationAgeMs: number
  /** Largest message of any kind; a stream that announces a larger one is ended. */
  readonly maxMessageBytes: number
  /** Largest message that is not data. */
  readonly maxRequestBytes: number
  /** Token buckets of messages without valid credentials: per source address (an IPv6 /64) and in all. */
  readonly strangerBurst: number
  readonly strangersPerSecond: number
  readonly totalStrangerBurst: number
  readonly totalStrangersPerSecond: number
  /** Streams (TCP). */
  readonly maxStreams: number
  readonly maxStreamsPerAddress: number
  /** A stream without an allocation is ended after this. */
  readonly idleStreamMs: number
  /** Bytes that may wait for a client or a peer that takes them slowly; datagrams beyond it are dropped. */
  readonly maxQueuedBytes: number
  readonly nonceMs: number
  readonly defaultLifetimeMs: number
  readonly maxLifetimeMs: number
  readonly permissionMs: number
  readonly channelMs: number
}

const mebibyte = 1_048_576

/**
 * Meant for one person or a small team on one machine. On loopback everybody has the same address, and a browser makes an
 * allocation for each server address, interface and peer: a full room of eight on one machine takes about 250.
 */
export const defaultTurnLimits: TurnLimits = {
  maxAllocations: 1_024,
  maxAllocationsPerUser: 128,
  maxAllocationsPerAddress: 512,
  maxPermissionsPerAllocation: 128,
  maxChannelsPerAllocation: 128,
  // A screen and a camera at their best take 1 MiB; files may use the rest.
  bytesPerSecond: 16 * mebibyte,
  totalBytesPerSecond: 128 * mebibyte,
  maxBytesPerAllocation: 65_536 * mebibyte,
  maxAllocationAgeMs: 24 * 3_600_000,
  // Media and SCTP keep to about 1,200 bytes.
  maxMessageBytes: 4_096,
  maxRequestBytes: 1_500,
  strangerBurst: 512,
  strangersPerSecond: 128,
  totalStrangerBurst: 2_048,
  totalStrangersPerSecond: 1_024,
  maxStreams: 1_024,
  maxStreamsPerAddress: 512,
  idleStreamMs: 30_000,
  maxQueuedBytes: mebibyte,
  nonceMs: 600_000,
  // RFC 8656 sections 3.2, 9 and 12.
  defaultLifetimeMs: 600_000,
  maxLifetimeMs: 3_600_000,
  permissionMs: 300_000,
  channelMs: 600_000,
}
