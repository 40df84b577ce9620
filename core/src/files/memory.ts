import { fromBase64url, fromHex, toHex } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { peerIdOf, type PeerId } from '../identity/index.ts'
import { driveKeyBytes, type DriveKey } from './ids.ts'
import { driveRecordBytes, type DriveHead } from './journal/index.ts'
import type { ToldMaster } from './keys/index.ts'
import { masterBytes, maxBatchesPerDrive, maxMasters, maxRememberedDrives } from './limits.ts'

/** What a device remembers of one drive: what it has read, against a rollback, and what its author last signed, to tell others. */
export interface RememberedDrive extends DriveHead {
  readonly drive: DriveKey
  readonly author: PeerId
  readonly record: Uint8Array<ArrayBuffer> | undefined
}

/** What a device must not forget of the files of one room. Whoever keeps the bytes encrypts them. */
export interface RememberedFiles {
  readonly masters: readonly ToldMaster[]
  readonly drives: readonly RememberedDrive[]
  /** The drive that this device writes. */
  readonly own: DriveKey | undefined
}

const version = 1

export function encodeRememberedFiles({ masters, drives, own }: RememberedFiles): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).u8(own === undefined ? 0 : 1)
  if (own !== undefined) writer.fixed(fromHex(own))
  writer.u16(masters.length)
  for (const { epoch, secret } of masters) writer.u32(epoch).fixed(secret)
  writer.u16(drives.length)
  for (const { drive, author, batches, head, record } of drives) {
    writer.fixed(fromHex(drive)).fixed(fromBase64url(author)).u32(batches).fixed(fromHex(head))
    writer.u8(record === undefined ? 0 : 1)
    if (record !== undefined) writer.fixed(record)
  }
  return writer.finish()
}

/** @throws {CodecError} on anything that `encodeRememberedFiles` does not produce within the bounds of `limits.ts`. */
export function decodeRememberedFiles(bytes: Uint8Array): RememberedFiles {
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of what is remembered')
  const own = flag(reader) ? toHex(reader.fixed(driveKeyBytes)) : undefined
  const masters = times(reader.u16(), maxMasters, () => ({ epoch: reader.u32(), secret: reader.fixed(masterBytes) }))
  const drives = times(reader.u16(), maxRememberedDrives, () => {
    const drive = toHex(reader.fixed(driveKeyBytes))
    const author = peerIdOf(reader.fixed(32))
    const batches = reader.u32()
    if (batches > maxBatchesPerDrive) throw new CodecError('too-long', 'no drive has so many batches')
    const head = toHex(reader.fixed(32))
    return { drive, author, batches, head, record: flag(reader) ? reader.fixed(driveRecordBytes) : undefined }
  })
  reader.end()
  return { masters, drives, own }
}

function times<Value>(count: number, max: number, read: () => Value): Value[] {
  if (count > max) throw new CodecError('too-long', 'list longer than its limit')
  return Array.from({ length: count }, read)
}

function flag(reader: Reader): boolean {
  const value = reader.u8()
  if (value > 1) throw new CodecError('bad-value', 'neither yes nor no')
  return value === 1
}
