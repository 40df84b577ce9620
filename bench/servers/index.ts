/**
 * Purpose. Everything the contenders need beside a browser: pages, signalling of each kind, nodes of our own.
 * Promises. Each server listens on a free loopback port and is gone once its `close` has resolved.
 * Does not. Take part in a measurement beyond what its contender asks of it.
 * May import. page/fault.
 */
export type { Service } from './service.ts'
export { startDhtBootstrap } from './dht-bootstrap.ts'
export { startNostrRelay } from './nostr-relay.ts'
export { startPageServer } from './page-server.ts'
export { startPeerServer } from './peer-server.ts'
export { startPigeonNode, type PigeonNode } from './pigeon-node.ts'
export { startSignaller } from './signaller.ts'
