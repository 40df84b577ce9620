/**
 * Purpose. Conversations with people whose clients know NIP-04 only.
 * Promises. Each is started by the user and is its own, never one with a conversation of NIP-17: another id, other slots, other code. Letters are asked
 * for of those people only. Bounded, each letter once.
 * Does not. Keep secret who writes to whom, when or how much, or have anything but text.
 * May import. errors, bytes, lifetime, runtime, nostr; of chat only names of things: never its messages.
 */
export { LegacyMessenger, type LegacyEvents, type LegacyPorts } from './messenger.ts'
export { legacyIdOf, type LegacyConversation, type LegacyId, type LegacyMessage, type LegacyStanding } from './view.ts'
