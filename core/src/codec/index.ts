/**
 * Purpose. Reading and writing length-bounded binary fields, padding that hides lengths, and text and names that are safe to show.
 * Promises. Foreign bytes are read within stated bounds or refused with a CodecError; nothing is allocated on their word.
 * Does not. Know any message: each protocol composes its own out of these.
 * May import. errors, bytes.
 */
export { Reader } from './reader.ts'
export { Writer } from './writer.ts'
export { fileName, nameKey, numberedName } from './file-name.ts'
export { pad, padToMultiple, unpad } from './padding.ts'
export { padmeLength, padmeRoom } from './padme.ts'
export { isVisibleText, visibleText } from './visible-text.ts'
