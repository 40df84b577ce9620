/**
 * Purpose. Contents of files as blocks of ciphertext.
 * Promises. What comes out of a reader is what the author wrote, whoever gave it; memory holds a segment and no more.
 * Does not. Know names, journals or nodes.
 * May import. bytes, codec, crypto, errors.
 */
export { loadBlake3 } from './blake3.ts'
export { hashBytes, layoutOf } from './layout.ts'
export { ObjectReader, type ObjectSource, type PartRange } from './object-reader.ts'
export { ObjectWriter, type ReadPart, type SealedSegment } from './object-writer.ts'
