import type { NostrSigner } from '../nostr/index.ts'

/** The text form of an Ed25519 public key: base64url without padding, 43 characters. Names a participant in one room. */
export type PeerId = string & { readonly __brand: 'PeerId' }

/**
 * What this device is within one room: an Ed25519 pair derived from the user's seed and the room id, so that two rooms
 * cannot be linked. Private keys are non-extractable.
 */
export interface RoomIdentity {
  readonly peerId: PeerId
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /**
   * Signs `utf8(domain) || 0x00 || u32(length) || message`; the domain names the purpose so that no signature serves
   * another one.
   * @throws {UsageError} `bad-domain` if the domain is empty or holds U+0000.
   */
  sign(domain: string, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** The X25519 static key for Noise, on this device only. */
  readonly noiseStatic: CryptoKeyPair
}

/** The text form of a long-term Ed25519 key: base64url without padding, 43 characters. Names a person in every room. */
export type IdentityId = string & { readonly __brand: 'IdentityId' }

/** Somebody who signs with an Ed25519 key. */
export interface Signer {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /**
   * Signs `utf8(domain) || 0x00 || u32(length) || message`; `verifySignature` checks it.
   * @throws {UsageError} `bad-domain` if the domain is empty or holds U+0000.
   */
  sign(domain: string, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
}

/** A person, on a device that has the seed: whoever has this can say which devices are theirs. */
export interface PersonalIdentity extends Signer {
  readonly id: IdentityId
  /** secp256k1, x-only (BIP-340), 32 bytes. */
  readonly nostrPublicKey: Uint8Array<ArrayBuffer>
  /**
   * A BIP-340 signature over a 32-byte digest, which must be a tagged hash of its purpose; events are signed by `nostr`.
   * @throws {UsageError} `bad-length`
   */
  signNostr(digest: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** The same key as whoever writes and reads on Nostr. Every use derives it anew from the seed. */
  readonly nostr: NostrSigner
}

/** One device of a person. Private keys are non-extractable. */
export interface DeviceIdentity extends Signer {
  /** X25519, the static key for Noise. */
  readonly noiseStatic: CryptoKeyPair
  /** Its public half, 32 bytes. */
  readonly noisePublicKey: Uint8Array<ArrayBuffer>
}
