import type { Undo } from '../../../lifetime/index.ts'
import type { Clock, Socket, Sockets } from '../../../runtime/index.ts'
import type { CarrierName, Topic } from '../../carrier.ts'
import { CreditPipe, FramedStream } from '../framing/index.ts'
import type { AnnounceHandlers, LookupHandlers, SessionHandlers } from './session-handlers.ts'
import { commonMinor, decodeFrame, encodeFrame, firstRelayId, minorVersions, type Frame } from './wire/index.ts'

/** Bytes of one stream that may be on their way to us. */
export const receiveWindowBytes = 262_144
/** Opening the socket and being welcomed take no longer, in ms. */
const welcomeTimeoutMs = 10_000
/** A relay that sends a larger message is left. */
const maxMessageBytes = 1 << 20
/** Streams that a relay may open towards us at a time; more are closed at once. */
const maxIncomingStreams = 256
/** Answers taken from one lookup; the rest is dropped. */
const maxPeersPerLookup = 256
/** Pings, changes of network and the like between two looks at the silence; a server needs two. One that says more is flooding us. */
const maxNotices = 256
/** A server that asks and does not take our answers is left, before they fill memory. */
const maxWaitingAnswerBytes = 16 << 20

type Key = Uint8Array<ArrayBuffer>
type Welcome = Extract<Frame, { type: 'welcome' }>

/** What an id stands for. */
type Entry =
  | { readonly kind: 'announcement'; readonly topic: Topic; readonly handlers: AnnounceHandlers }
  | { readonly kind: 'lookup'; readonly handlers: LookupHandlers; peers: number }
  | { readonly kind: 'stream'; readonly stream: FramedStream; readonly pipe: CreditPipe }

export interface SessionPorts {
  /** The road that its streams belong to. */
  readonly name: CarrierName
  readonly subprotocol: string
  readonly sockets: Sockets
  readonly clock: Clock
}

/** One life of a relay connection. Nothing that the relay sends makes it throw: what breaks the protocol ends it. */
export class RelaySession {
  readonly #entries = new Map<number, Entry>()
  readonly #road: CarrierName
  readonly #handlers: SessionHandlers
  readonly #clock: Clock
  readonly #socket: Socket
  #welcome: Welcome | undefined
  #nextId = 1
  #incoming = 0
  #notices = 0
  #heard = true
  #over = false
  #cancelTimer: Undo

