/**
 * Purpose. Schnorr signatures of BIP-340 over secp256k1, which WebCrypto does not have: for the Nostr half of an identity.
 * Promises. One algorithm, over an audited library; verification answers and never throws.
 * Does not. Keep keys: a scalar is bytes in memory, so the caller derives it, uses it and wipes it. Nor belong to the index of
 * `crypto`: whoever does not need it must not load it.
 * May import. errors, bytes.
 */
export { scalarOf, schnorrPublicKey, schnorrSign, schnorrVerify, taggedHash } from './bip340.ts'
