/**
 * Purpose. The tree of what counts, and how it is shown.
 * Promises. One more op costs as much as it changes; what nobody looks at costs nothing.
 * Does not. Read drives or decide what counts.
 * May import. files/tree, files/journal, control-log, the views of the client.
 */
export { MergedTree, type ReadJournal } from './merged-tree.ts'
export { Picture } from './picture.ts'
