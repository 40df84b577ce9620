/**
 * Purpose. A small store of encrypted files, each under the hash of its bytes: the part of Blossom (BUD-01, BUD-02) that conversations need.
 * Promises. What it has acknowledged survives a crash until it expires; nothing is kept under a hash that is not its own; sizes, rates and the whole are
 * bounded; nobody is told what there is.
 * Does not. Listen on a port, decrypt or list anything, or learn who somebody is.
 * May import. @p2pigeon/core/node, @p2pigeon/core/nostr, ../platform.
 */
export { openBlobs } from './blobs.ts'
export type { Blobs, BlobsOptions, BlobStats, BlobVisitor } from './contract.ts'
