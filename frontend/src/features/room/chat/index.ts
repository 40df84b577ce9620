/**
 * Purpose. The conversation of a room.
 * Promises. A stranger's text stays text; nothing in it is fetched; a message of files goes out once they can be had.
 * Does not. Send or keep messages; core does.
 * May import. session, state, text, ui; types of core.
 */
export { Attachments } from './attachments.ts'
export { ChatPanel } from './ChatPanel.tsx'
export { chatText } from './chat-text.ts'
export { countUnread } from './message-groups.ts'
