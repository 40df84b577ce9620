/**
 * Purpose. Files as messages speak of them: what a rumor says, names that are safe, sealing, where they may be fetched from, and how.
 * Promises. A server sees ciphertext only; what is fetched is checked before it is opened; only our own store and that of the sender's relay are ever asked.
 * Does not. Keep, queue or show anything, believe a type, or speak HTTP itself.
 * May import. errors, bytes, codec, runtime, crypto, nostr.
 */
export { download, upload } from './blossom.ts'
export { fileType, noteName, readFileNote, tagsOfFileNote, type FileNote } from './file-note.ts'
export { maxCopies, maxCopyBytes, maxFetchedBytes, maxParcelBytes, maxParcels, uploadRetryMs } from './limits.ts'
export { isOwnPlace, mayFetch } from './place.ts'
export type { FileStore, Http, HttpBody, HttpText, Passage, PlainFile } from './ports.ts'
export { openSealed, sealedLength, sealFile } from './sealing.ts'
export type { FileView, ParcelState, ParcelView } from './view.ts'
