import type { CarrierStream } from '../../signalling/index.ts'
import type { Envelope } from '../envelope.ts'
import { maxWaitingBytes, type TransportLimits } from '../limits.ts'
import type { CipherState } from '../noise/index.ts'
import {
  encodedBytes,
  encodeTransport,
  maxFrameContentBytes,
  maxMessagesPerFrame,
  type TransportMessage,
} from './transport-message.ts'

const empty = new Uint8Array(0)

export interface SenderWire {
  readonly cipher: CipherState
  readonly envelope: Envelope
  readonly stream: CarrierStream
  /** What must have left before anything is sent, such as the last message of the handshake. */
  readonly before: Promise<void>
  /** What leaves first, ahead of everything that is sent while it is being made. */
  readonly first: Promise<TransportMessage>
}

/**
 * Seals messages and sends them in the order of calls. What is sent while an earlier frame is on its way leaves in one
 * frame together: fewer frames for everyone to seal, carry and open, and less to see for who counts them.
 * `failed` is called when a message could not be sealed or sent, or too much waits; nothing more is sent then.
 */
export class SealedSender {
  readonly #wire: SenderWire
  readonly #limits: TransportLimits
  readonly #failed: () => void
  readonly #waiting: TransportMessage[] = []
  #framesUnderKey = 0
  #waitingBytes = 0
  #broken = false
  /** True while a frame is due that takes what waits. */
  #due = true
  #tail: Promise<void>

  constructor(wire: SenderWire, limits: TransportLimits, failed: () => void) {
    this.#wire = wire
    this.#limits = limits
    this.#failed = failed
    this.#tail = this.#guard(async () => {
      const [first] = await Promise.all([wire.first, wire.before])
      this.#waiting.unshift(first)
      this.#waitingBytes += encodedBytes(first)
      await this.#flush()
    })
  }

  send(message: TransportMessage): void {
    if (this.#broken) return
    this.#waitingBytes += encodedBytes(message)
    if (this.#waitingBytes > maxWaitingBytes) {
      this.#fail()
      return
    }
    this.#waiting.push(message)
    if (!this.#due) this.#schedule()
  }

  /** Announces the next key and changes to it: the announcement is the last message under the old one. */
  rekey(): void {
    this.send({ kind: 'rekey' })
  }

  /** Resolves when everything sent so far has been taken by the carrier or was lost. */
  async flushed(): Promise<void> {
    do await this.#tail
    while (this.#due)
  }

  #schedule(): void {
    this.#due = true
    const before = this.#tail
    this.#tail = this.#guard(async () => {
      await before
      await this.#flush()
    })
  }

  async #flush(): Promise<void> {
    this.#due = false
    if (this.#broken || this.#waiting.length === 0) return
    const messages = this.#take()
    if (this.#waiting.length > 0) this.#schedule()
    const { cipher, envelope, stream } = this.#wire
    const sealed = cipher.encryptWithAd(empty, encodeTransport(messages))
    this.#framesUnderKey += 1
    if (messages.at(-1)?.kind === 'rekey') {
      cipher.rekey()
      this.#framesUnderKey = 0
    }
    const frame = await envelope.seal(await sealed)
    if (!this.#isBroken()) await stream.send(frame)
  }

  /** The messages of the next frame; an announcement of a new key ends it. The last frame a key is good for announces the next. */
  #take(): TransportMessage[] {
    if (this.#framesUnderKey >= this.#limits.rekeyAfterFrames - 1) return [{ kind: 'rekey' }]
    const messages: TransportMessage[] = []
    let bytes = 0
    for (const message of this.#waiting) {
      if (bytes + encodedBytes(message) > maxFrameContentBytes || messages.length === maxMessagesPerFrame) break
      bytes += encodedBytes(message)
      messages.push(message)
      if (message.kind === 'rekey') break
    }
    this.#waiting.splice(0, messages.length)
    this.#waitingBytes -= bytes
    return messages
  }

  /** A call, since it may change over an await. */
  #isBroken(): boolean {
    return this.#broken
  }

  async #guard(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch {
      this.#fail()
    }
  }

  #fail(): void {
    if (this.#broken) return
    this.#broken = true
    this.#due = false
    this.#waiting.length = 0
    this.#failed()
  }
}
