/**
 * Purpose. What roads by a server have in common: a client of the relay protocol in `wire/`.
 * Promises. Implements the carrier contract; reconnects by itself, rotates over servers, announces again.
 * Does not. Trust the server, or show it anything but topics and sealed frames.
 * May import. errors, bytes, codec, lifetime, runtime, ../framing, ../../carrier.ts.
 */
export { relayCarrier, type RelayCarrierOptions } from './relay-carrier.ts'
