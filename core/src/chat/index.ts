/**
 * Purpose. Conversations of people, online and away: what is said, in what order, how far it has come, and what is kept of it.
 * Promises. One conversation whichever road is taken; kept before it is sent or acknowledged, shown once, in causal order; strangers wait as bounded
 * requests and learn nothing.
 * Does not. Find devices, encrypt what is kept (the slots do), or fetch anything that a message names.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, nostr, identity.
 */
export { Messenger, type MessengerEvents } from './messenger.ts'
export type { Acquaintance, ChatLine, MessengerPorts } from './ports.ts'
export type { Slots } from './slots.ts'
export type { FileDesk } from './file-desk.ts'
export type { FileStore, FileView, Http, ParcelState, ParcelView, Passage, PlainFile } from './files/index.ts'
export { maxLineFrameBytes, readLineFrame } from './line-frames.ts'
export { maxMembers, maxTextBytes, maxTitleLength } from './limits.ts'
export { conversationOf } from './rumors.ts'
export type {
  AuthorKey,
  ConversationId,
  ConversationView,
  DeliveryState,
  FoundMessage,
  MessageView,
  PersonView,
  ReactionView,
} from './view.ts'
export {
  LegacyMessenger,
  legacyIdOf,
  type LegacyConversation,
  type LegacyEvents,
  type LegacyId,
  type LegacyMessage,
  type LegacyPorts,
  type LegacyStanding,
} from './legacy/index.ts'
/** What an `Http` rejects with. */
export { LimitError, TransportError } from '../errors/index.ts'
export {
  freshSigner,
  npubOf,
  readPublicKey,
  relayUrlOf,
  RelayPool,
  type NostrSigner,
  type RelayHealth,
} from '../nostr/index.ts'
