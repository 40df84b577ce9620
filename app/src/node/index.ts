/**
 * Purpose. Builds the node out of its services, starts it and stops it.
 * Promises. Ready means listening and on a network; a failed start leaves nothing running; `stop` leaves nothing either.
 * Does not. Read the environment, watch signals or print.
 * May import. config, http, dht, hypernat, turn, platform, @p2pigeon/core.
 */
export { startNode, type NodePorts, type RunningNode } from './start-node.ts'
