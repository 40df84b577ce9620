import { unshared } from '../bytes/index.ts'
import { AuthenticationError, UsageError } from '../errors/index.ts'

/** AES-256-GCM (NIST SP 800-38D) with the full tag: lengths in bytes. */
export const aeadKeyBytes = 32
export const aeadNonceBytes = 12
export const aeadTagBytes = 16

/**
 * A non-extractable AES-256-GCM key.
 * @throws {UsageError} `bad-length` unless it has 32 bytes.
 */
export async function importAeadKey(raw: Uint8Array): Promise<CryptoKey> {
  if (raw.length !== aeadKeyBytes) throw new UsageError('bad-length', 'an AEAD key has 32 bytes')
  return crypto.subtle.importKey('raw', unshared(raw), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

/** A fresh AES-256-GCM key that cannot be exported. */
export async function generateAeadKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 8 * aeadKeyBytes }, false, ['encrypt', 'decrypt'])
}

/**
 * Seals and returns ciphertext and tag. A nonce must never serve twice under one key: two messages would be readable
 * and the key for tags lost. The caller counts, or draws at most 2^32 random nonces for one key.
 * @throws {UsageError} `bad-length` unless the nonce has 12 bytes.
 */
export async function aeadSeal(
  key: CryptoKey,
  nonce: Uint8Array,
  ad: Uint8Array,
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, ad), key, unshared(plaintext)))
}

/**
 * Opens what `aeadSeal` made. Nothing of the plaintext is released unless all of it is genuine.
 * @throws {AuthenticationError} `open-failed`, whatever it was that did not hold.
 * @throws {UsageError} `bad-length` unless the nonce has 12 bytes.
 */
export async function aeadOpen(
  key: CryptoKey,
  nonce: Uint8Array,
  ad: Uint8Array,
  ciphertext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const checked = parameters(nonce, ad)
  try {
    return new Uint8Array(await crypto.subtle.decrypt(checked, key, unshared(ciphertext)))
  } catch {
    throw new AuthenticationError('open-failed', 'ciphertext is not genuine')
  }
}

function parameters(nonce: Uint8Array, ad: Uint8Array): AesGcmParams {
  if (nonce.length !== aeadNonceBytes) throw new UsageError('bad-length', 'an AEAD nonce has 12 bytes')
  return { name: 'AES-GCM', iv: unshared(nonce), additionalData: unshared(ad), tagLength: 8 * aeadTagBytes }
}
