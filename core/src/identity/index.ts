/**
 * Purpose. Who somebody is: the pseudonym of a room, and the long-term identity with its devices, its record and what it shows
 * in a room. All keys derive from seeds.
 * Promises. Private keys are non-extractable; two rooms see unrelated pseudonyms; a signature holds for one purpose; a record is
 * read only if it is genuine.
 * Does not. Keep seeds or records, know the time, or link a pseudonym to a person: a presentation does, when its owner shows one.
 * May import. errors, bytes, codec, crypto, nostr.
 */
export type { DeviceIdentity, IdentityId, PeerId, PersonalIdentity, RoomIdentity, Signer } from './identity.ts'
export { importSeed, peerIdOf, roomIdentity } from './room-identity.ts'
export { signedBytes, verifySignature } from './signature.ts'
export { identityIdOf, personalIdentity } from './personal-identity.ts'
export { deviceIdentity } from './device-identity.ts'
export {
  cleanDeviceName,
  isInForce,
  maxDeviceNameLength,
  maxDevices,
  maxRecordBytes,
  successionOf,
  type DeviceEntry,
  type IdentityRecord,
  type RecordFields,
} from './record.ts'
export { readRecord, restoreRecord, signRecord } from './signed-record.ts'
export { maxPresentationBytes, readPresentation, signPresentation, type Presentation } from './presentation.ts'
