import { unshared } from '../bytes/index.ts'

export type HashName = 'SHA-256' | 'SHA-512'

/** Bytes of a hash value. */
export const hashBytes: Readonly<Record<HashName, number>> = { 'SHA-256': 32, 'SHA-512': 64 }

/** SHA-256 (FIPS 180-4), 32 bytes. */
export async function sha256(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', unshared(data)))
}

/** SHA-512 (FIPS 180-4), 64 bytes. */
export async function sha512(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-512', unshared(data)))
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes, under a key of any length. */
export async function hmacSha256(key: Uint8Array, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return hmac(await importHmacKey('SHA-256', key), data)
}

export async function importHmacKey(hash: HashName, key: Uint8Array): Promise<CryptoKey> {
  // WebCrypto refuses an empty key. HMAC pads its key with zeros, so zeros are the same key.
  const raw = key.length > 0 ? unshared(key) : new Uint8Array(hashBytes[hash])
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign'])
}

export async function hmac(key: CryptoKey, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, unshared(data)))
}
