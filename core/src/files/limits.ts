/** Plaintext of one block; the last of an object may be shorter. */
export const blockBytes = 65_536
/** A block with its tag. */
export const sealedBlockBytes = blockBytes + 16
/** Blocks of a segment, which is what is stored, sent and resumed. */
export const segmentBlocks = 64
/** Plaintext and ciphertext of a whole segment. */
export const segmentBytes = segmentBlocks * blockBytes
export const sealedSegmentBytes = segmentBlocks * sealedBlockBytes

/** The largest file, 64 GiB: its block hashes are 32 MiB, which a reader holds in memory. */
export const maxObjectBytes = 68_719_476_736

/** A sealed batch of a journal: what one message of a channel takes. */
export const maxBatchBytes = 61_440
/** Ops of one author that count, over all of its drives. */
export const maxOpsPerAuthor = 1_000_000
export const maxDrivesPerAuthor = 64
/** Batches of one drive: each with one op, they hold as many as an author has. */
export const maxBatchesPerDrive = 1_000_000
/** Name in an op, before it is cleaned. */
export const maxWrittenNameBytes = 1_024
/** RFC 6838 allows 127 for each half; no name in use needs so much. */
export const maxMediaTypeBytes = 127
/** The latest Lamport clock, u48. Writers stay there when somebody has jumped to it. */
export const maxClock = 2 ** 48 - 1
/** Folders within folders. What would go deeper is not moved there, or is made at the top, which also bounds the search for cycles. */
export const maxDepth = 256

/** Secret of a master. */
export const masterBytes = 32
/** Masters of one epoch: devices that begin to write at the same time make one each. */
export const maxMastersPerEpoch = 256
export const maxMasters = 4_096
/** Drives of one room that a device remembers: every author of a room of 64 with its 64. */
export const maxRememberedDrives = 4_096
