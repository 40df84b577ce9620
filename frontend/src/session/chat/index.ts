/**
 * Purpose. Conversations with people, opened behind everything that somebody waits for.
 * Promises. One tab of a profile keeps them; they are sealed in the vault; messages go from device to device while both are online, and wait sealed at
 * relays for whoever is away.
 * Does not. Show anything.
 * May import. session’s people, vault and faults, state, types of core.
 */
export type { Chats, ChatSettings, ChatView, Correspondent, OwnRelay } from './chats.ts'
export type { ChatFiles } from './chat-files.ts'
export type { LegacyChats, LegacyView } from './legacy-chats.ts'
export type { RelayAnswer } from './own-relays.ts'
export { ChatsLoader, type ChatsState } from './chats-loader.ts'