  constructor(url: string, ports: SessionPorts, handlers: SessionHandlers) {
    this.#road = ports.name
    this.#handlers = handlers
    this.#clock = ports.clock
    this.#cancelTimer = ports.clock.after(welcomeTimeoutMs, () => {
      this.close()
    })
    this.#socket = ports.sockets.connect(url, ports.subprotocol, {
      opened: () => {
        if (this.#over) return
        this.#transmit({ type: 'hello', minors: minorVersions, windowBytes: receiveWindowBytes })
        handlers.opened()
      },
      received: (message) => {
        if (!this.#over) this.#receive(message)
      },
      closed: () => {
        this.#finish()
      },
    })
  }

  announce(topic: Topic, handlers: AnnounceHandlers): Undo {
    const id = this.#ask({ kind: 'announcement', topic, handlers })
    this.#transmit({ type: 'announce', id, topic })
    return () => {
      if (this.#entries.delete(id)) this.#transmit({ type: 'unannounce', id })
    }
  }

  lookup(topic: Topic, handlers: LookupHandlers): Undo {
    if (this.#over) return gone(handlers)
    const id = this.#ask({ kind: 'lookup', handlers, peers: 0 })
    this.#transmit({ type: 'lookup', id, topic })
    return this.#cancel(id)
  }

  /**
   * Asks for a stream and gives it at once: what is written travels right behind the request. If nobody answers, the stream
   * ends `unreachable`. Undefined before the welcome and after the end.
   */
  connect(topic: Topic, publicKey: Key): FramedStream | undefined {
    if (this.#over || !this.#welcome) return undefined
    const id = this.#nextId++
    this.#transmit({ type: 'connect', id, publicKey })
    return this.#stream(id, topic, this.#welcome)
  }

  close(): void {
    if (this.#over) return
    this.#socket.close()
    this.#finish()
  }

  #ask(entry: Entry): number {
    const id = this.#nextId++
    this.#entries.set(id, entry)
    return id
  }

  #cancel(id: number): Undo {
    return () => {
      if (this.#entries.get(id)?.kind !== 'lookup') return
      this.#entries.delete(id)
      this.#transmit({ type: 'cancel', id })
    }
  }

  #transmit(frame: Frame): void {
    if (!this.#over) this.#socket.send(encodeFrame(frame))
  }

  /** Something that the server can make us say as often as it likes. */
  #reply(frame: Frame): void {
    if (this.#socket.bufferedBytes > maxWaitingAnswerBytes) this.close()
    else this.#transmit(frame)
  }

  #receive(message: Uint8Array<ArrayBuffer>): void {
    this.#heard = true
    if (message.length > maxMessageBytes) {
      this.close()
      return
    }
    let frame: Frame
    try {
      frame = decodeFrame(message)
    } catch {
      this.close()
      return
    }
    this.#handle(frame)
  }

  #handle(frame: Frame): void {
    if (isNotice(frame) && ++this.#notices > maxNotices) {
      this.close()
      return
    }
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame)
        return
      case 'network':
        if (this.#welcome) this.#handlers.ready(frame.network)
        return
      case 'going-away':
        this.#handlers.goingAway()
        return
      case 'ping':
        this.#reply({ type: 'pong', id: frame.id })
        return
      case 'pong':
        return
      case 'incoming':
        this.#accept(frame.id, frame.announceId)
        return
      default:
        if ('id' in frame) this.#answer(frame)
        // What only a client sends is not for us.
        else this.close()
    }
  }

  /** Frames about something that we have forgotten meanwhile are normal: they crossed our own. */
  #answer(frame: Extract<Frame, { id: number }>): void {
    const entry = this.#entries.get(frame.id)
    switch (entry?.kind) {
      case undefined:
        return
      case 'announcement':
        if (frame.type === 'announced') entry.handlers.announced(frame.publicKey)
        else if (frame.type === 'refused') this.#entries.delete(frame.id)
        return
      case 'lookup':
        if (frame.type === 'peer') {
          entry.peers += 1
          if (entry.peers <= maxPeersPerLookup) entry.handlers.peer(frame.publicKey)
          return
        }
        this.#entries.delete(frame.id)
        if (frame.type === 'done' || frame.type === 'refused') entry.handlers.done()
        else entry.handlers.lost()
        return
      case 'stream':
        this.#streamFrame(frame, entry.stream, entry.pipe)
        return
      default:
        return entry satisfies never
    }
  }

  #streamFrame(frame: Extract<Frame, { id: number }>, stream: FramedStream, pipe: CreditPipe): void {
    if (frame.type === 'data' && pipe.admits(frame.bytes.length)) stream.receive(frame.bytes)
    else if (frame.type === 'ack') pipe.granted(frame.credit)
    else if (frame.type === 'close' || frame.type === 'refused') {
      this.#forget(frame.id)
      pipe.lost()
      stream.end(frame.type === 'close' ? 'remote' : 'unreachable')
    } else if (frame.type !== 'open') {
      pipe.close()
      stream.end('violation')
    }
  }

  #accept(id: number, announceId: number): void {
    const entry = this.#entries.get(announceId)
    const fits = this.#incoming < maxIncomingStreams && id >= firstRelayId && !this.#entries.has(id)
    if (entry?.kind !== 'announcement' || !this.#welcome || !fits) {
      this.#reply({ type: 'close', id })
      return
    }
    this.#incoming += 1
    entry.handlers.incoming(this.#stream(id, entry.topic, this.#welcome))
  }

  #stream(id: number, topic: Topic, welcome: Welcome): FramedStream {
    const windows = {
      sendBytes: welcome.windowBytes,
      receiveBytes: receiveWindowBytes,
      pieceBytes: welcome.maxDataBytes,
    }
    const pipe = new CreditPipe(windows, {
      data: (bytes) => {
        this.#transmit({ type: 'data', id, bytes })
      },
      credit: (credit) => {
        this.#transmit({ type: 'ack', id, credit })
      },
      closed: () => {
        this.#transmit({ type: 'close', id })
        this.#forget(id)
      },
    })
    const stream = new FramedStream(this.#road, topic, pipe, receiveWindowBytes)
    this.#entries.set(id, { kind: 'stream', stream, pipe })
    return stream
  }

  #forget(id: number): void {
    if (this.#entries.delete(id) && id >= firstRelayId) this.#incoming -= 1
  }

  #welcomed(frame: Welcome): void {
    if (this.#welcome || commonMinor(minorVersions, frame.minors) === undefined) {
      this.close()
      return
    }
    this.#welcome = frame
    this.#cancelTimer()
    // The relay pings within this time, so silence means that the connection or the relay is dead.
    this.#watch(Math.min(frame.keepaliveMs, 120_000) * 1.5, false)
    this.#handlers.ready(frame.network)
  }

  /** Counts silence in timer runs, not by the clock: a tab whose timers were put to sleep asks before it gives up. */
  #watch(everyMs: number, asked: boolean): void {
    this.#heard = false
    this.#notices = 0
    this.#cancelTimer = this.#clock.after(everyMs, () => {
      if (this.#heard) this.#watch(everyMs, false)
      else if (asked) this.close()
      else {
        this.#transmit({ type: 'ping', id: 0 })
        this.#watch(everyMs / 3, true)
      }
    })
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#cancelTimer()
    const entries = [...this.#entries.values()]
    this.#entries.clear()
    for (const entry of entries) {
      if (entry.kind === 'stream') {
        entry.pipe.lost()
        entry.stream.end('carrier-lost')
      } else if (entry.kind !== 'announcement') entry.handlers.lost()
    }
    this.#handlers.closed()
  }
}

/** What belongs to nothing that we asked for. */
function isNotice({ type }: Frame): boolean {
  return type === 'ping' || type === 'pong' || type === 'network' || type === 'going-away'
}

function gone(handlers: { lost(): void }): Undo {
  handlers.lost()
  return () => undefined
}
