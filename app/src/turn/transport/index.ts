/**
 * Purpose. The sockets on which clients reach the TURN server: datagrams and streams on one port.
 * Promises. Each client is one key; what it takes too slowly is dropped at a bound; closing leaves no socket.
 * Does not. Read a message beyond its length.
 * May import. turn-server, relay, stun, limits, platform, @p2pigeon/core/node.
 */
export { listenBoth } from './listen-both.ts'
export type { Listener, ListenAt } from './udp-listener.ts'
