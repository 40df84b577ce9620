import { attributeTypes, headerBytes, magicCookie, transactionIdBytes } from './constants.ts'
import { crcOf, integrityOf, type Integrity } from './integrity.ts'
import type { StunAttribute, StunClass, StunContent, StunMessage } from './types.ts'

/** Above what any method of ours needs; a message of many empty attributes costs its sender more than us. */
const maxAttributes = 64

const classes: readonly StunClass[] = ['request', 'indication', 'success', 'error']

// RFC 8489 section 5: the class takes bits 4 and 8 of the type, the method the other twelve.
function typeOf({ class: kind, method }: StunContent): number {
  const bits = classes.indexOf(kind)
  const spread = (method & 0x00f) | ((method & 0x070) << 1) | ((method & 0xf80) << 2)
  return spread | ((bits & 1) << 4) | ((bits & 2) << 7)
}

function methodOf(type: number): number {
  return (type & 0x000f) | ((type >> 1) & 0x0070) | ((type >> 2) & 0x0f80)
}

const padded = (length: number): number => (length + 3) & ~3

/** A view for reading and writing numbers; shares memory. */
export const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** True for bytes that may be a STUN message: the only ones with two zero bits in front (RFC 8489 section 5). */
export const looksLikeStun = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0xff) & 0xc0) === 0

/** Reads one whole message, or `undefined` for anything that is none: of a stranger's bytes that is no exception. */
export function decodeMessage(input: Uint8Array): StunMessage | undefined {
  const bytes = asBuffer(input)
  if (bytes.length < headerBytes || !looksLikeStun(bytes)) return undefined
  const length = bytes.readUInt16BE(2)
  if (length % 4 !== 0 || headerBytes + length !== bytes.length || bytes.readUInt32BE(4) !== magicCookie) {
    return undefined
  }
  const attributes: StunAttribute[] = []
  let integrityAt: number | undefined
  let integritySha256At: number | undefined
  let fingerprinted = false
  for (let at = headerBytes, count = 0; at < bytes.length; count += 1) {
    if (fingerprinted || count === maxAttributes || at + 4 > bytes.length) return undefined
    const type = bytes.readUInt16BE(at)
    const size = bytes.readUInt16BE(at + 2)
    const next = at + 4 + padded(size)
    if (next > bytes.length) return undefined
    if (type === attributeTypes.fingerprint) {
      if (size !== 4 || bytes.readUInt32BE(at + 4) !== crcOf(bytes, at)) return undefined
      fingerprinted = true
    } else if (type === attributeTypes.messageIntegrity && integrityAt === undefined) {
      if (size !== 20) return undefined
      // Behind the SHA-256 form this one is not looked at (RFC 8489 section 14.5).
      if (integritySha256At === undefined) integrityAt = at
    } else if (type === attributeTypes.messageIntegritySha256 && integritySha256At === undefined) {
      if (size < 16 || size > 32 || size % 4 !== 0) return undefined
      integritySha256At = at
    } else if (integrityAt === undefined && integritySha256At === undefined) {
      attributes.push({ type, value: bytes.subarray(at + 4, at + 4 + size) })
    }
    at = next
  }
  const type = bytes.readUInt16BE(0)
  return {
    class: classes[((type >> 4) & 1) | ((type >> 7) & 2)] ?? 'request',
    method: methodOf(type),
    transactionId: bytes.subarray(8, headerBytes),
    attributes,
    bytes,
    integrityAt,
    integritySha256At,
    fingerprinted,
  }
}

export interface Protection {
  readonly integrity?: Integrity | undefined
  readonly fingerprint?: boolean
}

/** Writes a message with its padding, and the integrity and fingerprint that `protection` asks for, in this order. */
export function encodeMessage(content: StunContent, { integrity, fingerprint = false }: Protection = {}): Buffer {
  const body = content.attributes.reduce((sum, { value }) => sum + 4 + padded(value.length), 0)
  const integrityBytes = integrity === undefined ? 0 : integrity.algorithm === 'sha1' ? 24 : 36
  const bytes = Buffer.alloc(headerBytes + body + integrityBytes + (fingerprint ? 8 : 0))
  bytes.writeUInt16BE(typeOf(content), 0)
  bytes.writeUInt16BE(bytes.length - headerBytes, 2)
  bytes.writeUInt32BE(magicCookie, 4)
  bytes.set(content.transactionId.subarray(0, transactionIdBytes), 8)
  let at = headerBytes
  const append = (type: number, value: Uint8Array): void => {
    bytes.writeUInt16BE(type, at)
    bytes.writeUInt16BE(value.length, at + 2)
    bytes.set(value, at + 4)
    at += 4 + padded(value.length)
  }
  for (const { type, value } of content.attributes) append(type, value)
  if (integrity !== undefined) {
    const { messageIntegrity, messageIntegritySha256 } = attributeTypes
    append(
      integrity.algorithm === 'sha1' ? messageIntegrity : messageIntegritySha256,
      integrityOf(bytes, at, integrity),
    )
  }
  if (fingerprint) {
    const crc = Buffer.alloc(4)
    crc.writeUInt32BE(crcOf(bytes, at))
    append(attributeTypes.fingerprint, crc)
  }
  return bytes
}
