import { concat, equal } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { sha256 } from '../crypto/index.ts'
import { AuthenticationError, CodecError, UsageError } from '../errors/index.ts'
import type { DeviceIdentity } from './identity.ts'
import { maxRecordBytes, type DeviceEntry, type IdentityRecord } from './record.ts'
import { signatureBytes } from './record-codec.ts'
import { verifySignature } from './signature.ts'
import { readRecord } from './signed-record.ts'

/*
 * A presentation is
 *
 *   version u8 | record (u16 length, bytes) | index of the device in it u8 | Ed25519 signature 64 of that device
 *
 * and the signature is over room id 16 | room key 32 | SHA-256 of the record.
 */
const version = 1
const roomIdBytes = 16
const roomKeyBytes = 32
const presentationDomain = 'p2pigeon/v1/presentation'

/** Longest presentation: a record, a signature over where it is shown, and room for a later version. */
export const maxPresentationBytes = 2_304

/** Who stands behind a key of a room, and on which of their devices. */
export interface Presentation {
  readonly record: IdentityRecord
  readonly device: DeviceEntry
}

/**
 * Shows a long-term identity behind one key of one room: whoever reads it there knows that the device acts for the record's owner. It
 * proves nothing anywhere else, but it is a signature: a member can show it to others as evidence that the device was in the room.
 * @throws {UsageError} `device-not-listed` by the record; `bad-length` unless room id and key have 16 and 32 bytes.
 */
export async function signPresentation(
  device: DeviceIdentity,
  record: IdentityRecord,
  roomId: Uint8Array,
  roomKey: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const index = record.devices.findIndex((entry) => equal(entry.publicKey, device.publicKey))
  if (index < 0) throw new UsageError('device-not-listed', 'the record does not list this device')
  const signature = await device.sign(presentationDomain, await presentedBytes(record.bytes, roomId, roomKey))
  return new Writer().u8(version).bytes16(record.bytes).u8(index).fixed(signature).finish()
}

/**
 * Reads what a member with the key `roomKey` showed in the room `roomId`. The caller judges the record's time and whether a later one is
 * known.
 * @throws {CodecError} `presentation-version` for one of a later version; otherwise as `readRecord`.
 * @throws {AuthenticationError} `record-not-genuine`; `presentation-not-genuine` if it was made by another device, or for another room
 * or key.
 * @throws {UsageError} `bad-length` unless room id and key have 16 and 32 bytes.
 */
export async function readPresentation(
  bytes: Uint8Array,
  roomId: Uint8Array,
  roomKey: Uint8Array,
): Promise<Presentation> {
  if (bytes.length > maxPresentationBytes) throw new CodecError('too-long', 'longer than any presentation')
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('presentation-version', 'the presentation needs a newer version')
  const recordBytes = reader.bytes16(maxRecordBytes)
  const index = reader.u8()
  const signature = reader.fixed(signatureBytes)
  reader.end()
  const presented = await presentedBytes(recordBytes, roomId, roomKey)
  const record = await readRecord(recordBytes)
  const device = record.devices[index]
  if (device === undefined) throw new CodecError('bad-value', 'the record has fewer devices')
  if (!(await verifySignature(device.publicKey, presentationDomain, presented, signature))) {
    throw new AuthenticationError('presentation-not-genuine', 'the device did not show itself here')
  }
  return { record, device }
}

async function presentedBytes(
  recordBytes: Uint8Array,
  roomId: Uint8Array,
  roomKey: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  if (roomId.length !== roomIdBytes || roomKey.length !== roomKeyBytes) {
    throw new UsageError('bad-length', 'a room id has 16 bytes and a room key 32')
  }
  return concat(roomId, roomKey, await sha256(recordBytes))
}
