/**
 * Purpose. `@p2pigeon/core`: end-to-end encrypted rooms, peer to peer, in browsers and Node.
 * Promises. What is exported here is the public API; everything else may change.
 * Does not. Need a server of ours: any DHT relay will do, and none can read anything.
 * May import. every folder of core except testing and the Node parts (`@p2pigeon/core/node`).
 *
 * ```ts
 * import { ProtocolManager } from '@p2pigeon/core'
 *
 * const manager = new ProtocolManager()
 * await manager.initialize({ displayName: 'Ada', serverlessMesh: { relayUrls: ['ws://localhost:3060/dht'] } })
 * manager.on('onPeerConnect', ({ peer }) => console.log(`${peer.name} is here`))
 * const code = await manager.createRoomLink() // share https://your.node/#/r/<code>
 * const room = await manager.joinRoom(code)
 * await manager.startLocalStream() // microphone and camera
 * await manager.sendMessage(room.roomId, 'Hello')
 * ```
 */
export {
  ProtocolManager,
  type IceSource,
  type DhtRoad,
  type NostrRoad,
  type ProtocolConfigs,
  type ProtocolEvents,
  type ProtocolName,
  type ServerRoad,
} from './protocol/index.ts'
export {
  PigeonError,
  UsageError,
  CodecError,
  AuthenticationError,
  TransportError,
  LimitError,
  InternalError,
} from './errors/index.ts'
export { importSeed, type PeerId } from './identity/index.ts'
export {
  createRoomLink,
  encodeRoomLink,
  linkCodeOf,
  parseRoomLink,
  deriveRoomKeys,
  standardPolicy,
  type RoomLink,
  type RoomPolicy,
} from './link/index.ts'
export {
  maxMessageBytes,
  maxMessageFiles,
  maxNameLength,
  maxParticipants,
  type ConnectionState,
  type DeliveryState,
  type Exposure,
  type ExposureParty,
  type InviteTerms,
  type KnockView,
  type Learns,
  type MessageFile,
  type MessageView,
  type ParticipantView,
  type Room,
  type RoomAlarm,
  type RoomFileAccess,
  type ChatMemory,
  type RoomMemory,
  type RoomState,
  type RoomView,
  type SelfView,
} from './room/index.ts'
export type { EntryMode, FileRight, Role } from './control-log/index.ts'
export type { ComparisonView } from './comparison/index.ts'
export { privacyLevels, sanitizeIceCandidate, type PrivacyLevel } from './ice/index.ts'
export { sanitizeSDP } from './sdp/index.ts'
export type { DeviceChoice, LocalMediaView, MediaState, SourceState } from './media/index.ts'
export { browserRuntime, type Runtime } from './runtime/index.ts'
export {
  dhtRelayCarrier,
  Roads,
  serverCarrier,
  type Carrier,
  type CarrierName,
  type CarrierState,
  type RoadView,
} from './signalling/index.ts'
