import { gcm } from '@noble/ciphers/aes.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { blake2b, blake2s } from '@noble/hashes/blake2.js'
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import type { DhKeyPair, NoiseSuite } from '../../src/channel/noise/index.ts'
import { AuthenticationError } from '../../src/errors/index.ts'

const hashes = { SHA256: sha256, SHA512: sha512, BLAKE2s: blake2s, BLAKE2b: blake2b } as const
const ciphers = { AESGCM: gcm, ChaChaPoly: chacha20poly1305 } as const

type HashName = keyof typeof hashes
type CipherName = keyof typeof ciphers

/** Any suite of Noise section 12 over Curve25519, by an implementation that shares no code with the production one. */
export function nobleSuite(name: string): NoiseSuite {
  const [, cipherName, hashName] = name.split('_') as [string, CipherName, HashName]
  const cipher = ciphers[cipherName]
  const hash = hashes[hashName]
  return {
    name,
    dhBytes: 32,
    hashBytes: hash.outputLen,
    generateKeyPair: async () => nobleKeyPair(x25519.utils.randomSecretKey()),
    cipherKey(raw) {
      const key = raw.slice()
      return {
        encrypt: async (nonce, ad, plaintext) =>
          new Uint8Array(cipher(key, nonceBytes(cipherName, nonce), ad).encrypt(plaintext)),
        async decrypt(nonce, ad, ciphertext) {
          try {
            return new Uint8Array(cipher(key, nonceBytes(cipherName, nonce), ad).decrypt(ciphertext))
          } catch {
            throw new AuthenticationError('open-failed', 'ciphertext is not genuine')
          }
        },
      }
    },
    hash: async (data) => new Uint8Array(hash(data)),
    hkdf: async (chainingKey, inputKeyMaterial, outputs) =>
      new Uint8Array(expand(hash, extract(hash, inputKeyMaterial, chainingKey), undefined, hash.outputLen * outputs)),
  }
}

export function nobleKeyPair(privateKey: Uint8Array): DhKeyPair {
  return {
    publicKey: new Uint8Array(x25519.getPublicKey(privateKey)),
    dh: async (remote) => new Uint8Array(x25519.getSharedSecret(privateKey, remote)),
  }
}

/** AESGCM counts big endian, ChaChaPoly little endian (sections 12.2 and 12.3). */
function nonceBytes(cipher: CipherName, nonce: bigint): Uint8Array {
  const bytes = new Uint8Array(12)
  new DataView(bytes.buffer).setBigUint64(4, nonce, cipher === 'ChaChaPoly')
  return bytes
}
