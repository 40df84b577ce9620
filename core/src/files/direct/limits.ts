import { maxObjectBytes, blockBytes, sealedSegmentBytes } from '../limits.ts'

/** Bytes of an object in one message, of all pieces but the last: little enough that a short answer overtakes a long one, and a message of the chat waits little. */
export const pieceBytes = 16_384
/** The same on a fast way, where each message costs both ends more than its bytes do. With its head it is less than the 65,536 bytes that everybody takes (RFC 8841, section 6.1). */
export const longPieceBytes = 61_440
/** A way is fast that takes no longer than this until the channel asks for more: the 32 KiB which it has sent by then are 1.3 MB/s, so a long piece holds up others for 50 ms at most. */
export const fastDrainMs = 25
/** The most that one request may ask for: a segment. */
export const maxAskedBytes = sealedSegmentBytes
/** Where a part can end: the hashes of the largest object, 32 bytes for each block. */
export const maxPartBytes = (maxObjectBytes / blockBytes) * 32
/** Requests to one member that have no whole answer yet: as many files as are read at a time, each one segment ahead. */
export const maxRequestsPerPeer = 8
/** Answers to all members that are being made or sent: each holds a segment, 64 MiB together. */
export const maxServesInAll = 16
/** A member that sends nothing of what it was asked for so long is given up, one look later at the latest. */
export const silentAfterMs = 8_000
/** How often it is looked whether anything came in that time. */
export const looksAtSilence = 8
/** What this device cannot begin to give within so long, because its node does not answer, it says it has not: whoever asked would take it for silent. */
export const answerWithinMs = 6_000
/** A member that is slower than this over all that it was asked for, 128 kbit/s, is given up. */
export const minBytesPerSecond = 16_384
/** A member that was given up is not asked again for so long: every request would cost the wait once more. */
export const restMs = 60_000
/** Objects of one member that were not what their author signed. One that has given more wrong ones is asked for nothing at all. */
export const maxLies = 256
