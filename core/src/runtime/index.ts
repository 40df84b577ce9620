/**
 * Purpose. The ports through which the library touches the world: time, randomness, sockets, peer connections, devices; and what may pass in a time.
 * Promises. Nothing else in core calls a global timer, random source, WebSocket, RTCPeerConnection or mediaDevices.
 * Does not. Choose an implementation: `browser/` and `node/` do.
 * May import. errors, lifetime.
 */
export type {
  Clock,
  MediaSource,
  PeerConnections,
  Random,
  Runtime,
  Socket,
  SocketHandlers,
  Sockets,
  TextSocket,
  TextSocketHandlers,
  TextSockets,
} from './ports.ts'
export { Allowance } from './allowance.ts'
export { browserRuntime } from './browser/index.ts'
export { fractionOf } from './fraction.ts'
