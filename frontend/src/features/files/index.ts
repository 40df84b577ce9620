/**
 * Purpose. The files of a room: list, transfers, versions, previews, and those that its chat speaks of.
 * Promises. Nothing that others wrote is ever run or interpreted in this page; every deed works by keyboard.
 * Does not. Know keys, nodes or drives.
 * May import. session, state, text, ui; types of core.
 */
export { AttachmentTray, FileCards, prepareUpload } from './attached/index.ts'
export { FilesView } from './FilesView.tsx'
