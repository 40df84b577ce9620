/**
 * Purpose. The conversation of a room.
 * Promises. A stranger's text stays text; nothing in it is fetched.
 * Does not. Send or keep messages; core does.
 * May import. text, ui; types of core.
 */
export { ChatPanel } from './ChatPanel.tsx'
export { chatText } from './chat-text.ts'
export { countUnread } from './message-groups.ts'
