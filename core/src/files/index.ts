/**
 * Purpose. The data room: files that the members of a room share.
 * Promises. Nodes and whoever keeps copies see ciphertext alone; whatever comes from them is checked before it is used.
 * Does not. Know rooms, pages or transports: they are given.
 * May import. errors, bytes, lifetime, codec, runtime, crypto, identity, control-log.
 */
export * from './client/index.ts'
export {
  compareRecords,
  decodeDriveRecord,
  driveRecordBytes,
  readDriveRecord,
  type Batch,
  type DriveRecord,
  type Op,
  type PutOp,
} from './journal/index.ts'
export type { ToldMaster } from './keys/index.ts'
export { masterBytes, maxDrivesPerAuthor, maxMasters, maxRememberedDrives } from './limits.ts'
export { decodeRememberedFiles, encodeRememberedFiles, type RememberedFiles } from './memory.ts'
export { readReplicaCode, replicaCode, replicaSecret } from './keys/index.ts'
export { roomIdentity } from '../identity/index.ts'
export { Scope } from '../lifetime/index.ts'
export { fileName, nameKey } from '../codec/index.ts'
