import { createHmac, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { headerBytes } from './constants.ts'
import type { StunMessage } from './types.ts'

export interface Integrity {
  /** `sha1` is MESSAGE-INTEGRITY, `sha256` MESSAGE-INTEGRITY-SHA256 (RFC 8489 sections 14.5 and 14.6). */
  readonly algorithm: 'sha1' | 'sha256'
  readonly key: Uint8Array
}

/** `FINGERPRINT` is XORed with this, so that it differs from a CRC of the application (RFC 8489 section 14.7). */
const fingerprintMask = 0x5354554e

/** The header and what follows up to `end`, with a length field that claims to end `further` bytes behind `end`. */
function covered(bytes: Buffer, end: number, further: number): [Buffer, Buffer] {
  const header = Buffer.from(bytes.subarray(0, headerBytes))
  header.writeUInt16BE(end + further - headerBytes, 2)
  return [header, bytes.subarray(headerBytes, end)]
}

/** The value of an integrity attribute that begins at `at` (its length counts as if the message ended with it). */
export function integrityOf(bytes: Buffer, at: number, { algorithm, key }: Integrity, size?: number): Buffer {
  const full = algorithm === 'sha1' ? 20 : 32
  const [header, rest] = covered(bytes, at, 4 + (size ?? full))
  return createHmac(algorithm, key).update(header).update(rest).digest()
}

/** The value of a FINGERPRINT that begins at `at`. */
export function crcOf(bytes: Buffer, at: number): number {
  const [header, rest] = covered(bytes, at, 8)
  return (crc32(rest, crc32(header)) ^ fingerprintMask) >>> 0
}

/** Which integrity attribute counts: the stronger one when there are both. */
export function offeredIntegrity(message: StunMessage): Integrity['algorithm'] | undefined {
  if (message.integritySha256At !== undefined) return 'sha256'
  return message.integrityAt === undefined ? undefined : 'sha1'
}

/** True if the message carries the integrity attribute that `integrity` names and it holds. Takes constant time. */
export function verifyIntegrity(message: StunMessage, integrity: Integrity): boolean {
  const at = integrity.algorithm === 'sha1' ? message.integrityAt : message.integritySha256At
  if (at === undefined) return false
  const bytes = Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength)
  const given = bytes.subarray(at + 4, at + 4 + bytes.readUInt16BE(at + 2))
  // The SHA-256 form may be cut to 16 bytes and more, which the decoder checks (RFC 8489 section 14.6).
  return timingSafeEqual(integrityOf(bytes, at, integrity, given.length).subarray(0, given.length), given)
}
