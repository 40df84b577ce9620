import { maxObjectBytes, blockBytes, sealedSegmentBytes } from '../limits.ts'

/** Bytes of an object in one message: what every browser sends without cutting it up, and little enough that a short answer overtakes a long one. */
export const pieceBytes = 16_384
/** The most that one request may ask for: a segment. */
export const maxAskedBytes = sealedSegmentBytes
/** Where a part can end: the hashes of the largest object, 32 bytes for each block. */
export const maxPartBytes = (maxObjectBytes / blockBytes) * 32
/** Requests to one member that have no whole answer yet: as many files as are read at a time, each one segment ahead. */
export const maxRequestsPerPeer = 8
/** Answers to all members that are being made or sent: each holds a segment, 64 MiB together. */
export const maxServesInAll = 16
/** A member that sends nothing of what it was asked for so long is given up. */
export const silentAfterMs = 8_000
/** What this device cannot begin to give within so long, because its node does not answer, it says it has not: whoever asked would take it for silent. */
export const answerWithinMs = 6_000
/** A member that is slower than this over all that it was asked for, 128 kbit/s, is given up. */
export const minBytesPerSecond = 16_384
/** A member that was given up is not asked again for so long: every request would cost the wait once more. */
export const restMs = 60_000
/** Objects of one member that were not what their author signed. One that has given more wrong ones is asked for nothing at all. */
export const maxLies = 256
