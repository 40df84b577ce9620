import { finalizeEvent, generateSecretKey, getPublicKey, nip04, nip19 } from 'nostr-tools'
import type { OpenRelay } from './open-relay.ts'

/** Somebody whose client knows NIP-04 only: an independent implementation of it, at one relay. */
export class OldClient {
  readonly #secret = generateSecretKey()
  readonly #relay: OpenRelay

  constructor(relay: OpenRelay) {
    this.#relay = relay
  }

  get key(): string {
    return getPublicKey(this.#secret)
  }

  /** `npub1…` */
  get address(): string {
    return nip19.npubEncode(this.key)
  }

  /** Everything that was written to them, decrypted, in the order of the relay. */
  received(): readonly { readonly from: string; readonly text: string }[] {
    return this.#relay
      .events(4)
      .filter(({ tags }) => tags.some(([name, value]) => name === 'p' && value === this.key))
      .map(({ pubkey, content }) => ({ from: pubkey, text: nip04.decrypt(this.#secret, pubkey, content) }))
  }

  write(to: string, text: string): void {
    const created_at = Math.floor(Date.now() / 1_000)
    const content = nip04.encrypt(this.#secret, to, text)
    this.#relay.take(finalizeEvent({ kind: 4, created_at, tags: [['p', to]], content }, this.#secret))
  }
}
