/**
 * Purpose. The one tree that the journals of all members come to: folders, files and their versions.
 * Promises. The same batches make the same tree, whatever the order they come in; nothing that was put is lost; names are clean and unique.
 * Does not. Say which batches count, read drives or hold contents.
 * May import. files/journal, bytes, codec, identity.
 */
export { Tree } from './tree.ts'
export type { TreeNode } from './folder-rows.ts'
export type { TreeVersion } from './nodes.ts'
