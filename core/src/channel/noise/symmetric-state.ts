import { concat, utf8 } from '../../bytes/index.ts'
import { CipherState } from './cipher-state.ts'
import type { NoiseSuite } from './primitives.ts'

const empty = new Uint8Array(0)

/**
 * The chaining key, the transcript hash and the current cipher of a handshake (Noise section 5.2).
 * Calls must not overlap; `HandshakeState` sees to that.
 */
export class SymmetricState {
  protected readonly suite: NoiseSuite
  protected chainingKey: Uint8Array<ArrayBuffer>
  #hash: Uint8Array<ArrayBuffer>
  #cipher: CipherState | undefined

  protected constructor(suite: NoiseSuite, initialHash: Uint8Array<ArrayBuffer>) {
    this.suite = suite
    this.chainingKey = initialHash.slice()
    this.#hash = initialHash
  }

  /** InitializeSymmetric(protocol_name). */
  static async initialize(suite: NoiseSuite, protocolName: string): Promise<SymmetricState> {
    return new SymmetricState(suite, await SymmetricState.initialHash(suite, protocolName))
  }

  protected static async initialHash(suite: NoiseSuite, protocolName: string): Promise<Uint8Array<ArrayBuffer>> {
    const name = utf8(protocolName)
    if (name.length > suite.hashBytes) return suite.hash(name)
    return concat(name, new Uint8Array(suite.hashBytes - name.length))
  }

  /** MixKey(input_key_material). */
  async mixKey(inputKeyMaterial: Uint8Array): Promise<void> {
    const [chainingKey, key] = await this.#derive(inputKeyMaterial, 2)
    this.#advance(chainingKey)
    this.#initializeKey(key)
  }

  /** MixHash(data). */
  async mixHash(data: Uint8Array): Promise<void> {
    this.#hash = await this.suite.hash(concat(this.#hash, data))
  }

  /** MixKeyAndHash(input_key_material), for pre-shared keys. */
  async mixKeyAndHash(inputKeyMaterial: Uint8Array): Promise<void> {
    const [chainingKey, hashInput, key] = await this.#derive(inputKeyMaterial, 3)
    this.#advance(chainingKey)
    await this.mixHash(hashInput)
    this.#initializeKey(key)
  }

  /** GetHandshakeHash(): binds everything that both ends have said; not secret. */
  handshakeHash(): Uint8Array<ArrayBuffer> {
    return this.#hash.slice()
  }

  /** EncryptAndHash(plaintext): in the clear as long as there is no key. */
  async encryptAndHash(plaintext: Uint8Array): Promise<Uint8Array> {
    const ciphertext = await (this.#cipher?.encryptWithAd(this.#hash, plaintext) ?? plaintext)
    await this.mixHash(ciphertext)
    return ciphertext
  }

  /**
   * DecryptAndHash(ciphertext).
   * @throws {AuthenticationError} if there is a key and the ciphertext is not genuine.
   */
  async decryptAndHash(ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const plaintext = this.#cipher
      ? await this.#cipher.decryptWithAd(this.#hash, ciphertext)
      : new Uint8Array(ciphertext)
    await this.mixHash(ciphertext)
    return plaintext
  }

  /** True once payloads and static keys are encrypted. */
  get hasKey(): boolean {
    return this.#cipher !== undefined
  }

  /**
   * Split(): the cipher of the initiator's messages, then that of the responder's.
   * Beside them `derive(chainingKey)` takes another secret from the final chaining key; the key is wiped afterwards.
   */
  async split<T>(
    nonceLimit: bigint,
    derive: (chainingKey: Uint8Array) => T,
  ): Promise<{ fromInitiator: CipherState; fromResponder: CipherState; derived: T }> {
    const [first, second] = await this.#derive(empty, 2)
    const keys = [this.suite.cipherKey(first.subarray(0, 32)), this.suite.cipherKey(second.subarray(0, 32))] as const
    const derived = derive(this.chainingKey)
    for (const secret of [first, second, this.chainingKey]) secret.fill(0)
    this.#cipher = undefined
    return {
      fromInitiator: new CipherState(this.suite, keys[0], nonceLimit),
      fromResponder: new CipherState(this.suite, keys[1], nonceLimit),
      derived,
    }
  }

  #initializeKey(key: Uint8Array): void {
    this.#cipher = new CipherState(this.suite, this.suite.cipherKey(key.subarray(0, 32)))
    key.fill(0)
  }

  #advance(chainingKey: Uint8Array<ArrayBuffer>): void {
    this.chainingKey.fill(0)
    this.chainingKey = chainingKey
  }

  async #derive<N extends 2 | 3>(inputKeyMaterial: Uint8Array, outputs: N): Promise<Outputs<N>>
  async #derive(inputKeyMaterial: Uint8Array, outputs: 2 | 3): Promise<Uint8Array<ArrayBuffer>[]> {
    const joined = await this.suite.hkdf(this.chainingKey, inputKeyMaterial, outputs)
    const values = Array.from({ length: outputs }, (_, index) =>
      joined.slice(index * this.suite.hashBytes, (index + 1) * this.suite.hashBytes),
    )
    joined.fill(0)
    return values
  }
}

type Bytes = Uint8Array<ArrayBuffer>
type Outputs<N extends 2 | 3> = N extends 2 ? [Bytes, Bytes] : [Bytes, Bytes, Bytes]
