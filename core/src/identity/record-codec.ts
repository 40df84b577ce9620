import { equal } from '../bytes/index.ts'
import { isVisibleText, Reader, Writer } from '../codec/index.ts'
import { CodecError, UsageError } from '../errors/index.ts'
import {
  maxDeviceNameBytes,
  maxDeviceNameLength,
  maxDevices,
  maxRecordBytes,
  type DeviceEntry,
  type RecordFields,
} from './record.ts'

/*
 * A record is
 *
 *   body | Nostr signature 64, if the body names a Nostr key | Ed25519 signature 64
 *   body   = version u8 | Ed25519 key 32 | has Nostr key u8 | Nostr key 32, if so | seq u64 | not before u64 | not after u64
 *            | count u8 | device * count
 *   device = Ed25519 key 32 | X25519 key 32 | added at u64 | name (u16 length, UTF-8)
 *
 * Every list of fields has one form in bytes. See docs/protocol/identity.md.
 */
const version = 1
const keyBytes = 32
export const signatureBytes = 64

/** What the signatures are over. */
export interface RecordBody extends RecordFields {
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** As claimed: it counts only with its signature. */
  readonly nostrPublicKey: Uint8Array<ArrayBuffer> | undefined
}

/** A record taken apart, nothing of it verified. */
export interface UnverifiedRecord {
  readonly body: RecordBody
  readonly bodyBytes: Uint8Array<ArrayBuffer>
  readonly nostrSignature: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/**
 * Writes a body that `readUnverified` will accept.
 * @throws {UsageError} `bad-record` if there is none for these fields.
 */
export function encodeBody(body: RecordBody): Uint8Array<ArrayBuffer> {
  const { publicKey, nostrPublicKey, devices } = body
  const keys = [
    publicKey,
    nostrPublicKey ?? publicKey,
    ...devices.flatMap((one) => [one.publicKey, one.noisePublicKey]),
  ]
  try {
    if (keys.some((key) => key.length !== keyBytes)) throw badValue()
    const writer = new Writer().u8(version).fixed(publicKey)
    if (nostrPublicKey === undefined) writer.u8(0)
    else writer.u8(1).fixed(nostrPublicKey)
    writer.u64(body.seq).u64(body.notBeforeMs).u64(body.notAfterMs).u8(devices.length)
    for (const device of devices) {
      writer.fixed(device.publicKey).fixed(device.noisePublicKey).u64(device.addedAtMs).text16(device.name)
    }
    const bytes = writer.finish()
    readBody(new Reader(bytes))
    return bytes
  } catch (cause) {
    throw new UsageError('bad-record', 'the record would not be read', { cause })
  }
}

/**
 * Takes a whole record apart.
 * @throws {CodecError} `record-version` for one of a later version; `truncated`, `trailing`, `too-long`, `bad-utf8`, `bad-value` for
 * anything that is not the one form of a record.
 */
export function readUnverified(bytes: Uint8Array): UnverifiedRecord {
  if (bytes.length > maxRecordBytes) throw new CodecError('too-long', 'longer than any record')
  const reader = new Reader(bytes)
  const body = readBody(reader)
  const bodyBytes = new Uint8Array(bytes.subarray(0, bytes.length - reader.remaining))
  const nostrSignature = reader.fixed(body.nostrPublicKey === undefined ? 0 : signatureBytes)
  const signature = reader.fixed(signatureBytes)
  reader.end()
  return { body, bodyBytes, nostrSignature, signature }
}

function readBody(reader: Reader): RecordBody {
  if (reader.u8() !== version) throw new CodecError('record-version', 'the record needs a newer version')
  const publicKey = reader.fixed(keyBytes)
  const nostrFlag = reader.u8()
  if (nostrFlag > 1) throw badValue()
  const nostrPublicKey = nostrFlag === 1 ? reader.fixed(keyBytes) : undefined
  const [seq, notBeforeMs, notAfterMs] = [reader.u53(), reader.u53(), reader.u53()]
  const count = reader.u8()
  if (count < 1 || count > maxDevices || notBeforeMs > notAfterMs) throw badValue()
  const devices = Array.from({ length: count }, () => readDevice(reader))
  // Two purposes never share a key: not two devices, and not a device and the identity it acts for.
  if (!allDiffer([publicKey, ...devices.map((device) => device.publicKey)])) throw badValue()
  if (!allDiffer(devices.map((device) => device.noisePublicKey))) throw badValue()
  return { publicKey, nostrPublicKey, seq, notBeforeMs, notAfterMs, devices }
}

function readDevice(reader: Reader): DeviceEntry {
  const [publicKey, noisePublicKey] = [reader.fixed(keyBytes), reader.fixed(keyBytes)]
  const addedAtMs = reader.u53()
  const name = reader.text16(maxDeviceNameBytes)
  if (!isVisibleText(name, maxDeviceNameLength)) throw badValue()
  return { publicKey, noisePublicKey, name, addedAtMs }
}

function allDiffer(keys: readonly Uint8Array[]): boolean {
  return keys.every((key, index) => keys.findIndex((other) => equal(key, other)) === index)
}

function badValue(): CodecError {
  return new CodecError('bad-value', 'not the form of a record')
}
