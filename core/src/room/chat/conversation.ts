import { fromHex, toHex, utf8 } from '../../bytes/index.ts'
import { CodecError, LimitError, UsageError } from '../../errors/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { Scope } from '../../lifetime/index.ts'
import { fractionOf, type Clock, type Random } from '../../runtime/index.ts'
import { maxMessageBytes, maxMessageFiles, type DeliveryState, type MessageFile, type MessageView } from '../view.ts'
import { ChatKeeper, type ChatMemory } from './chat-keeper.ts'
import type { KeptMessage } from './kept-chat.ts'
import { cleanMessageFile } from './message-files.ts'
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
  /** Where the chat is kept between visits; undefined in a room that does not keep it. */
  readonly memory: ChatMemory | undefined
  /** Sends one frame to one connected peer; false if it is not connected now. The frame's memory is used again afterwards. */
  send(to: PeerId, frame: Uint8Array<ArrayBuffer>): boolean
  nameOf(peer: PeerId): string
  received(message: MessageView): void
  changed(): void
}

interface Outgoing {
  readonly entry: LogEntry
  /** Its count among what this page load sends; another one than the entry's for what an earlier page load wrote. */
  readonly seq: number
  /** Who was here to get it and has not acknowledged it. Nobody, and nobody has: it waits for the first who comes. */
  readonly waiting: Set<PeerId>
  acknowledged: number
  /** False while it is being kept: what others have and we forget would come back as somebody else's memory only. */
  released: boolean
}

interface Inbound {
  instance: string
  lastSeq: number
  ackScheduled: boolean
}

/**
 * In-room messages: each has an id, a place in the causal order and a delivery state. A message is sent to everyone
 * present; to whoever drops out it is sent again on reconnection, and the receiver drops what it has seen.
 *
 * In a room that keeps its chat, a message leaves when it is kept, and is acknowledged when it is kept; what a page load could not
 * deliver the next one sends under the same id. So a reload loses and doubles nothing.
 */
export class Conversation {
  readonly #ports: ConversationPorts
  readonly #log = new MessageLog()
  readonly #outbox: Outgoing[] = []
  readonly #inbound = new Map<PeerId, Inbound>()
  readonly #scratch = new Uint8Array(usualFrameBytes)
  readonly #keeper: ChatKeeper | undefined
  #lamport = 0
  #seq = 0

