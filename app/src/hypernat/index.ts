/**
 * Purpose. The DHT relay for browsers: announce, look up, dial and accept by a framed WebSocket.
 * Promises. No user key, name or plaintext ever reaches it; any bytes and any disconnect are survived; every resource is bounded.
 * Does not. Listen on a port: the HTTP server hands upgrades over.
 * May import. @p2pigeon/core, @p2pigeon/core/relay-protocol, @p2pigeon/core/node, ../dht, ../platform.
 */
export { createHypernat } from './hypernat.ts'
export { defaultLimits, type HypernatLimits } from './limits.ts'
export type { Beyond, Hypernat, HypernatOptions, HypernatStats } from './contract.ts'
