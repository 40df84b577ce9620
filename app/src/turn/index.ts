/**
 * Purpose. A STUN and TURN server for one person or a small team, and the ICE servers that the node tells its clients.
 * Promises. Relays only for holders of credentials, never to this machine or private ranges; every resource is bounded.
 * Does not. Log or keep addresses beyond an allocation's life; speak TLS: production puts coturn there.
 * May import. platform, @p2pigeon/core errors, @p2pigeon/core/node.
 */
export { parsePeerRange } from './access/index.ts'
export { iceAnswer, type IceAnswer, type IceServerEntry, type IceSources, type ReachedBy } from './ice-servers.ts'
export type { TurnLimits } from './limits.ts'
export { defaultTurnPort, startTurn, type TurnOptions, type TurnPort, type TurnService } from './start-turn.ts'
export type { TurnStats } from './turn-server.ts'
