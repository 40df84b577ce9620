/**
 * Purpose. The single place that builds core's objects and shows their state to views.
 * Promises. The seed is a non-extractable key; what is kept of the user is sealed; a link code stays in this tab and in the
 * recent rooms of this device.
 * Does not. Show anything or hold words for people.
 * May import. @p2pigeon/core, state, idb, react (the context only).
 */
export { SessionContext, useSession } from './context.ts'
export { IdentitiesContext, type Identities, type ShownChange, type ShownIdentity } from './identities.ts'
export { roadNames, type RoadChoice } from './roads.ts'
export { browserPage, Session, type OpenedLink, type PageDoctor, type PagePorts } from './session.ts'
export type { CorePorts, Manager, PeopleCore, ReadLink } from './manager.ts'
export {
  isBackupDue,
  type Care,
  type CareValue,
  type Keeper,
  type KeeperState,
  type UnlockWay,
  type VaultPage,
} from './vault/index.ts'
export {
  isOutgoingOver,
  type CallSettings,
  type FoundCard,
  type ImportedContact,
  type IncomingView,
  type MissedCall,
  type OpenedContacts,
  type OpenedRoster,
  type OutgoingView,
  type People,
  type PeopleLoader,
} from './people/index.ts'
export type {
  ChatFiles,
  Chats,
  ChatSettings,
  OwnRelay,
  RelayAnswer,
  ChatsLoader,
  ChatsState,
  ChatView,
  Correspondent,
  LegacyChats,
  LegacyView,
} from './chat/index.ts'
export { keepsNoFiles, type AttachmentView, type FilesLoader, type FilesState, type RoomFiles } from './files/index.ts'
export type { Call, CallState, EndReason } from './call.ts'
export type { Abilities, Device, DeviceList, Devices } from './devices.ts'
export { openDatabase } from './database.ts'
export { Fault, faultCode } from './fault.ts'
export type { LocalMedia, LocalMediaSnapshot, MediaWish } from './local-media.ts'
export { meterLevel, type LevelMeter } from './level-meter.ts'
export type { NodeStatus } from './node-status.ts'
export type { Announcement, Notices, Toast } from './notices.ts'
export { maxNameLength, type Preferences, type PreferencesValue, type Theme } from './preferences.ts'
export type { RecentRoom } from './recent-room.ts'
export { maxRoomNameLength, type RecentRooms } from './recent-rooms.ts'
export type { Candidate, Credential, Found, PasskeyView, ProtectionView } from './vault/controls/index.ts'
