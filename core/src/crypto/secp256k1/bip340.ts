import { schnorr } from '@noble/curves/secp256k1.js'
import { unshared } from '../../bytes/index.ts'
import { UsageError } from '../../errors/index.ts'

const keyBytes = 32
const signatureBytes = 64
/**
 * BIP-340 draws 32 bytes to harden the nonce against faults and side channels; without them the nonce still follows from
 * key and message alone and never repeats for two messages. So the same record always has the same signature, and no
 * broken random source can give the key away.
 */
const noAuxiliaryRandomness = new Uint8Array(32)

/**
 * The public key of a secret scalar: its x-coordinate, 32 bytes (BIP-340, “Public Key Generation”).
 * @throws {UsageError} `bad-key` unless the scalar is from 1 to n − 1, big endian in 32 bytes.
 */
export function schnorrPublicKey(secretKey: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return unshared(schnorr.getPublicKey(secretKey))
  } catch {
    throw badKey()
  }
}

/**
 * A signature, 64 bytes (BIP-340, “Default Signing”), over a message of any length. Sign only tagged hashes; see `taggedHash`.
 * @throws {UsageError} `bad-key` unless the scalar is from 1 to n − 1, big endian in 32 bytes.
 */
export function schnorrSign(
  secretKey: Uint8Array,
  message: Uint8Array,
  auxiliaryRandomness: Uint8Array = noAuxiliaryRandomness,
): Uint8Array<ArrayBuffer> {
  try {
    return unshared(schnorr.sign(message, secretKey, auxiliaryRandomness))
  } catch {
    throw badKey()
  }
}

/** BIP-340, “Verification”: false for whatever does not hold, wrong lengths and keys off the curve included; never throws. */
export function schnorrVerify(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  if (publicKey.length !== keyBytes || signature.length !== signatureBytes) return false
  return schnorr.verify(signature, message, publicKey)
}

/** `SHA-256(SHA-256(tag) || SHA-256(tag) || message)` (BIP-340, “Tagged Hashes”): what serves one tag serves no other. */
export function taggedHash(tag: string, message: Uint8Array): Uint8Array<ArrayBuffer> {
  if (tag === '') throw new UsageError('bad-domain', 'a tag is not empty')
  return unshared(schnorr.utils.taggedHash(tag, message))
}

/**
 * The scalar that 48 uniform bytes give: their value modulo n − 1, plus one, in 32 bytes. 16 bytes more than the order has
 * keep the bias below 2^-128 (FIPS 186-5 appendix A.2.1).
 * @throws {UsageError} `bad-length`
 */
export function scalarOf(uniform: Uint8Array): Uint8Array<ArrayBuffer> {
  if (uniform.length !== 48) throw new UsageError('bad-length', 'a scalar is made of 48 bytes')
  const order = schnorr.Point.Fn.ORDER
  let value = 0n
  for (const byte of uniform) value = (value << 8n) | BigInt(byte)
  value = (value % (order - 1n)) + 1n
  const scalar = new Uint8Array(keyBytes)
  for (let index = keyBytes - 1; index >= 0; index--) {
    scalar[index] = Number(value & 0xffn)
    value >>= 8n
  }
  return scalar
}

function badKey(): UsageError {
  return new UsageError('bad-key', 'not a secret scalar of secp256k1')
}
