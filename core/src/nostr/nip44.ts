import { chacha20 } from '@noble/ciphers/chacha.js'
import { equalBytes } from '@noble/ciphers/utils.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, fromHex, fromUtf8, unshared, utf8 } from '../bytes/index.ts'
import { AuthenticationError, CodecError, LimitError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import { fromBase64, toBase64 } from './base64.ts'

// NIP-44, version 2, over audited primitives; beside its official vectors in nip44.test.ts.

/** Longest plaintext, in UTF-8 bytes. NIP-44 allows more since June 2026; nobody needs it, and it would cost whoever reads. */
export const maxPlaintextBytes = 65_535
/** What that comes to once it is padded and encrypted, in characters of base64. */
export const maxPayloadCharacters = 87_472
/** One character, padded. */
const minPayloadCharacters = 132

const version = 2
const nonceBytes = 32
const macBytes = 32
const smallestPadding = 32
const salt = utf8('nip44-v2')

/**
 * The key that two people share for what they write each other (“Calculate a conversation key”), 32 bytes.
 * @throws {AuthenticationError} `bad-peer-key` for a key that is not on the curve.
 */
export function conversationKeyOf(scalar: Uint8Array, peer: string): Uint8Array<ArrayBuffer> {
  let shared: Uint8Array
  try {
    shared = secp256k1.getSharedSecret(scalar, fromHex(`02${peer}`))
  } catch {
    throw new AuthenticationError('bad-peer-key', 'this is no public key')
  }
  return unshared(extract(sha256, shared.subarray(1, 33), salt))
}

/** Encrypts for the other end of a conversation. @throws {LimitError} `plaintext-size` if it is empty or too long. */
export function encrypt44(plaintext: string, conversationKey: Uint8Array, random: Random): string {
  const bytes = utf8(plaintext)
  if (bytes.length === 0 || bytes.length > maxPlaintextBytes) {
    throw new LimitError('plaintext-size', '1 to 65,535 bytes fit')
  }
  const nonce = random.bytes(nonceBytes)
  const keys = messageKeys(conversationKey, nonce)
  const padded = new Uint8Array(2 + paddedLength(bytes.length))
  new DataView(padded.buffer).setUint16(0, bytes.length)
  padded.set(bytes, 2)
  const ciphertext = chacha20(keys.cipher, keys.nonce, padded)
  const mac = hmac(sha256, keys.mac, concat(nonce, ciphertext))
  return toBase64(concat(Uint8Array.of(version), nonce, ciphertext, mac))
}

/**
 * Opens a payload.
 * @throws {AuthenticationError} `nip44-refused`, whatever is wrong with it; one that is too long is not looked at.
 */
export function decrypt44(payload: string, conversationKey: Uint8Array): string {
  if (payload.length > maxPayloadCharacters || payload.length < minPayloadCharacters) throw refused()
  const bytes = fromBase64(payload)
  if (bytes?.[0] !== version) throw refused()
  const nonce = bytes.subarray(1, 1 + nonceBytes)
  const ciphertext = bytes.subarray(1 + nonceBytes, bytes.length - macBytes)
  const keys = messageKeys(conversationKey, nonce)
  const mac = hmac(sha256, keys.mac, concat(nonce, ciphertext))
  if (!equalBytes(mac, bytes.subarray(bytes.length - macBytes))) throw refused()
  return unpad(chacha20(keys.cipher, keys.nonce, ciphertext))
}

/** Lengths as NIP-44 pads them (“calc_padded_len”): powers of two, in eighths from 256 bytes on. */
export function paddedLength(length: number): number {
  if (length <= smallestPadding) return smallestPadding
  const nextPower = 2 ** (Math.floor(Math.log2(length - 1)) + 1)
  const chunk = nextPower <= 256 ? smallestPadding : nextPower / 8
  return chunk * (Math.floor((length - 1) / chunk) + 1)
}

function unpad(padded: Uint8Array): string {
  const length = new DataView(padded.buffer, padded.byteOffset, padded.length).getUint16(0)
  const text = padded.subarray(2, 2 + length)
  const isPadded = length > 0 && text.length === length && padded.length === 2 + paddedLength(length)
  if (!isPadded || padded.subarray(2 + length).some((byte) => byte !== 0)) throw refused()
  try {
    return fromUtf8(text)
  } catch (error) {
    if (error instanceof CodecError) throw refused()
    throw error
  }
}

function messageKeys(conversationKey: Uint8Array, nonce: Uint8Array) {
  const keys = expand(sha256, conversationKey, nonce, 76)
  return { cipher: keys.subarray(0, 32), nonce: keys.subarray(32, 44), mac: keys.subarray(44, 76) }
}

function refused(): AuthenticationError {
  return new AuthenticationError('nip44-refused', 'this could not be opened')
}
