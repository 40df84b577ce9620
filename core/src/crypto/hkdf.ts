import { concat, unshared } from '../bytes/index.ts'
import { UsageError } from '../errors/index.ts'
import { hashBytes, hmac, importHmacKey, type HashName } from './hash.ts'

/**
 * HKDF-Expand (RFC 5869 section 2.3): `length` bytes, 1 to 255 times the hash.
 * @throws {UsageError} `bad-length`
 */
export async function hkdfExpand(
  hash: HashName,
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkLength(hash, length)
  const key = await importHmacKey(hash, prk)
  const output = new Uint8Array(length)
  let block: Uint8Array = new Uint8Array(0)
  for (let counter = 1, offset = 0; offset < length; counter++) {
    block = await hmac(key, concat(block, info, Uint8Array.of(counter)))
    output.set(block.subarray(0, length - offset), offset)
    offset += block.length
  }
  return output
}

/** Input keying material of any length that can be derived from and never read again. */
export async function importHkdfKey(ikm: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', unshared(ikm), 'HKDF', false, ['deriveBits'])
}

/**
 * Extract and Expand in one step (RFC 5869 section 2), from a key made by `importHkdfKey`.
 * @throws {UsageError} `bad-length`
 */
export async function hkdf(
  hash: HashName,
  key: CryptoKey,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkLength(hash, length)
  const parameters = { name: 'HKDF', hash, salt: unshared(salt), info: unshared(info) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 8 * length))
}

function checkLength(hash: HashName, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > 255 * hashBytes[hash]) {
    throw new UsageError('bad-length', 'HKDF gives 1 to 255 hash lengths of output')
  }
}
