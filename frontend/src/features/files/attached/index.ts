/**
 * Purpose. Files of a room where its chat speaks of them: those that go with a message, and those of one that came.
 * Promises. What a message says of a file gives way to what the file is; nothing of it is fetched unasked.
 * Does not. Send messages.
 * May import. files, session, state, text, ui; types of core.
 */
export { AttachmentTray } from './AttachmentTray.tsx'
export { FileCards } from './FileCards.tsx'
export { prepareUpload } from './prepare-upload.ts'
