/**
 * Purpose. In-room messages: ids, causal order, acknowledgement, repetition after a loss.
 * Promises. Every member ends with the same order; what a present member did not get is sent again; memory is bounded.
 * Does not. Encrypt (the session does), keep history beyond this page load, or know carriers.
 * May import. errors, bytes, lifetime, codec, runtime, identity, ../view.ts.
 */
export { Conversation, type ConversationPorts } from './conversation.ts'
