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
