/**
 * Purpose. The files of a room in this tab: the library's data room, joined to the node, the vault, a worker and this device's disk.
 * Promises. Loaded when files are wanted and not before; the worker that hashes and encrypts reaches no network and keeps nothing.
 * Does not. Show anything.
 * May import. @p2pigeon/core/files (types), session, state.
 */
export type { AttachmentView } from './attachment-view.ts'
export { FilesLoader, openWhenLoaded, type FilesState } from './files-loader.ts'
export { keepsNoFiles } from './keeps-no-files.ts'
export type { PageFilesPorts } from './open-in-page.ts'
export type { RoomFiles } from './room-files.ts'
