/**
 * Purpose. The words between relay and client (NIP-01, NIP-42), in and out.
 * Promises. Any text is read within bounds and without a throw; what comes out of it has the form it claims.
 * Does not. Verify events, or know connections.
 * May import. @p2pigeon/core, @p2pigeon/core/nostr.
 */
export { readClientMessage, type ClientMessage } from './client-message.ts'
export { isTagValue, type Filter } from './filter.ts'
export { readJson } from './strict-json.ts'
export { relayMessage } from './relay-message.ts'
