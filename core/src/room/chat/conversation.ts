import { utf8 } from '../../bytes/index.ts'
import { LimitError, UsageError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import { fractionOf, type Clock, type Random } from '../../runtime/index.ts'
import { maxMessageBytes, type DeliveryState, type MessageView } from '../view.ts'
import { MessageLog, type LogEntry } from './message-log.ts'
import { decodeChatFrame, encodeChatFrame, type ChatFrame } from './wire.ts'

/**
 * Acknowledgements wait this long for company: one answers everything that came meanwhile. A random part on top keeps the
 * moment of an answer from telling the delay of the path, and so where somebody is. Costs nobody anything but a later tick.
 */
const ackDelayMs = 25
const ackJitterMs = 35
/** Senders whose count we remember; identities are free, so whoever comes and goes must not fill memory. */
const maxInbound = 256
/** A sender may be ahead of our Lamport clock by this much; more is cut, so that nobody can use up the range. */
const maxLamportLead = 1_000_000
/** Frames up to this size are written in one piece of memory, again and again. */
const usualFrameBytes = 2_048

export interface ConversationPorts {
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  readonly self: PeerId
  /** Tells the page loads of this device apart. */
  readonly instance: string
  /** Sends one frame to one connected peer; false if it is not connected now. The frame's memory is used again afterwards. */
  send(to: PeerId, frame: Uint8Array<ArrayBuffer>): boolean
  nameOf(peer: PeerId): string
  received(message: MessageView): void
  changed(): void
}

interface Outgoing {
  readonly entry: LogEntry
  /** Who was here to get it, and whether it arrived. Empty: it waits for the first who comes. */
  readonly targets: Map<PeerId, boolean>
}

interface Inbound {
  instance: string
  lastSeq: number
  ackScheduled: boolean
}

/**
 * In-room messages: each has an id, a place in the causal order and a delivery state. A message is sent to everyone
 * present; to whoever drops out it is sent again on reconnection, and the receiver drops what it has seen.
 */
export class Conversation {
  readonly #ports: ConversationPorts
  readonly #log = new MessageLog()
  readonly #outbox: Outgoing[] = []
  readonly #inbound = new Map<PeerId, Inbound>()
  readonly #scratch = new Uint8Array(usualFrameBytes)
  #lamport = 0
  #seq = 0

  constructor(ports: ConversationPorts) {
    this.#ports = ports
  }

  messages(): readonly MessageView[] {
    return this.#log.messages()
  }

  /** @throws {UsageError} `empty-message`; {LimitError} `message-size`. */
  post(content: string, present: readonly PeerId[]): string {
    if (content.trim() === '') throw new UsageError('empty-message', 'a message needs content')
    if (isTooLong(content)) throw new LimitError('message-size', 'the message is too long')
    const { clock, self, instance } = this.#ports
    const sentAtMs = clock.now()
    const seq = ++this.#seq
    const lamport = ++this.#lamport
    const id = messageId(self, instance, seq)
    const targets = new Map(present.map((peer) => [peer, false] as const))
    const view: MessageView = {
      id,
      from: self,
      fromName: this.#ports.nameOf(self),
      own: true,
      content,
      sentAtMs,
      delivery: deliveryOf(targets),
    }
    const entry: LogEntry = { lamport, seq, view }
    this.#outbox.push({ entry, targets })
    this.#keep(entry)
    const frame = this.#frameOf(entry)
    for (const peer of present) this.#ports.send(peer, frame)
    this.#ports.changed()
    return id
  }

  /** A peer is connected, for the first time or again: it gets what it has not acknowledged and what waited for anyone. */
  connected(peer: PeerId): void {
    for (const outgoing of this.#outbox) {
      if (outgoing.targets.size === 0) {
        outgoing.targets.set(peer, false)
        this.#updateDelivery(outgoing)
      }
      if (outgoing.targets.get(peer) === false) this.#ports.send(peer, this.#frameOf(outgoing.entry))
    }
  }

  /** A peer left for good: nothing waits for it any longer. */
  departed(peer: PeerId): void {
    for (const outgoing of this.#outbox) {
      if (outgoing.targets.get(peer) !== false) continue
      outgoing.targets.delete(peer)
      this.#updateDelivery(outgoing)
    }
  }

  /** @throws {CodecError} when the bytes are not a chat frame. */
  receive(from: PeerId, instance: string, bytes: Uint8Array): void {
    const frame = decodeChatFrame(bytes)
    if (frame.kind === 'ack') this.#acknowledged(from, frame.seq)
    else this.#arrived(from, instance, frame)
  }

  #arrived(from: PeerId, instance: string, frame: Extract<ChatFrame, { kind: 'message' }>): void {
    let inbound = this.#inbound.get(from)
    if (inbound?.instance !== instance) {
      inbound = { instance, lastSeq: 0, ackScheduled: false }
      this.#inbound.delete(from)
      this.#inbound.set(from, inbound)
      const oldest = this.#inbound.keys().next()
      if (this.#inbound.size > maxInbound && oldest.done !== true) this.#inbound.delete(oldest.value)
    }
    if (frame.seq > inbound.lastSeq) {
      inbound.lastSeq = frame.seq
      const lamport = Math.min(frame.lamport, this.#lamport + maxLamportLead)
      this.#lamport = Math.max(this.#lamport, lamport)
      const view: MessageView = {
        id: messageId(from, instance, frame.seq),
        from,
        fromName: this.#ports.nameOf(from),
        own: false,
        content: frame.content,
        sentAtMs: frame.sentAtMs,
        delivery: { kind: 'received' },
      }
      this.#keep({ lamport, seq: frame.seq, view })
      this.#ports.received(view)
      this.#ports.changed()
    }
    this.#scheduleAck(from, inbound)
  }

  /** What the log can no longer show is not sent again either. */
  #keep(entry: LogEntry): void {
    if (this.#log.add(entry) === this.#outbox[0]?.entry) this.#outbox.shift()
  }

  #scheduleAck(to: PeerId, inbound: Inbound): void {
    if (inbound.ackScheduled) return
    inbound.ackScheduled = true
    const jitterMs = fractionOf(this.#ports.random) * ackJitterMs
    const cancel = this.#ports.clock.after(ackDelayMs + jitterMs, () => {
      forget()
      inbound.ackScheduled = false
      this.#ports.send(to, encodeChatFrame({ kind: 'ack', seq: inbound.lastSeq }))
    })
    const forget = this.#ports.scope.onEnd(cancel)
  }

  /** Written when it is sent: a log full of frames would be a second copy of every message. */
  #frameOf({ lamport, seq, view: { sentAtMs, content } }: LogEntry): Uint8Array<ArrayBuffer> {
    return encodeChatFrame({ kind: 'message', seq, lamport, sentAtMs, content }, this.#scratch)
  }

  #acknowledged(from: PeerId, seq: number): void {
    for (const outgoing of this.#outbox) {
      if (outgoing.entry.seq > seq) break
      if (outgoing.targets.get(from) !== false) continue
      outgoing.targets.set(from, true)
      this.#updateDelivery(outgoing)
    }
    while (this.#outbox[0]?.entry.view.delivery.kind === 'delivered') this.#outbox.shift()
  }

  #updateDelivery(outgoing: Outgoing): void {
    this.#log.setDelivery(outgoing.entry, deliveryOf(outgoing.targets))
    this.#ports.changed()
  }
}

function deliveryOf(targets: ReadonlyMap<PeerId, boolean>): DeliveryState {
  if (targets.size === 0) return { kind: 'queued' }
  const acknowledged = [...targets.values()].filter(Boolean).length
  const waiting = targets.size - acknowledged
  return waiting === 0 ? { kind: 'delivered', acknowledged } : { kind: 'sending', acknowledged, waiting }
}

/** A UTF-16 unit takes three bytes of UTF-8 at most: a usual message need not be encoded to be judged. */
function isTooLong(content: string): boolean {
  return 3 * content.length > maxMessageBytes && utf8(content).length > maxMessageBytes
}

/** One of a kind: a sender's messages of one page load are counted. */
function messageId(from: PeerId, instance: string, seq: number): string {
  return `${from}.${instance}.${String(seq)}`
}
