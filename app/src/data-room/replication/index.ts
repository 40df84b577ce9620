/**
 * Purpose. Nodes of the same drives find each other and replicate; members' nodes name their drives to replicas.
 * Promises. Uses the node's own DHT and gives it back whole; a replica's secret is proved, never sent.
 * Does not. Store anything or know clients.
 * May import. dht (contract), pear, the limits beside it.
 */
export { Replication } from './replication.ts'
