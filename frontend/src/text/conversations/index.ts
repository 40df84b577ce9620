/**
 * Purpose. Words about conversations, apart from the rest: the first page loads without them.
 * Promises. As those of `text`.
 * Does not. Know components, relays or devices.
 * May import. text.
 */
export { chats as chatsText } from './en-chats.ts'
export { files as filesText } from './en-files.ts'
export { legacy as legacyText } from './en-legacy.ts'
