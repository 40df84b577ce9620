import { secp256k1 } from '@noble/curves/secp256k1.js'
import { fromHex, fromUtf8, unshared, utf8 } from '../bytes/index.ts'
import { AuthenticationError, LimitError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import { fromBase64, toBase64 } from './base64.ts'

// NIP-04, which its own text advises against: nothing proves that a message is whole (AES-CBC without a MAC), the key is the raw shared
// x-coordinate for both directions and for ever, and everybody sees who writes to whom and how much. It is here for people whose contacts
// have nothing else. Show what it yields as insecure plain text, and never beside messages that are not.

/** Longest plaintext, in UTF-8 bytes; padding makes it up to one block more. */
export const maxLegacyBytes = 16_384
const blockBytes = 16
/** Base64 of the longest plaintext, `?iv=`, base64 of the vector. */
const maxLegacyCharacters = Math.ceil((maxLegacyBytes + blockBytes) / 3) * 4 + 28
const separator = '?iv='

/**
 * The key that two people share, which cannot be read any more.
 * @throws {AuthenticationError} `bad-peer-key` for a key that is not on the curve.
 */
export async function legacyKeyOf(scalar: Uint8Array, peer: string): Promise<CryptoKey> {
  let shared: Uint8Array
  try {
    shared = secp256k1.getSharedSecret(scalar, fromHex(`02${peer}`))
  } catch {
    throw new AuthenticationError('bad-peer-key', 'this is no public key')
  }
  const key = unshared(shared.subarray(1, 33))
  try {
    return await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt', 'decrypt'])
  } finally {
    shared.fill(0)
  }
}

/** The content of an event of kind 4. @throws {LimitError} `plaintext-size` above 16,384 bytes. */
export async function encrypt04(plaintext: string, key: CryptoKey, random: Random): Promise<string> {
  const bytes = utf8(plaintext)
  if (bytes.length > maxLegacyBytes) throw new LimitError('plaintext-size', `up to ${maxLegacyBytes} bytes fit`)
  const iv = random.bytes(blockBytes)
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, bytes))
  return `${toBase64(ciphertext)}${separator}${toBase64(iv)}`
}

/**
 * Reads such a content. That it can be read does not mean that it is what was written.
 * @throws {AuthenticationError} `nip04-refused`, whatever is wrong with it; one that is too long is not looked at.
 */
export async function decrypt04(content: string, key: CryptoKey): Promise<string> {
  if (content.length > maxLegacyCharacters) throw refused()
  const [ciphertext, iv, ...rest] = content.split(separator).map(fromBase64)
  if (ciphertext === undefined || iv?.length !== blockBytes || rest.length > 0) throw refused()
  if (ciphertext.length === 0 || ciphertext.length % blockBytes !== 0) throw refused()
  try {
    const parameters = { name: 'AES-CBC', iv: unshared(iv) }
    return fromUtf8(new Uint8Array(await crypto.subtle.decrypt(parameters, key, unshared(ciphertext))))
  } catch {
    throw refused()
  }
}

function refused(): AuthenticationError {
  return new AuthenticationError('nip04-refused', 'this could not be read')
}
