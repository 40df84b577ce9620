import { equal } from '../bytes/index.ts'
import { visibleText } from '../codec/index.ts'
import type { IdentityId } from './identity.ts'

/** Devices a record lists at most: what a person carries, and few enough that a record fits one handshake message. */
export const maxDevices = 8
/** Longest name of a device, in characters. */
export const maxDeviceNameLength = 32
/** UTF-8 bytes that 32 characters can take. */
export const maxDeviceNameBytes = 128
/** Longest signed record: eight devices with the longest names take 1,835 bytes, which leaves room for a later version. */
export const maxRecordBytes = 2_048

/** One device, as the identity's record lists it. */
export interface DeviceEntry {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** X25519, 32 bytes. Possession is proven by Noise alone, never by the record. */
  readonly noisePublicKey: Uint8Array<ArrayBuffer>
  /** What its owner calls it: 1 to 32 characters, safe to show. */
  readonly name: string
  readonly addedAtMs: number
}

/** What a person says of their devices, signed with the long-term keys. */
export interface IdentityRecord {
  readonly id: IdentityId
  /** The long-term Ed25519 key, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** The Nostr key, only if it signed this record too; otherwise the person has none, whatever the record says. */
  readonly nostrPublicKey: Uint8Array<ArrayBuffer> | undefined
  /** 1 to 8; a device that is missing here is revoked. */
  readonly devices: readonly DeviceEntry[]
  /** The higher one replaces the lower one. */
  readonly seq: number
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** The whole signed record, at most 2,048 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What its owner decides about a record. */
export interface RecordFields {
  readonly devices: readonly DeviceEntry[]
  readonly seq: number
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** Clocks of devices differ, most of all by whole time zones: so much before and after its time a record still holds. */
const clockToleranceMs = 24 * 60 * 60 * 1000

/** True while the record speaks for its owner, by a clock that may be a day off. */
export function isInForce(record: IdentityRecord, nowMs: number): boolean {
  return nowMs >= record.notBeforeMs - clockToleranceMs && nowMs <= record.notAfterMs + clockToleranceMs
}

/**
 * What a record met now is to the one known of the same identity.
 *
 * | seq      | bytes     | answer                                                                         |
 * | -------- | --------- | ------------------------------------------------------------------------------ |
 * | higher   |           | `newer`: it replaces the known one                                             |
 * | the same | the same  | `same`                                                                         |
 * | the same | different | `conflicting`: its owner signed two, or somebody else has the seed; not accepted |
 * | lower    |           | `older`: not accepted, whatever it lists                                       |
 */
export function successionOf(known: IdentityRecord, met: IdentityRecord): 'newer' | 'same' | 'conflicting' | 'older' {
  if (met.seq !== known.seq) return met.seq > known.seq ? 'newer' : 'older'
  return equal(met.bytes, known.bytes) ? 'same' : 'conflicting'
}

/** A name for a device that a record accepts, as near as possible to what was written. */
export function cleanDeviceName(written: string): string {
  const visible = visibleText(written, maxDeviceNameLength)
  return visible === '' ? 'Device' : visible
}
