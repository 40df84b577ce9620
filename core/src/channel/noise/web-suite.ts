import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, unshared } from '../../bytes/index.ts'
import { aeadOpen, aeadSeal, generateX25519, importAeadKey, x25519, x25519PublicBytes } from '../../crypto/index.ts'
import type { DhKeyPair, NoiseSuite } from './primitives.ts'

const empty = new Uint8Array(0)

/**
 * `25519_AESGCM_SHA256` (Noise section 12). X25519 and AES-GCM are WebCrypto's: native, constant time, private keys that cannot be
 * read. SHA-256 and HKDF are @noble/hashes': a handshake has two dozen of them in a row on a few bytes each, and every
 * WebCrypto call is a journey to another thread, which made them the dearest part of joining. What they work on is in our
 * memory either way, and SHA-256 has no branch or table that depends on it.
 */
export const webSuite: NoiseSuite = {
  name: '25519_AESGCM_SHA256',
  dhBytes: 32,
  hashBytes: 32,
  async generateKeyPair() {
    return webKeyPair(await generateX25519())
  },
  cipherKey(raw) {
    // The platform copies `raw` before this returns. Half of the keys of a handshake are never used: nobody waits for them.
    const key = importAeadKey(raw)
    key.catch(() => undefined)
    return {
      encrypt: async (nonce, ad, plaintext) => aeadSeal(await key, nonceBytes(nonce), ad, plaintext),
      decrypt: async (nonce, ad, ciphertext) => aeadOpen(await key, nonceBytes(nonce), ad, ciphertext),
    }
  },
  hash: (data) => Promise.resolve(unshared(sha256(data))),
  // Noise's HKDF is RFC 5869 with the chaining key as salt and no info (section 4.3).
  hkdf: (chainingKey, inputKeyMaterial, outputs) =>
    Promise.resolve(unshared(expand(sha256, extract(sha256, inputKeyMaterial, chainingKey), empty, 32 * outputs))),
}

/** HKDF-Extract as the suite does it (RFC 5869 section 2.2): a secret of `input` under a chaining key. */
export function extractSecret(chainingKey: Uint8Array, input: Uint8Array): Uint8Array<ArrayBuffer> {
  return unshared(extract(sha256, input, chainingKey))
}

/** A WebCrypto X25519 pair as Noise uses it. */
export async function webKeyPair(pair: CryptoKeyPair): Promise<DhKeyPair> {
  return {
    publicKey: await x25519PublicBytes(pair.publicKey),
    dh: (remotePublicKey) => x25519(pair.privateKey, remotePublicKey),
  }
}

/** AESGCM of Noise section 12.3: four zero bytes, then the counter, big endian. */
function nonceBytes(nonce: bigint): Uint8Array<ArrayBuffer> {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, nonce)
  return concat(new Uint8Array(4), counter)
}
