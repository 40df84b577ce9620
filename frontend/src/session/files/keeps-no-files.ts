import type { NodeState } from '@p2pigeon/core/files'

/** True once this page's node has said that it keeps no files of rooms. */
export function keepsNoFiles(node: NodeState): boolean {
  return node.kind === 'unreachable' && node.code === 'no-data-room'
}
