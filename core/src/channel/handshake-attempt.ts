import { AuthenticationError, CodecError, TransportError } from '../errors/index.ts'
import { Scope } from '../lifetime/index.ts'
import type { CarrierStream } from '../signalling/index.ts'
import { Envelope } from './envelope.ts'
import { FrameInbox } from './frame-inbox.ts'
import { handshakeTimeoutMs, type TransportLimits } from './limits.ts'
import type { ChannelContext, ChannelRole } from './secure-channel.ts'
import { NoiseChannel, type Session } from './transport/index.ts'

/**
 * One handshake on one stream: its deadline, its abort signal, its frames, and what happens when it fails. The steps
 * themselves are in `connect`.
 */
export class HandshakeAttempt {
  readonly #stream: CarrierStream
  readonly #context: ChannelContext
  readonly #role: ChannelRole
  readonly #inbox: FrameInbox
  readonly #envelope: Promise<Envelope>
  readonly #scope = new Scope()
  #channel: NoiseChannel | undefined
  /** Set by a failure only: after a success the last frame may still be on its way to the stream. */
  #givenUp = false

  constructor(stream: CarrierStream, context: ChannelContext, role: ChannelRole) {
    this.#stream = stream
    this.#context = context
    this.#role = role
    this.#inbox = new FrameInbox(stream)
    this.#envelope = Envelope.of(stream, context.keys, context.random, role)
    this.#envelope.catch(() => undefined)
  }

  /**
   * Runs the steps until they return, fail, are aborted or take too long. After a failure the stream is closed without a
   * word, unless a channel exists already that says why.
   * @throws {AuthenticationError} `handshake-failed` whatever the other end did wrong: callers cannot tell, and so cannot
   *   be made to tell.
   */
  async run(steps: () => Promise<NoiseChannel>): Promise<NoiseChannel> {
    try {
      return await Promise.race([this.#interruption(), steps()])
    } catch (error) {
      this.#givenUp = true
      if (this.#channel === undefined) this.#stream.close()
      else this.#channel.end('timeout')
      if (error instanceof CodecError || error instanceof AuthenticationError) throw handshakeFailed()
      throw error
    } finally {
      this.#scope.end()
    }
  }

  /** The content of the next frame. */
  async read(): Promise<Uint8Array<ArrayBuffer>> {
    const [frame, envelope] = await Promise.all([this.#inbox.next(), this.#envelope])
    const content = await envelope.open(frame)
    this.checkWanted()
    return content
  }

  /** Seals and sends; resolves when the carrier has taken it. */
  async write(content: Uint8Array): Promise<void> {
    const frame = await (await this.#envelope).seal(content)
    this.checkWanted()
    await this.#stream.send(frame)
  }

  /** To be called after an await and before anything that others can see: throws if the attempt is over. */
  checkWanted(): void {
    if (this.#givenUp) throw new TransportError('handshake-lost', 'the handshake was given up')
  }

  /** The channel on this stream from here on. `handshakeSent`: when our last handshake message has left. */
  async open(session: Session, handshakeSent: Promise<void>, limits: TransportLimits): Promise<NoiseChannel> {
    const wire = { stream: this.#stream, envelope: await this.#envelope, inbox: this.#inbox, handshakeSent }
    this.checkWanted()
    this.#channel = new NoiseChannel(session, wire, this.#context.clock, limits)
    return this.#channel
  }

  /** Throws on abort and at the deadline; never resolves. */
  async #interruption(): Promise<never> {
    const { clock, signal } = this.#context
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        resolve()
      }
      if (signal.aborted) wake()
      signal.addEventListener('abort', wake)
      this.#scope.onEnd(() => {
        signal.removeEventListener('abort', wake)
      })
      this.#scope.onEnd(clock.after(handshakeTimeoutMs, wake))
    })
    signal.throwIfAborted()
    throw new TransportError('handshake-timeout', `the ${this.#role}'s handshake took too long`)
  }
}

export function handshakeFailed(): AuthenticationError {
  return new AuthenticationError('handshake-failed', 'the handshake does not hold')
}
