import { LimitError } from '../../errors/index.ts'
import type { CipherKey, NoiseSuite } from './primitives.ts'

/** The nonce that only REKEY uses (sections 4.2 and 5.1). */
const rekeyNonce = 2n ** 64n - 1n

const empty = new Uint8Array(0)

/**
 * A key and its counter (Noise section 5.1). The counter moves before the cipher starts, so that calls may overlap:
 * each one takes its nonce at once, in the order of calls, and no nonce is ever taken twice.
 *
 * Decryption is for one call at a time: its counter moves only after a genuine message.
 */
export class CipherState {
  readonly #suite: NoiseSuite
  readonly #nonceLimit: bigint
  #key: Promise<CipherKey>
  #nonce = 0n

  /** `nonceLimit`: nonces are below it; at most 2^64 - 1, which belongs to REKEY. */
  constructor(suite: NoiseSuite, key: CipherKey, nonceLimit: bigint = rekeyNonce) {
    this.#suite = suite
    this.#key = Promise.resolve(key)
    this.#nonceLimit = nonceLimit < rekeyNonce ? nonceLimit : rekeyNonce
  }

  /**
   * EncryptWithAd(ad, plaintext).
   * @throws {LimitError} `nonce-exhausted` once the limit is reached, forever: the counter never wraps.
   */
  async encryptWithAd(ad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    this.#checkNonce()
    const nonce = this.#nonce++
    return (await this.#key).encrypt(nonce, ad, plaintext)
  }

  /**
   * DecryptWithAd(ad, ciphertext).
   * @throws {AuthenticationError} if the message is not the next one of the sender, as it was sent.
   * @throws {LimitError} `nonce-exhausted`
   */
  async decryptWithAd(ad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    this.#checkNonce()
    const plaintext = await (await this.#key).decrypt(this.#nonce, ad, ciphertext)
    this.#nonce++
    return plaintext
  }

  /**
   * Rekey() (sections 4.2 and 11.3): the old key cannot be computed from the new one; the counter goes on.
   * Calls of `encryptWithAd` that were made before use the old key, later ones the new.
   */
  rekey(): void {
    this.#key = this.#key.then(async (key) => {
      const output = await key.encrypt(rekeyNonce, empty, new Uint8Array(32))
      const next = this.#suite.cipherKey(output.subarray(0, 32))
      output.fill(0)
      return next
    })
    // Whoever uses the key next meets the failure; without a next use there is nothing to tell.
    this.#key.catch(() => undefined)
  }

  #checkNonce(): void {
    if (this.#nonce >= this.#nonceLimit) throw new LimitError('nonce-exhausted', 'no nonce is left under this key')
  }
}
