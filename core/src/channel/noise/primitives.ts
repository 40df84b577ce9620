/**
 * The cryptographic functions of the Noise Protocol Framework, revision 34, section 4, as capabilities: a key is an
 * object that can be used and not read. Everything is asynchronous because WebCrypto is.
 */
export interface NoiseSuite {
  /** The last three parts of a protocol name, such as `25519_AESGCM_SHA256`. */
  readonly name: string
  /** DHLEN, in bytes. */
  readonly dhBytes: number
  /** HASHLEN, in bytes. */
  readonly hashBytes: number
  /** GENERATE_KEYPAIR(): a fresh one with every call, never the same twice. */
  generateKeyPair(): Promise<DhKeyPair>
  /** Copies the 32 bytes of a cipher key; the caller wipes them afterwards. */
  cipherKey(raw: Uint8Array): CipherKey
  /** HASH(data). */
  hash(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** HKDF(chaining_key, input_key_material, num_outputs): `outputs` values of HASHLEN bytes, one after the other. */
  hkdf(chainingKey: Uint8Array, inputKeyMaterial: Uint8Array, outputs: 2 | 3): Promise<Uint8Array<ArrayBuffer>>
}

export interface DhKeyPair {
  readonly publicKey: Uint8Array<ArrayBuffer>
  /**
   * DH(key_pair, public_key).
   * @throws {AuthenticationError} if the result would be all zeros (stricter than Noise, as RFC 7748 section 6.1 allows).
   */
  dh(remotePublicKey: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
}

export interface CipherKey {
  /** ENCRYPT(k, n, ad, plaintext): ciphertext and 16-byte tag. One nonce serves once. */
  encrypt(nonce: bigint, ad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /**
   * DECRYPT(k, n, ad, ciphertext).
   * @throws {AuthenticationError} if anything does not hold.
   */
  decrypt(nonce: bigint, ad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
}

/** Length of the tag that every cipher of Noise appends. */
export const tagBytes = 16

/** Longest Noise message (section 3). */
export const maxNoiseMessageBytes = 65_535
