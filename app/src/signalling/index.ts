/**
 * Purpose. The signalling server: people in one room find each other and exchange sealed frames by it.
 * Promises. It stores nothing and can read nothing; servers that share a bus are one; every resource is bounded as a relay's is.
 * Does not. Listen on a port: the HTTP server hands upgrades over. Nor speak a protocol of its own: it is that of the DHT relay.
 * May import. @p2pigeon/core, @p2pigeon/core/relay-protocol, @p2pigeon/core/node, ../hypernat, ../dht (types).
 */
export { createSignalling, type Signalling, type SignallingOptions, type SignallingStats } from './create-signalling.ts'
export { LocalBus, openRedisBus, type Bus } from './bus/index.ts'
