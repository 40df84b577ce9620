import { equal, unshared } from '../bytes/index.ts'
import { AuthenticationError, InternalError, UsageError } from '../errors/index.ts'
import { keyFromSeed } from './seed-key.ts'

/** A fresh X25519 pair (RFC 7748) whose private key cannot be exported. */
export async function generateX25519(): Promise<CryptoKeyPair> {
  const pair = await crypto.subtle.generateKey('X25519', false, ['deriveBits'])
  if (!('privateKey' in pair)) throw new InternalError('no-key-pair', 'the platform did not generate a key pair')
  return pair
}

/**
 * The X25519 pair of a 32-byte private key; the private half cannot be exported.
 * @throws {UsageError} `bad-length`
 */
export async function x25519FromSeed(seed: Uint8Array): Promise<CryptoKeyPair> {
  const { publicBytes, privateKey } = await keyFromSeed('X25519', seed)
  return { publicKey: await importPublic(publicBytes), privateKey }
}

/** The u-coordinate, 32 bytes. */
export async function x25519PublicBytes(publicKey: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
}

/**
 * The shared secret, 32 bytes (RFC 7748 section 6.1). Not uniform: hash it before use.
 * A u-coordinate with its top bit set or not below the field's prime is reduced, as section 5 demands.
 * @throws {AuthenticationError} `weak-key` if the other key has small order, which would make the secret zero.
 * @throws {UsageError} `bad-length` unless the public key has 32 bytes.
 */
export async function x25519(privateKey: CryptoKey, publicBytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (publicBytes.length !== 32) throw new UsageError('bad-length', 'an X25519 public key has 32 bytes')
  // RFC 7748 section 5 masks the top bit. Firefox refuses two of the keys that have it set, so it is masked here: every
  // platform gives one answer.
  const masked = new Uint8Array(publicBytes)
  masked[31] = (masked[31] ?? 0) & 0x7f
  let shared: Uint8Array<ArrayBuffer>
  try {
    const publicKey = await importPublic(masked)
    shared = new Uint8Array(await crypto.subtle.deriveBits({ name: 'X25519', public: publicKey }, privateKey, 256))
  } catch {
    throw weakKey()
  }
  // Platforms must refuse a zero secret themselves; not every version has.
  if (equal(shared, new Uint8Array(32))) throw weakKey()
  return shared
}

async function importPublic(publicBytes: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', unshared(publicBytes), 'X25519', true, [])
}

function weakKey(): AuthenticationError {
  return new AuthenticationError('weak-key', 'key agreement gives no secret')
}
