/**
 * Purpose. The carrier for Node, which speaks to the DHT itself, and the node that relays build on.
 * Promises. Implements the carrier contract; every announcement and every dial has a fresh key pair of its own.
 * Does not. Load hyperdht before it is used; run in a browser.
 * May import. errors, bytes, lifetime, runtime, ../framing, ../../carrier.ts.
 */
export { nativeDhtCarrier, type NativeDhtCarrierOptions } from './native-dht-carrier.ts'
export { DhtNode, type DhtKeyPair, type DhtStream } from './dht-node.ts'
export { DhtPipe, type DhtPipeHandlers } from './dht-pipe.ts'
export { bootstrapAnswers, parseBootstrap } from './bootstrap.ts'
export { loadHyperDht, type HyperDht, type HyperNode } from './hyperdht.ts'
