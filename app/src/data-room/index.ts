/**
 * Purpose. Files of rooms as ciphertext: kept, served to clients, replicated between nodes and to blind replicas (docs/protocol/files.md).
 * Promises. Never has a key, a name or a content; what is acknowledged is not lost; everything a stranger can fill has a bound.
 * Does not. Know rooms or people, or judge hosts and origins.
 * May import. dht, platform, @p2pigeon/core.
 */
export type { DataClient, DataRoom, DataRoomOptions, DataRoomStats, NodeObjects } from './contract.ts'
export { createDataRoom } from './data-room.ts'
export { startReplica, type Replica, type ReplicaProgress } from './replica.ts'
export type { DataRoomLimits } from './limits.ts'
