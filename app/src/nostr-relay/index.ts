/**
 * Purpose. The node's own Nostr relay: mail for people who are away, and a road for those who look for each other.
 * Promises. Gift wraps are shown to their recipients only; only genuine events are passed on; any bytes and any disconnect are
 * survived; every resource is bounded.
 * Does not. Listen on a port, decrypt anything, or tell who reads what.
 * May import. @p2pigeon/core, @p2pigeon/core/nostr, @p2pigeon/core/node, libsql, ../platform.
 */
export { createNostrRelay } from './nostr-relay.ts'
export type { NostrRelayLimits } from './limits.ts'
export { everythingWelcome, privateMessagesOnly, type RelayPolicy } from './rules/index.ts'
export type { NostrRelay, NostrRelayOptions, NostrRelayStats } from './contract.ts'
