import { toHex, unshared } from '../bytes/index.ts'
import { isSmallOrderOrNonCanonical } from './edwards-encoding.ts'
import { isInPrimeSubgroup } from './edwards-subgroup.ts'
import { keyFromSeed } from './seed-key.ts'

/**
 * The Ed25519 pair of a 32-byte seed (RFC 8032 section 5.1.5); the private half cannot be exported.
 * @throws {UsageError} `bad-length`
 */
export async function ed25519FromSeed(
  seed: Uint8Array,
): Promise<{ readonly publicKey: Uint8Array<ArrayBuffer>; readonly privateKey: CryptoKey }> {
  const { publicBytes, privateKey } = await keyFromSeed('Ed25519', seed)
  return { publicKey: publicBytes, privateKey }
}

/** A signature, 64 bytes (RFC 8032 section 5.1.6). Sign only bytes that name their purpose; see `identity`. */
export async function ed25519Sign(privateKey: CryptoKey, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, unshared(message)))
}

/**
 * Strict verification: the same answer for the same bytes on every platform, and no signature that holds for two messages
 * or two keys. Beyond RFC 8032 section 5.1.7 the key must be a canonical encoding of a point of the prime-order group, and
 * R canonical and not of small order; S below the order and the equation are the platform's part, as the WebCrypto
 * specification of Ed25519 demands. False for anything else, wrong lengths included; never throws.
 */
export async function ed25519Verify(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  if (isSmallOrderOrNonCanonical(publicKey) || isSmallOrderOrNonCanonical(signature.subarray(0, 32))) return false
  try {
    const key = await crypto.subtle.importKey('raw', unshared(publicKey), 'Ed25519', false, ['verify'])
    const holds = await crypto.subtle.verify('Ed25519', key, unshared(signature), unshared(message))
    // Last, because it is the dearest: a stranger without a valid signature never makes us compute it.
    return holds && isKnownOrInPrimeSubgroup(publicKey)
  } catch {
    return false
  }
}

/** Keys found in the prime-order group lately: every participant signs several times, and the check is the dear part. */
const primeKeys = new Set<string>()
const maxPrimeKeys = 512

function isKnownOrInPrimeSubgroup(publicKey: Uint8Array): boolean {
  const name = toHex(publicKey)
  if (primeKeys.has(name)) return true
  if (!isInPrimeSubgroup(publicKey)) return false
  if (primeKeys.size >= maxPrimeKeys) primeKeys.clear()
  primeKeys.add(name)
  return true
}
