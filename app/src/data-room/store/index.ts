/**
 * Purpose. The drives of a node on its disk: segments, journals, quotas, and what is known of each drive.
 * Promises. What was acknowledged survives a crash of the process and of the machine; a full disk refuses and loses nothing; journals only grow.
 * Does not. Know HTTP, sessions, or how nodes find each other.
 * May import. platform, pear, the limits and refusals beside it.
 */
export { DataStore } from './data-store.ts'
export type { OpenDrive } from './open-drive.ts'
export { maxBytesOf, type ByteRange, type SegmentName } from './segment.ts'
