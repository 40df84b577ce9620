import { AuthenticationError, LimitError } from '../../errors/index.ts'
import type { StreamHandlers } from '../../signalling/index.ts'
import type { Envelope } from '../envelope.ts'
import { maxPendingBytes, type TransportLimits } from '../limits.ts'
import type { CipherState } from '../noise/index.ts'
import { decodeTransport, type TransportMessage } from './transport-message.ts'

const empty = new Uint8Array(0)

export interface ReceiverHandlers {
  /** One message, in order; the next one waits until this resolves. A throw counts as a violation. */
  received(message: TransportMessage): Promise<void> | void
  /** A frame that the other end cannot have sent at this point. Nothing follows. */
  violated(): void
  /** The stream is over, and everything that came before has been handed on. Nothing follows. */
  ended(): void
}

/**
 * Opens frames in the order of their coming. Envelopes open while earlier messages are still being read; the Noise
 * counter makes a lost, repeated, swapped or altered frame fail, and the first failure ends everything.
 */
export class SealedReceiver implements StreamHandlers {
  readonly #cipher: CipherState
  readonly #envelope: Envelope
  readonly #limits: TransportLimits
  readonly #handlers: ReceiverHandlers
  #framesUnderKey = 0
  #pendingBytes = 0
  #stopped = false
  #tail: Promise<void> = Promise.resolve()

  constructor(wire: { cipher: CipherState; envelope: Envelope }, limits: TransportLimits, handlers: ReceiverHandlers) {
    this.#cipher = wire.cipher
    this.#envelope = wire.envelope
    this.#limits = limits
    this.#handlers = handlers
  }

  frame(frame: Uint8Array<ArrayBuffer>): void {
    if (this.#stopped) return
    this.#pendingBytes += frame.length
    if (this.#pendingBytes > maxPendingBytes) {
      this.#violate()
      return
    }
    const opened = this.#envelope.open(frame)
    // It may fail long before its turn comes to be awaited.
    opened.catch(() => undefined)
    this.#queue(async () => {
      await this.#read(await opened)
      this.#pendingBytes -= frame.length
    })
  }

  ended(): void {
    this.#queue(() => {
      this.#stopped = true
      this.#handlers.ended()
    })
  }

  /** Nothing is handed on from now on. */
  stop(): void {
    this.#stopped = true
  }

  async #read(noiseMessage: Uint8Array): Promise<void> {
    const plaintext = await this.#cipher.decryptWithAd(empty, noiseMessage)
    if (this.#stopped) return
    // The sender must have changed its key by now.
    if (++this.#framesUnderKey > this.#limits.rekeyAfterFrames) throw new LimitError('rekey-due', 'key used too often')
    const messages = decodeTransport(plaintext)
    for (const [index, message] of messages.entries()) {
      if (message.kind === 'rekey' && index < messages.length - 1) throw unexpected()
      await this.#handlers.received(message)
      if (this.#isStopped()) return
    }
    if (messages.at(-1)?.kind === 'rekey') {
      this.#cipher.rekey()
      this.#framesUnderKey = 0
    }
  }

  /** A call, since it may change over an await. */
  #isStopped(): boolean {
    return this.#stopped
  }

  #queue(job: () => Promise<void> | void): void {
    this.#tail = this.#tail
      .then(async () => {
        if (!this.#stopped) await job()
      })
      .catch(() => {
        this.#violate()
      })
  }

  #violate(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#handlers.violated()
  }
}

/** For `received`: the message may not come now. */
export function unexpected(): AuthenticationError {
  return new AuthenticationError('unexpected-message', 'this message may not come now')
}
