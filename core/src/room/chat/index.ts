/**
 * Purpose. In-room messages: ids, causal order, acknowledgement, repetition after a loss.
 * Promises. Every member ends with the same order; what a present member did not get is sent again; memory is bounded. Where
 *           the room keeps its chat, a reload loses and doubles nothing; elsewhere nothing of it is ever written.
 * Does not. Encrypt (the session does, and whoever keeps it), hand on what others wrote, or know carriers.
 * May import. errors, bytes, lifetime, codec, runtime, identity, ../view.ts, ../hello.ts, ../later.ts.
 */
export { Conversation, type ConversationPorts } from './conversation.ts'
export type { ChatMemory } from './chat-keeper.ts'
