/**
 * Purpose. A room: who is in it by proven identity, how they are reached, what they say and show.
 * Promises. Full mesh up to `maxParticipants`; a participant is whoever holds an identity key, however often it
 *           reconnects; messages keep one causal order; the view is an immutable picture.
 * Does not. Choose carriers or know the frontend; forward media.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, identity, signalling, link, comparison, channel, control-log,
 *             media, peer, files.
 */
export { MeshRoom, type MeshRoomEvents } from './mesh-room.ts'
export type { MeshRoomPorts } from './room-parts.ts'
export type { Exposure, ExposureParty, Learns } from './exposure-view.ts'
export type { RoomMemory } from './memory.ts'
export type { ChatMemory } from './chat/index.ts'
export { maxNameLength } from './name.ts'
export {
  maxMessageBytes,
  maxMessageFiles,
  maxParticipants,
  type ConnectionState,
  type DeliveryState,
  type InviteTerms,
  type KnockView,
  type MessageFile,
  type MessageView,
  type ParticipantView,
  type Room,
  type RoomAlarm,
  type RoomFileAccess,
  type RoomState,
  type RoomView,
  type SelfView,
} from './view.ts'
