/**
 * Purpose. The road by Nostr relays, of last resort: a relay is found almost anywhere.
 * Promises. Implements the carrier contract over several relays at once; one honest relay is enough; relays see fresh keys and ephemeral gift wraps
 * and nothing else; whatever they lose, repeat, reorder or invent, a stream is in order and whole, or ends.
 * Does not. Use anybody's own Nostr key, or store anything at a relay.
 * May import. errors, bytes, codec, lifetime, runtime, crypto, nostr, ../framing, ../../carrier.ts.
 */
export { nostrCarrier, type NostrCarrierOptions } from './nostr-carrier.ts'
