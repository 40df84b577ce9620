/**
 * Purpose. One adapter for each road: rooms over the DHT, by a signalling server, by Nostr relays.
 * Promises. The same rooms, the same handshake and the same events whichever road is taken.
 * Does not. Choose between roads: the manager takes all of them at once.
 * May import. everything below protocol.
 */
export { NostrAdapter } from './nostr-adapter.ts'
export { RoomAdapter } from './room-adapter.ts'
export { ServerlessMeshAdapter } from './serverless-mesh-adapter.ts'
export { WebRTCAdapter } from './webrtc-adapter.ts'
