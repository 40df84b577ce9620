/**
 * Purpose. Files in conversations on the page: choosing, dropping and pasting them, those on their way, and one in a message.
 * Promises. Nothing is sent before the user says so; nothing is fetched unasked but from the user's own node; what is fetched is saved as bytes, or shown as a
 * picture whose first bytes are those of one, and never read as a page.
 * Does not. Seal, send or fetch: the session and core do.
 * May import. session, state, text, ui, and what is beside it that only knows text.
 */
export { FileCard, type FileActions } from './FileCard.tsx'
export { FilesTray } from './FilesTray.tsx'
export { Staging } from './staging.ts'
