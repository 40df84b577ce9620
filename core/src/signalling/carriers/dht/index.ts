/**
 * Purpose. The carrier for browsers: the DHT by way of a relay that speaks the protocol in `wire/`.
 * Promises. Implements the carrier contract; reconnects by itself, rotates over relays, announces again.
 * Does not. Trust the relay, or show it anything but topics and sealed frames.
 * May import. errors, bytes, codec, lifetime, runtime, ../framing, ../../carrier.ts.
 */
export { dhtRelayCarrier, type DhtRelayCarrierOptions } from './dht-relay-carrier.ts'
