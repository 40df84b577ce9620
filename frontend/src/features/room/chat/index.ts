/**
 * Purpose. The conversation of a room.
 * Promises. A stranger's text stays text; nothing in it is fetched.
 * Does not. Send or keep messages.
 * May import. text, ui; types of core.
 */
export { ChatPanel } from './ChatPanel.tsx'
export { countUnread } from './message-groups.ts'
