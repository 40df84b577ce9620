import { concat } from '../../bytes/index.ts'
import {
  aeadOpen,
  aeadSeal,
  generateX25519,
  hkdf,
  hkdfExpand,
  hkdfExtract,
  importAeadKey,
  importHkdfKey,
  sha256,
  x25519,
  x25519PublicBytes,
} from '../../crypto/index.ts'
import type { DhKeyPair, NoiseSuite } from './primitives.ts'

const empty = new Uint8Array(0)

/** `25519_AESGCM_SHA256` (Noise section 12) on WebCrypto: native code, and private keys that cannot be read. */
export const webSuite: NoiseSuite = {
  name: '25519_AESGCM_SHA256',
  dhBytes: 32,
  hashBytes: 32,
  async generateKeyPair() {
    return webKeyPair(await generateX25519())
  },
  async cipherKey(raw) {
    const key = await importAeadKey(raw)
    return {
      encrypt: (nonce, ad, plaintext) => aeadSeal(key, nonceBytes(nonce), ad, plaintext),
      decrypt: (nonce, ad, ciphertext) => aeadOpen(key, nonceBytes(nonce), ad, ciphertext),
    }
  },
  hash: sha256,
  async hkdf(chainingKey, inputKeyMaterial, outputs) {
    const length = 32 * outputs
    // Not every WebCrypto takes HKDF input of no length, which Split() has. HMAC over nothing is the same function.
    if (inputKeyMaterial.length === 0) {
      return hkdfExpand('SHA-256', await hkdfExtract('SHA-256', chainingKey, empty), empty, length)
    }
    // Noise's HKDF is RFC 5869 with the chaining key as salt and no info (section 4.3): one native call.
    return hkdf('SHA-256', await importHkdfKey(inputKeyMaterial), chainingKey, empty, length)
  },
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
