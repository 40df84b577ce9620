import type { CarrierStream } from '../../signalling/index.ts'
import type { Envelope } from '../envelope.ts'
import { maxUnsentBytes, type TransportLimits } from '../limits.ts'
import type { CipherState } from '../noise/index.ts'
import { encodeTransport, type TransportMessage } from './transport-message.ts'

const empty = new Uint8Array(0)

/**
 * Seals messages and sends them in the order of calls. Sealing of several overlaps; only sending waits for its turn.
 * `failed` is called when a message could not be sealed or sent, or too much is unsent; nothing more is sent then.
 */
export class SealedSender {
  readonly #cipher: CipherState
  readonly #envelope: Envelope
  readonly #stream: CarrierStream
  readonly #limits: TransportLimits
  readonly #failed: () => void
  #sentUnderKey = 0
  #unsentBytes = 0
  #broken = false
  #tail: Promise<void>

  /** `before`: what must have left first, such as the last message of the handshake. */
  constructor(
    wire: { cipher: CipherState; envelope: Envelope; stream: CarrierStream; before: Promise<void> },
    limits: TransportLimits,
    failed: () => void,
  ) {
    this.#cipher = wire.cipher
    this.#envelope = wire.envelope
    this.#stream = wire.stream
    this.#limits = limits
    this.#failed = failed
    this.#tail = wire.before.catch(() => {
      this.#fail()
    })
  }

  /** @throws {UsageError} `too-long` if the message does not fit into a frame. */
  send(message: TransportMessage): void {
    const plaintext = encodeTransport(message)
    if (this.#sentUnderKey >= this.#limits.rekeyAfterMessages - 1) this.rekey()
    this.#push(plaintext)
  }

  /** Announces the next key and changes to it: the announcement is the last message under the old one. */
  rekey(): void {
    this.#push(encodeTransport({ kind: 'rekey' }))
    this.#cipher.rekey()
    this.#sentUnderKey = 0
  }

  /** Resolves when everything sent so far has been taken by the carrier or was lost. */
  async flushed(): Promise<void> {
    await this.#tail
  }

  #push(plaintext: Uint8Array): void {
    if (this.#broken) return
    this.#sentUnderKey++
    this.#unsentBytes += plaintext.length
    if (this.#unsentBytes > maxUnsentBytes) {
      this.#fail()
      return
    }
    const sealed = this.#seal(plaintext)
    // It may fail long before its turn comes to be awaited.
    sealed.catch(() => undefined)
    this.#tail = this.#tail
      .then(async () => {
        const frame = await sealed
        if (!this.#broken) await this.#stream.send(frame)
        this.#unsentBytes -= plaintext.length
      })
      .catch(() => {
        this.#fail()
      })
  }

  async #seal(plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#envelope.seal(await this.#cipher.encryptWithAd(empty, plaintext))
  }

  #fail(): void {
    if (this.#broken) return
    this.#broken = true
    this.#failed()
  }
}
