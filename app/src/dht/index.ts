/**
 * Purpose. A node of the DHT: the public network when it answers, an embedded one on loopback until then.
 * Promises. Decides within 2 s, says so in plain words, and moves to the public network when that answers later.
 * Does not. Hold a user's key, or know rooms, browsers or sockets.
 * May import. @p2pigeon/core, @p2pigeon/core/node.
 */
export { startDht } from './start-dht.ts'
export type { DhtMode, DhtNetwork, DhtOptions, DhtService, DhtStatus, Log } from './contract.ts'
