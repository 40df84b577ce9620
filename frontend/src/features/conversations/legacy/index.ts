/**
 * Purpose. Conversations with old clients on the page: the way to start one, the list of them, and one of them.
 * Promises. Everywhere said to be unprotected, in words and by its look; nothing in a message can be clicked; only text goes out.
 * Does not. Share a list, a composer or a message with the other conversations.
 * May import. session, state, text, ui, and what is beside it that only knows text.
 */
export { LegacyConversation } from './LegacyConversation.tsx'
export { LegacyDialog } from './LegacyDialog.tsx'
export { LegacyList } from './LegacyList.tsx'
export { isLegacy } from './is-legacy.ts'