  constructor(ports: ConversationPorts) {
    this.#ports = ports
    const { clock, scope, memory } = ports
    if (memory === undefined) return
    this.#keeper = new ChatKeeper({
      ...{ memory, clock, scope },
      messages: () => this.#toKeep(),
      changed: () => {
        ports.changed()
      },
    })
  }

  /** Whether what is said is kept on this device; undefined in a room that does not keep it. */
  get isKept(): boolean | undefined {
    return this.#keeper?.works
  }

  /** Takes up what was kept of earlier visits. Nothing is written before. */
  async restore(): Promise<void> {
    for (const message of (await this.#keeper?.load()) ?? []) this.#takeUp(message)
    this.#ports.changed()
  }

  /** Resolves when what was said is kept as far as it can be. */
  async settled(): Promise<void> {
    await this.#keeper?.settled()
  }

  /** The user has looked at everything that is there. */
  markRead(): void {
    if (this.#log.markRead()) void this.#keeper?.saved()
  }

  /**
   * Drops every message on this device, also what has not yet reached others. Resolves when nothing is kept any more.
   * @throws what the memory throws.
   */
  async erase(): Promise<void> {
    this.#log.clear()
    this.#outbox.length = 0
    this.#ports.changed()
    await this.#keeper?.erase()
    if (this.#log.entries().length > 0) await this.#keeper?.saved()
  }

  messages(): readonly MessageView[] {
    return this.#log.messages()
  }

  /** @throws {UsageError} `empty-message`, `bad-file`; {LimitError} `message-size`, `too-many-files`. */
  post(content: string, present: readonly PeerId[], said: readonly MessageFile[] = []): string {
    if (content.trim() === '' && said.length === 0) throw new UsageError('empty-message', 'a message needs content')
    if (isTooLong(content)) throw new LimitError('message-size', 'the message is too long')
    if (said.length > maxMessageFiles) throw new LimitError('too-many-files', 'the message has too many files')
    const files = said.map(cleanMessageFile)
    const { clock, self, instance } = this.#ports
    const sentAtMs = clock.now()
    const seq = ++this.#seq
    const lamport = ++this.#lamport
    const id = messageId(self, instance, seq)
    const waiting = new Set(present)
    const view: MessageView = {
      id,
      from: self,
      fromName: this.#ports.nameOf(self),
      own: true,
      content,
      files,
      sentAtMs,
      delivery: deliveryOf({ acknowledged: 0, waiting }),
      earlier: undefined,
    }
    const entry: LogEntry = { lamport, seq, instance, read: true, view }
    const outgoing: Outgoing = { entry, seq, waiting, acknowledged: 0, released: false }
    this.#outbox.push(outgoing)
    this.#keep(entry)
    if (this.#keeper === undefined) this.#release(outgoing)
    else void this.#keeper.saved(true).then(() => this.#outbox.includes(outgoing) && this.#release(outgoing))
    this.#ports.changed()
    return id
  }

  /** A peer is connected, for the first time or again: it gets what it has not acknowledged and what waited for anyone. */
  connected(peer: PeerId): void {
    for (const outgoing of this.#outbox) {
      if (outgoing.entry.view.delivery.kind === 'queued') {
        outgoing.waiting.add(peer)
        this.#updateDelivery(outgoing)
      }
      if (outgoing.released && outgoing.waiting.has(peer)) this.#ports.send(peer, this.#frameOf(outgoing))
    }
  }

  /** A peer left for good: nothing waits for it any longer. */
  departed(peer: PeerId): void {
    for (const outgoing of this.#outbox) {
      if (outgoing.waiting.delete(peer)) this.#updateDelivery(outgoing)
    }
  }

  /** @throws {CodecError} when the bytes are not a chat frame. */
  receive(from: PeerId, instance: string, bytes: Uint8Array): void {
    const frame = decodeChatFrame(bytes)
    if (frame.kind === 'ack') this.#acknowledged(from, frame.seq)
    else this.#arrived(from, instance, frame)
  }

  #arrived(from: PeerId, instance: string, frame: Exclude<ChatFrame, { kind: 'ack' }>): void {
    if (frame.kind === 'again' && this.#keeper === undefined) {
      throw new CodecError('bad-value', 'nobody has earlier messages in a room that keeps none')
    }
    const inbound = this.#inboundOf(from, instance)
    if (frame.seq > inbound.lastSeq) {
      inbound.lastSeq = frame.seq
      const origin = frame.kind === 'again' ? frame.origin : { instance: undefined, seq: frame.seq }
      const writtenIn = origin.instance === undefined ? instance : toHex(origin.instance)
      const id = messageId(from, writtenIn, origin.seq)
      if (!this.#log.has(id)) this.#add(id, from, writtenIn, origin.seq, frame)
    }
    this.#scheduleAck(from, inbound)
  }

  #add(id: string, from: PeerId, instance: string, seq: number, frame: Exclude<ChatFrame, { kind: 'ack' }>): void {
    const lamport = Math.min(frame.lamport, this.#lamport + maxLamportLead)
    this.#lamport = Math.max(this.#lamport, lamport)
    const view: MessageView = {
      id,
      from,
      fromName: this.#ports.nameOf(from),
      own: false,
      content: frame.content,
      files: frame.files,
      sentAtMs: frame.sentAtMs,
      delivery: { kind: 'received' },
      earlier: undefined,
    }
    this.#keep({ lamport, seq, instance, read: false, view })
    void this.#keeper?.saved()
    this.#ports.received(view)
    this.#ports.changed()
  }

  #inboundOf(from: PeerId, instance: string): Inbound {
    const known = this.#inbound.get(from)
    if (known?.instance === instance) return known
    const inbound = { instance, lastSeq: 0, ackScheduled: false }
    this.#inbound.delete(from)
    this.#inbound.set(from, inbound)
    const oldest = this.#inbound.keys().next()
    if (this.#inbound.size > maxInbound && oldest.done !== true) this.#inbound.delete(oldest.value)
    return inbound
  }

  #takeUp({ from, instance, seq, lamport, sentAtMs, fromName, content, files, read, sent }: KeptMessage): void {
    const id = messageId(from, instance, seq)
    if (this.#log.has(id)) return
    this.#lamport = Math.max(this.#lamport, lamport)
    const progress = sent && { acknowledged: sent.acknowledged, waiting: new Set(sent.waiting) }
    const delivery: DeliveryState = progress === undefined ? { kind: 'received' } : deliveryOf(progress)
    const earlier = read ? 'read' : 'unread'
    const own = sent !== undefined
    const view: MessageView = { id, from, fromName, own, content, files, sentAtMs, delivery, earlier }
    const entry: LogEntry = { lamport, seq, instance, read, view }
    this.#keep(entry)
    if (progress !== undefined && delivery.kind !== 'delivered')
      this.#outbox.push({ entry, seq: ++this.#seq, ...progress, released: true })
  }

  #release(outgoing: Outgoing): void {
    outgoing.released = true
    const frame = this.#frameOf(outgoing)
    for (const peer of outgoing.waiting) this.#ports.send(peer, frame)
  }

  /** What the log can no longer show is not sent again either. */
  #keep(entry: LogEntry): void {
    if (this.#log.add(entry) === this.#outbox[0]?.entry) this.#outbox.shift()
  }

  #scheduleAck(to: PeerId, inbound: Inbound): void {
    if (inbound.ackScheduled) return
    inbound.ackScheduled = true
    const { lastSeq } = inbound
    if (this.#keeper === undefined) this.#ackLater(to, inbound, () => inbound.lastSeq)
    // What came while this was being written is not kept yet.
    else void this.#keeper.saved().then(() => this.#ackLater(to, inbound, () => lastSeq))
  }

  #ackLater(to: PeerId, inbound: Inbound, seq: () => number): void {
    const jitterMs = fractionOf(this.#ports.random) * ackJitterMs
    const cancel = this.#ports.clock.after(ackDelayMs + jitterMs, () => {
      forget()
      inbound.ackScheduled = false
      // The count of a page load that is gone means nothing to the one that followed.
      if (this.#inbound.get(to) !== inbound) return
      const acknowledged = seq()
      this.#ports.send(to, encodeChatFrame({ kind: 'ack', seq: acknowledged }))
      if (inbound.lastSeq > acknowledged) this.#scheduleAck(to, inbound)
    })
    const forget = this.#ports.scope.onEnd(cancel)
  }

  /** Written when it is sent: a log full of frames would be a second copy of every message. */
  #frameOf({ seq, entry }: Outgoing): Uint8Array<ArrayBuffer> {
    const { lamport, instance } = entry
    const { sentAtMs, content, files } = entry.view
    const message = { seq, lamport, sentAtMs, content, files }
    if (instance === this.#ports.instance) return encodeChatFrame({ kind: 'message', ...message }, this.#scratch)
    const origin = { instance: fromHex(instance), seq: entry.seq }
    return encodeChatFrame({ kind: 'again', ...message, origin }, this.#scratch)
  }

  #acknowledged(from: PeerId, seq: number): void {
    for (const outgoing of this.#outbox) {
      if (outgoing.seq > seq) break
      if (!outgoing.waiting.delete(from)) continue
      outgoing.acknowledged += 1
      this.#updateDelivery(outgoing)
    }
    while (this.#outbox[0]?.entry.view.delivery.kind === 'delivered') this.#outbox.shift()
  }

  #toKeep(): readonly KeptMessage[] {
    const outgoing = new Map(this.#outbox.map((one) => [one.entry, one]))
    return this.#log.entries().map((entry) => keptOf(entry, outgoing.get(entry)))
  }

  #updateDelivery(outgoing: Outgoing): void {
    this.#log.setDelivery(outgoing.entry, deliveryOf(outgoing))
    void this.#keeper?.saved()
    this.#ports.changed()
  }
}

function deliveryOf({ acknowledged, waiting }: Pick<Outgoing, 'acknowledged' | 'waiting'>): DeliveryState {
  if (waiting.size > 0) return { kind: 'sending', acknowledged, waiting: waiting.size }
  return acknowledged === 0 ? { kind: 'queued' } : { kind: 'delivered', acknowledged }
}

function keptOf({ lamport, seq, instance, read, view }: LogEntry, outgoing: Outgoing | undefined): KeptMessage {
  const { from, fromName, own, sentAtMs, content, files, delivery } = view
  const acknowledged = 'acknowledged' in delivery ? delivery.acknowledged : 0
  const sent = own ? { acknowledged, waiting: [...(outgoing?.waiting ?? [])] } : undefined
  return { from, instance, seq, lamport, sentAtMs, fromName, content, files, read, sent }
}

/** A UTF-16 unit takes three bytes of UTF-8 at most: a usual message need not be encoded to be judged. */
function isTooLong(content: string): boolean {
  return 3 * content.length > maxMessageBytes && utf8(content).length > maxMessageBytes
}

/** One of a kind: a sender's messages of one page load are counted. */
function messageId(from: PeerId, instance: string, seq: number): string {
  return `${from}.${instance}.${String(seq)}`
}
