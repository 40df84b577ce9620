/**
 * Purpose. Direct calls: a person rings another by public key, and both meet in a room; and lines between their devices, for messages.
 * Promises. Only contacts ring; before the callee's own act there is no link, no media and no address; the caller proves itself before
 * anything rings, the callee before the caller shows itself; every reply, queue and timer is bounded by a named limit.
 * Does not. Keep contacts or requests, make or join rooms, or hide who is reachable from those who have the contact card.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, identity, signalling, link, channel.
 */
export { Ringer, type CallerVerdict, type RingerEvents, type RingerPorts } from './ringer.ts'
export type { IncomingCall, OutgoingCall } from './calls.ts'
export type { TalkHandlers, TalkLine } from './talk-line.ts'
export type { IncomingState } from './incoming-state.ts'
export type { CallTerms } from './outgoing.ts'
export type { OutgoingState } from './outgoing-state.ts'
export type { CancelReason } from './ring-frame.ts'
