/**
 * Purpose. Words about the files of a room, apart from the rest: the first page loads without them.
 * Promises. As those of `text`.
 * Does not. Know components, nodes or drives.
 * May import. text.
 */
export { files as filesText } from './en-files.ts'
export { fileFault, stateText } from './file-words.ts'
