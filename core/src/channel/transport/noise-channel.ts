import { concat, unshared, utf8 } from '../../bytes/index.ts'
import { hkdfExpand } from '../../crypto/index.ts'
import { AuthenticationError, LimitError, TransportError, UsageError, type PigeonError } from '../../errors/index.ts'
import { Emitter, type Undo } from '../../lifetime/index.ts'
import type { Clock } from '../../runtime/index.ts'
import type { CarrierStream } from '../../signalling/index.ts'
import { Alarm } from '../alarm.ts'
import { verifyProof } from './channel-proof.ts'
import type { Envelope } from '../envelope.ts'
import type { FrameInbox } from '../frame-inbox.ts'
import { closeFlushMs, handshakeTimeoutMs, type TransportLimits } from '../limits.ts'
import { MessageBox } from './message-box.ts'
import type { CipherState } from '../noise/index.ts'
import { SealedReceiver, unexpected } from './sealed-receiver.ts'
import { SealedSender } from './sealed-sender.ts'
import {
  maxChannelMessageBytes,
  type ChannelEvents,
  type ChannelRole,
  type CloseReason,
  type RemoteParty,
  type SecureChannel,
} from '../secure-channel.ts'
import type { TransportMessage } from './transport-message.ts'

/** What a finished handshake leaves behind. */
export interface Session {
  readonly role: ChannelRole
  readonly remote: RemoteParty
  readonly handshakeHash: Uint8Array
  readonly send: CipherState
  readonly receive: CipherState
  readonly exporterSecret: Uint8Array
  /** Our own Ed25519 proof over the handshake hash, as soon as it is signed. */
  readonly proof: Promise<Uint8Array>
}

/** The road the session goes on. */
export interface Wire {
  readonly stream: CarrierStream
  readonly envelope: Envelope
  readonly inbox: FrameInbox
  /** Resolves when the last handshake message of this end has been taken by the carrier. */
  readonly handshakeSent: Promise<void>
}

/**
 * | state    | input                     | next     | effect                                   |
 * | unproven | genuine proof             | proven   | `proven` resolves                        |
 * | unproven | anything else             | closed   | `violation`, `proven` rejects            |
 * | unproven | 10 s pass                 | closed   | `timeout`, `proven` rejects              |
 * | proven   | data, ping, rekey         | proven   | data is delivered                        |
 * | proven   | close                     | closed   | the reason told                          |
 * | proven   | second proof, bad frame   | closed   | `violation`                              |
 * | not closed | stream ends, 45 s silence, sender stuck | closed | `lost`                     |
 * | not closed | `close(reason)`         | closed   | the reason is sent, then the stream ends |
 */
type State =
  | { readonly kind: 'unproven' }
  | { readonly kind: 'proven' }
  | { readonly kind: 'closed'; readonly reason: CloseReason }

/** The channel after the handshake: see `SecureChannel` for what it promises. */
export class NoiseChannel implements SecureChannel {
  readonly role: ChannelRole
  readonly remote: RemoteParty
  readonly proven: Promise<void>
  readonly #session: Session
  readonly #stream: CarrierStream
  readonly #clock: Clock
  readonly #events = new Emitter<ChannelEvents>()
  readonly #box: MessageBox
  readonly #sender: SealedSender
  readonly #receiver: SealedReceiver
  readonly #alarms: { readonly proof: Alarm; readonly ping: Alarm; readonly rekey: Alarm; readonly silence: Alarm }
  readonly #settle: { prove(): void; disprove(error: PigeonError): void }
  #state: State = { kind: 'unproven' }

