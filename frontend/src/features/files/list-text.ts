import { rootFolder, type DataRoomView, type NodeState } from '@p2pigeon/core/files'
import { keepsNoFiles } from '../../session/index.ts'
import { fileFault, filesText as words } from '../../text/files/index.ts'
import type { FilesUiState } from './files-view-model.ts'

/** Why nothing can be added here, where nothing can. */
export function whyNotWritten(node: NodeState): string {
  return keepsNoFiles(node) ? fileFault('no-data-room').title : words.noRight
}

/** How much is in the list; nothing before that is known. */
export function countText(node: NodeState, query: string, count: number): string | undefined {
  if (node.kind === 'opening' && count === 0) return undefined
  return query.trim() === '' ? words.items(count) : words.found(count)
}

/** What stands where the list would be. */
export function nothingText(
  { node, mayWrite }: Pick<DataRoomView, 'node' | 'mayWrite'>,
  { place, query, folder }: Pick<FilesUiState, 'place' | 'query' | 'folder'>,
): { readonly title: string; readonly body?: string } {
  const { empty } = words
  if (place === 'deleted') return { title: empty.deleted, body: empty.deletedBody }
  if (query.trim() !== '') return { title: words.foundNone(query.trim()) }
  if (folder !== rootFolder) return { title: empty.folder, ...(mayWrite ? { body: empty.folderBody } : {}) }
  // Without a node that keeps files nobody has said that there are none.
  if (keepsNoFiles(node)) return { title: empty.unknown }
  return { title: empty.title, body: mayWrite ? empty.body : empty.reader }
}
