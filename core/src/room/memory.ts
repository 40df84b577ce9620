import { fromHex, toHex } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { maxEntryBytes, type EntryHash } from '../control-log/index.ts'
import { CodecError } from '../errors/index.ts'
import type { RoomSecrets } from './control.ts'

/**
 * Where a device keeps what it must not forget of a room between two visits: the control log and the secrets. Whoever implements it encrypts it. A
 * host without one that returns to an empty room would sign its history anew and contradict itself.
 */
export interface RoomMemory {
  load(): Promise<Uint8Array | undefined>
  /** Resolves when a crash would not lose it any more. */
  save(bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

/** What is kept of a room. */
export interface RememberedRoom {
  readonly secrets: RoomSecrets
  /** Causes first. */
  readonly entries: readonly Uint8Array<ArrayBuffer>[]
}

const version = 1
const secretBytes = 32

export function encodeMemory({ secrets, entries }: RememberedRoom): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).u8(secrets.origin === undefined ? 0 : 1)
  if (secrets.origin !== undefined) writer.fixed(secrets.origin)
  writer.u32(secrets.fresh.size)
  for (const [entry, secret] of secrets.fresh) writer.fixed(fromHex(entry)).fixed(secret)
  writer.u32(entries.length)
  for (const entry of entries) writer.bytes16(entry)
  return writer.finish()
}

/** @throws {CodecError} on anything that `encodeMemory` does not produce. */
export function decodeMemory(bytes: Uint8Array): RememberedRoom {
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of room memory')
  const hasOrigin = reader.u8()
  if (hasOrigin > 1) throw new CodecError('bad-value', 'neither yes nor no')
  const origin = hasOrigin === 1 ? reader.fixed(secretBytes) : undefined
  const fresh = new Map<EntryHash, Uint8Array<ArrayBuffer>>()
  for (let count = reader.u32(); count > 0; count--) {
    fresh.set(toHex(reader.fixed(secretBytes)) as EntryHash, reader.fixed(secretBytes))
  }
  const entries: Uint8Array<ArrayBuffer>[] = []
  for (let count = reader.u32(); count > 0; count--) entries.push(reader.bytes16(maxEntryBytes))
  reader.end()
  return { secrets: { origin, fresh }, entries }
}