  constructor(session: Session, wire: Wire, clock: Clock, limits: TransportLimits) {
    this.role = session.role
    this.remote = session.remote
    this.#session = session
    this.#stream = wire.stream
    this.#clock = clock
    const { promise, ...settle } = settleable()
    this.proven = promise
    this.#settle = settle
    this.#box = new MessageBox((message) => {
      if (this.#state.kind !== 'closed') this.#events.emit('messageReceived', message)
    })
    this.#alarms = this.#makeAlarms(limits)
    this.#sender = new SealedSender(
      {
        cipher: session.send,
        envelope: wire.envelope,
        stream: wire.stream,
        before: wire.handshakeSent,
        first: session.proof.then((signature) => ({ kind: 'proof', signature })),
      },
      limits,
      () => {
        this.end('lost')
      },
    )
    this.#receiver = new SealedReceiver({ cipher: session.receive, envelope: wire.envelope }, limits, {
      received: (message) => this.#receive(message),
      violated: () => {
        this.end('violation')
      },
      ended: () => {
        this.end('lost')
      },
    })
    for (const alarm of Object.values(this.#alarms)) alarm.start()
    wire.inbox.forward(this.#receiver)
  }

  /**
   * HKDF-Expand over the exporter secret, which `connect` takes from the final chaining key of the handshake.
   * @throws {UsageError} `channel-closed` once the channel is closed: its secrets are wiped then.
   */
  async exportKey(label: string): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#state.kind === 'closed') throw new UsageError('channel-closed', 'the channel is closed')
    return hkdfExpand('SHA-256', this.#session.exporterSecret, concat(utf8('p2pigeon/v1/export/'), utf8(label)), 32)
  }

  send(message: Uint8Array): void {
    if (message.length > maxChannelMessageBytes) throw new LimitError('message-size', 'message too large')
    if (this.#state.kind === 'closed') return
    this.#sender.send({ kind: 'data', body: message })
    this.#alarms.ping.start()
  }

  on<K extends keyof ChannelEvents>(event: K, listener: ChannelEvents[K]): Undo {
    if (event === 'closed' && this.#state.kind === 'closed') return tellLate(this.#state.reason, event, listener)
    const undo = this.#events.on(event, listener)
    if (event === 'messageReceived') this.#box.open()
    return undo
  }

  close(reason: CloseReason): void {
    if (this.#state.kind === 'closed') return
    this.#sender.send({ kind: 'close', reason })
    this.#finish(reason)
    const closeStream = (): void => {
      this.#stream.close()
    }
    const cancel = this.#clock.after(closeFlushMs, closeStream)
    void this.#sender.flushed().then(() => {
      cancel()
      closeStream()
    })
  }

  /** Closes without a word to the other end. */
  end(reason: CloseReason): void {
    if (this.#state.kind === 'closed') return
    this.#finish(reason)
    this.#stream.close()
  }

  async #receive(message: TransportMessage): Promise<void> {
    this.#alarms.silence.start()
    if (this.#state.kind === 'unproven') {
      await this.#prove(message)
      return
    }
    switch (message.kind) {
      case 'data':
        if (!this.#box.put(unshared(message.body))) throw new LimitError('undelivered', 'nobody takes the messages')
        break
      case 'close':
        this.end(message.reason)
        break
      case 'proof':
        throw unexpected()
      case 'rekey':
      case 'ping':
        break
      default:
        message satisfies never
    }
  }

  async #prove(message: TransportMessage): Promise<void> {
    const { remote, handshakeHash, role } = this.#session
    const theirs = role === 'initiator' ? 'responder' : 'initiator'
    if (message.kind !== 'proof') throw unexpected()
    if (!(await verifyProof(remote.publicKey, handshakeHash, theirs, message.signature))) throw unexpected()
    if (this.#state.kind !== 'unproven') return
    this.#state = { kind: 'proven' }
    this.#alarms.proof.stop()
    this.#settle.prove()
  }

  #finish(reason: CloseReason): void {
    const wasUnproven = this.#state.kind === 'unproven'
    this.#state = { kind: 'closed', reason }
    this.#receiver.stop()
    this.#box.clear()
    for (const alarm of Object.values(this.#alarms)) alarm.stop()
    this.#session.exporterSecret.fill(0)
    if (wasUnproven) this.#settle.disprove(whyUnproven(reason))
    this.#events.emit('closed', reason)
  }

  #makeAlarms(limits: TransportLimits) {
    const ping = new Alarm(this.#clock, limits.pingEveryMs, () => {
      this.#sender.send({ kind: 'ping' })
      ping.start()
    })
    const rekey = new Alarm(this.#clock, limits.rekeyAfterMs, () => {
      this.#sender.rekey()
      rekey.start()
    })
    const silence = new Alarm(this.#clock, limits.silenceMs, () => {
      this.end('lost')
    })
    const proof = new Alarm(this.#clock, handshakeTimeoutMs, () => {
      this.end('timeout')
    })
    return { proof, ping, rekey, silence }
  }
}

/** Who subscribes after the end still learns of it, once, after its own turn. */
function tellLate<K extends keyof ChannelEvents>(reason: CloseReason, event: K, listener: ChannelEvents[K]): Undo {
  const events = new Emitter<ChannelEvents>()
  events.on(event, listener)
  queueMicrotask(() => {
    events.emit('closed', reason)
  })
  return () => {
    events.clear()
  }
}

function whyUnproven(reason: CloseReason): PigeonError {
  if (reason === 'violation') return new AuthenticationError('handshake-failed', 'the other end did not prove itself')
  if (reason === 'timeout') return new TransportError('handshake-timeout', 'the other end did not prove itself in time')
  return new TransportError('handshake-lost', 'the channel closed before the other end proved itself')
}

function settleable() {
  let prove: () => void = () => undefined
  let disprove: (error: PigeonError) => void = () => undefined
  const promise = new Promise<void>((resolve, reject) => {
    prove = resolve
    disprove = reject
  })
  // Not everybody waits for the proof; those who do still see it fail.
  promise.catch(() => undefined)
  return { promise, prove, disprove }
}
