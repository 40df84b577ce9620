import { concat, fromBase64url, fromHex, toHex } from '../../bytes/index.ts'
import { Reader, Writer } from '../../codec/index.ts'
import { AuthenticationError, CodecError } from '../../errors/index.ts'
import { peerIdOf, verifySignature, type PeerId, type RoomIdentity } from '../../identity/index.ts'
import { driveKeyBytes, type DriveKey } from '../ids.ts'
import { maxBatchesPerDrive } from '../limits.ts'
import type { DriveHead } from './journal-reader.ts'
import { noHash } from './no-hash.ts'

/** record = author 32 | drive 32 | batches u32 | head 32 | signature 64 */
export const driveRecordBytes = 32 + driveKeyBytes + 4 + 32 + 64
const domain = 'p2pigeon/v1/files/drive'

/** What a member says of a drive of its own. Members tell each other, also those of others: whoever was away learns of them. */
export interface DriveRecord extends DriveHead {
  readonly author: PeerId
  readonly drive: DriveKey
  /** As signed and told. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

export async function signDriveRecord(
  author: Pick<RoomIdentity, 'peerId' | 'sign'>,
  roomId: Uint8Array,
  { drive, batches, head }: DriveHead & { readonly drive: DriveKey },
): Promise<DriveRecord> {
  const fields = new Writer().fixed(fromHex(drive)).u32(batches).fixed(fromHex(head)).finish()
  const signature = await author.sign(domain, concat(roomId, fields))
  const bytes = concat(fromBase64url(author.peerId), fields, signature)
  return { author: author.peerId, drive, batches, head, bytes }
}

/**
 * Anybody can sign a record for anybody's drive; whose it is, its first batch says.
 * @throws {CodecError} for what is no record; {AuthenticationError} `record-not-genuine` if the author did not sign it for this room.
 */
export async function readDriveRecord(roomId: Uint8Array, bytes: Uint8Array): Promise<DriveRecord> {
  const { publicKey, fields, signature, ...record } = decodeDriveRecord(bytes)
  if (!(await verifySignature(publicKey, domain, concat(roomId, fields), signature))) {
    throw new AuthenticationError('record-not-genuine', 'the author did not sign this record')
  }
  return { ...record, author: peerIdOf(publicKey), bytes: new Uint8Array(bytes) }
}

/** A record taken apart, its signature not yet verified. @throws {CodecError} */
export function decodeDriveRecord(bytes: Uint8Array): DriveHead & {
  readonly drive: DriveKey
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly fields: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
} {
  const reader = new Reader(bytes)
  const publicKey = reader.fixed(32)
  const drive = toHex(reader.fixed(driveKeyBytes))
  const batches = reader.u32()
  const head = toHex(reader.fixed(32))
  const signature = reader.fixed(64)
  reader.end()
  if (batches > maxBatchesPerDrive) throw new CodecError('too-long', 'no drive has so many batches')
  if ((batches === 0) !== (head === noHash)) throw new CodecError('bad-value', 'a head without batches')
  return { publicKey, drive, batches, head, signature, fields: new Uint8Array(bytes.subarray(32, bytes.length - 64)) }
}

/**
 * What a second record of the same author says of the same drive. `forked`: both are signed and cannot both be true. A drive is
 * written by one device; this one was copied.
 */
export function compareRecords(known: DriveHead, told: DriveHead): 'same' | 'later' | 'earlier' | 'forked' {
  if (told.batches !== known.batches) return told.batches > known.batches ? 'later' : 'earlier'
  return told.head === known.head ? 'same' : 'forked'
}
