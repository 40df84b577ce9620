/**
 * Purpose. The carrier for browsers: the DHT by way of a relay.
 * Promises. What `../relay` promises; two relays meet by the DHT alone.
 * Does not. Take part in the DHT itself; `../dht-native` does.
 * May import. ../relay, ../../carrier.ts.
 */
export { dhtRelayCarrier, type DhtRelayCarrierOptions } from './dht-relay-carrier.ts'
