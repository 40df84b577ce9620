/**
 * Purpose. Who may use the TURN server and whom it relays to: credentials, nonces, rates of strangers, forbidden peers.
 * Promises. Nothing here is stored per stranger beyond a fixed number of counters; every refusal looks alike.
 * Does not. Own sockets or allocations.
 * May import. stun, limits, platform, @p2pigeon/core/node.
 */
export { Authenticator } from './authenticator.ts'
export { issueCredentials, passwordOf, longTermKey, type TurnCredentials } from './credentials.ts'
export { Nonces } from './nonces.ts'
export { parsePeerRange, peerPolicy, type PeerPolicy } from './peer-policy.ts'
export { Strangers } from './strangers.ts'
