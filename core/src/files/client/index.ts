/**
 * Purpose. The data room as a device uses it: where drives are read and written, and the one object that shows files and changes them.
 * Promises. What comes from a source is checked before anybody sees it; what resolves was kept by the node.
 * Does not. Derive keys of rooms, find members or show anything.
 * May import. files, errors, bytes, lifetime, codec, runtime, crypto, identity.
 */
export { DataRoom, type DataRoomEvents } from './data-room.ts'
export type { DataRoomPorts, FileRights, FileTalk } from './ports.ts'
export { NodeStore, type NodePorts } from './node-store.ts'
export { sessionKey, type SessionKey } from './session-key.ts'
export type { ByteRange, DriveStore, JournalPage, NearSource, Octets, Part, Quota, Source } from './source.ts'
export type { Job } from './transfers/index.ts'
export type { KeptUpload, UploadMemory } from './transfers/index.ts'
export { passingMemory } from './uploads.ts'
export { localWork, type NamedObject, type ObjectWork } from './work/index.ts'
export type { Port } from './work/index.ts'
export { serveWork, workOver } from './work/index.ts'
export {
  rootFolder,
  type DataRoomView,
  type DriveProblem,
  type EntryView,
  type FileBody,
  type NodeState,
  type OpenedFile,
  type Purgeable,
  type TransferState,
  type TransferView,
  type UploadFile,
  type VersionView,
} from './view.ts'
