/** A block of ciphertext with its tag (docs/protocol/files.md). One of them is one block of the drive's core of contents. */
export const blockBytes = 65_552
/** 64 blocks: what is stored, sent and resumed. */
export const segmentBytes = 64 * blockBytes
/** Hashes of the blocks of one object, 32 bytes each: enough for objects of 64 GiB. */
export const hashesBytes = 32 * 1_048_576
/** A sealed batch of a journal. */
export const batchBytes = 61_440
/** Bytes of batches in one answer. */
export const journalAnswerBytes = 4 * 1_048_576
/** A body of `POST /data/follow`: 1,024 keys in hex with room around them. */
export const followBytes = 131_072

/** What strangers may make the data room spend. */
export interface DataRoomLimits {
  /** Bytes that one key may keep here. */
  readonly quotaBytes: number
  /** Bytes of all drives together, own and followed. */
  readonly quotaAllBytes: number
  /** Drives of others that are followed. */
  readonly maxFollowed: number
  /** Drives that are written here, and by one key. */
  readonly maxDrives: number
  readonly maxDrivesPerKey: number
  /** Drives that one key may ask to follow. */
  readonly maxFollowedPerKey: number
  /** Space left alone on the disk: a store that fills a disk to its end stops other programs, and itself. */
  readonly reserveBytes: number
  /** Bodies in memory at a time, of all clients together and of one address; proofs of sessions are counted apart. */
  readonly maxBufferedBytes: number
  readonly maxBufferedBytesPerAddress: number
  /** Answers being sent, or waited for, at a time: to all clients together and to one address. */
  readonly maxReads: number
  readonly maxReadsPerAddress: number
  /** A body must be whole by then, ms: 35 kB/s for a whole segment. */
  readonly bodyMs: number
  /** How long peers have to bring what is not here, ms. */
  readonly waitMs: number
  /** And for a journal, which is asked for again and again, ms. */
  readonly journalWaitMs: number
  readonly sessionMs: number
  readonly maxSessions: number
  /** How far a client's clock may be off, ms. */
  readonly skewMs: number
  /** Nonces remembered; each for twice `skewMs`. */
  readonly maxNonces: number
  /** Token buckets of one address: sessions, and requests of any kind. */
  readonly sessionBurst: number
  readonly sessionsPerSecond: number
  readonly requestBurst: number
  readonly requestsPerSecond: number
  /** And what uses up places for good: new drives, and drives that were not followed yet. */
  readonly driveBurst: number
  readonly drivesPerSecond: number
  readonly followBurst: number
  readonly followsPerSecond: number
  /** Secrets of replicas that are looked for at a time. */
  readonly maxReplicas: number
  /** Connections to other nodes. */
  readonly maxPeers: number
}

export const defaultLimits: DataRoomLimits = {
  quotaBytes: 10 * 1_073_741_824,
  quotaAllBytes: 100 * 1_073_741_824,
  maxFollowed: 1_024,
  maxDrives: 1_024,
  maxDrivesPerKey: 8,
  maxFollowedPerKey: 256,
  reserveBytes: 67_108_864,
  maxBufferedBytes: 100_663_296,
  // The hashes of one large object and a segment beside them.
  maxBufferedBytesPerAddress: hashesBytes + segmentBytes,
  maxReads: 256,
  maxReadsPerAddress: 64,
  bodyMs: 120_000,
  waitMs: 30_000,
  journalWaitMs: 2_000,
  sessionMs: 3_600_000,
  maxSessions: 4_096,
  skewMs: 300_000,
  maxNonces: 16_384,
  sessionBurst: 30,
  sessionsPerSecond: 0.5,
  requestBurst: 2_000,
  requestsPerSecond: 200,
  driveBurst: 64,
  drivesPerSecond: 1 / 600,
  followBurst: 512,
  followsPerSecond: 1 / 60,
  maxReplicas: 64,
  maxPeers: 128,
}
