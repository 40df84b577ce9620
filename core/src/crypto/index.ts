/**
 * Purpose. Thin names over WebCrypto: hash, MAC, key derivation, AEAD, key agreement, signature.
 * Promises. One algorithm each, no parameters to get wrong; a failed check is an AuthenticationError or `false`, never
 * a usable value. Private keys that leave this folder are non-extractable.
 * Does not. Choose nonces, contexts or protocols; fall back to another implementation.
 * May import. errors, bytes.
 */
export { aeadNonceBytes, aeadOpen, aeadSeal, aeadTagBytes, generateAeadKey, importAeadKey } from './aead.ts'
export { hmacSha256, sha256, sha512, type HashName } from './hash.ts'
export { hkdf, hkdfExpand, importHkdfKey } from './hkdf.ts'
export { generateX25519, x25519, x25519FromSeed, x25519PublicBytes } from './x25519.ts'
export { ed25519FromSeed, ed25519Sign, ed25519Verify } from './ed25519.ts'
