import {
  closeCodes,
  commonMinor,
  decodeFrame,
  firstRelayId,
  minorVersions,
  type Frame,
} from '@p2pigeon/core/dht-relay-protocol'
import type { Clock, DhtStream } from '@p2pigeon/core/node'
import type { WebSocket } from 'ws'
import type { DhtService } from '../dht/index.ts'
import { ClientLeg } from './client-leg.ts'
import { DhtLeg } from './dht-leg.ts'
import type { Guest } from './guests.ts'
import type { HypernatLimits } from './limits.ts'
import type { Announcer, Entry as Announced, MeetingTable } from './meeting-table.ts'
import { Outbound } from './outbound.ts'
import { TokenBucket } from './token-bucket.ts'

/** What the connections of one relay share. */
export interface Relay {
  readonly dht: DhtService
  readonly clock: Clock
  readonly limits: HypernatLimits
  readonly table: MeetingTable
  readonly totals: { lookups: number; streams: number; refused: number; violations: number }
}

/** What an id stands for. */
type Entry =
  | { readonly kind: 'announcement'; readonly announced: Announced }
  | { readonly kind: 'lookup'; readonly stop: AbortController }
  | { readonly kind: 'connecting'; readonly stop: AbortController }
  | { readonly kind: 'stream'; readonly leg: ClientLeg }
type Request = Extract<Frame, { type: 'announce' | 'lookup' | 'connect' }>
type About = Extract<Frame, { type: 'unannounce' | 'cancel' | 'data' | 'ack' | 'close' }>

/** One client. Nothing that it sends makes this throw: what breaks the protocol closes the connection. */
export class ClientConnection implements Announcer {
  readonly #socket: WebSocket
  readonly #guest: Guest
  readonly #relay: Relay
  readonly #ended: () => void
  readonly #outbound: Outbound
  readonly #connects: TokenBucket
  readonly #entries = new Map<number, Entry>()
  readonly #counts = { announcement: 0, lookup: 0, connecting: 0, stream: 0 }
  #clientWindowBytes: number | undefined
  #lastClientId = 0
  #lastRelayId = firstRelayId
  #heard = true
  #over = false
  #cancelTimer: () => void

  /** `ended` is called once, when nothing of the connection is left. */
  constructor(socket: WebSocket, guest: Guest, relay: Relay, ended: () => void) {
    this.#socket = socket
    this.#guest = guest
    this.#relay = relay
    this.#ended = ended
    const { clock, limits } = relay
    this.#connects = new TokenBucket(limits.maxConnectsPerMinute, limits.maxConnectsPerMinute / 60, clock)
    this.#outbound = new Outbound(socket, limits, () => {
      for (const entry of this.#entries.values()) if (entry.kind === 'stream') entry.leg.pump()
    })
    this.#cancelTimer = clock.after(limits.helloTimeoutMs, () => {
      this.#drop(closeCodes.silent)
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary)
    })
    // Answered only while answers are taken: pings must not be a way to fill memory.
    socket.on('ping', () => {
      if (this.#outbound.writable && socket.readyState === socket.OPEN) socket.pong()
    })
    // An error is followed by 'close'.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#finish()
    })
    this.#outbound.send({
      type: 'welcome',
      minors: minorVersions,
      network: relay.dht.network,
      keepaliveMs: limits.keepaliveMs,
      windowBytes: limits.streamWindowBytes,
      maxDataBytes: limits.maxDataBytes,
      maxStreams: limits.maxStreamsPerConnection,
      maxAnnouncements: limits.maxAnnouncementsPerConnection,
      maxLookups: limits.maxLookupsPerConnection,
    })
  }

  networkChanged(): void {
    this.#outbound.send({ type: 'network', network: this.#relay.dht.network })
  }

  goAway(): void {
    this.#outbound.send({ type: 'going-away' })
    this.#socket.close(1001)
    this.#finish()
  }

  /** Ends the socket without waiting for the client. */
  terminate(): void {
    this.#socket.terminate()
    this.#finish()
  }

  takeLocal(announceId: number): ClientLeg | undefined {
    if (!this.#hasRoomForStream()) return undefined
    const id = ++this.#lastRelayId
    const leg = this.#leg(id)
    this.#outbound.send({ type: 'incoming', id, announceId })
    return leg
  }

  takeFromDht(announceId: number, stream: DhtStream): void {
    const leg = this.takeLocal(announceId)
    if (leg) leg.join(new DhtLeg(stream, this.#relay.clock, leg))
    else stream.destroy()
  }

  #receive(data: unknown, isBinary: boolean): void {
    if (this.#over) return
    this.#heard = true
    let frame: Frame
    try {
      if (!isBinary || !(data instanceof Uint8Array) || !(data.buffer instanceof ArrayBuffer)) {
        this.#violation()
        return
      }
      frame = decodeFrame(new Uint8Array(data.buffer, data.byteOffset, data.length))
    } catch {
      this.#violation()
      return
    }
    this.#handle(frame)
  }

  #handle(frame: Frame): void {
    if ((frame.type === 'hello') !== (this.#clientWindowBytes === undefined)) {
      this.#violation()
      return
    }
    switch (frame.type) {
      case 'hello':
        this.#hello(frame)
        return
      case 'announce':
      case 'lookup':
      case 'connect':
        this.#request(frame)
        return
      case 'unannounce':
      case 'cancel':
      case 'data':
      case 'ack':
      case 'close':
        this.#about(frame)
        return
      case 'ping':
        if (this.#guest.requests.take()) this.#outbound.send({ type: 'pong', id: frame.id })
        return
      case 'pong':
        return
      default:
        // Everything else only a relay says.
        this.#violation()
    }
  }

  #hello(frame: Extract<Frame, { type: 'hello' }>): void {
    if (commonMinor(minorVersions, frame.minors) === undefined) {
      this.#drop(closeCodes.version)
      return
    }
    this.#clientWindowBytes = frame.windowBytes
    this.#cancelTimer()
    this.#watch()
  }

  #watch(): void {
    const { clock, limits } = this.#relay
    const tick = () => {
      if (!this.#heard) {
        this.#drop(closeCodes.silent)
        return
      }
      this.#heard = false
      this.#outbound.send({ type: 'ping', id: 0 })
      this.#cancelTimer = clock.after(limits.keepaliveMs, tick)
    }
    this.#cancelTimer = clock.after(limits.keepaliveMs, tick)
  }

  #request(frame: Request): void {
    if (frame.id <= this.#lastClientId || frame.id >= firstRelayId) {
      this.#violation()
      return
    }
    this.#lastClientId = frame.id
    if (!this.#guest.requests.take()) this.#refuse(frame.id)
    else if (frame.type === 'announce') this.#announce(frame)
    else if (frame.type === 'lookup') this.#lookup(frame)
    else this.#connect(frame)
  }

  #announce({ id, topic }: Extract<Frame, { type: 'announce' }>): void {
    const { table, limits } = this.#relay
    const full = this.#counts.announcement >= limits.maxAnnouncementsPerConnection
    if (full || table.size >= limits.maxAnnouncements) {
      this.#refuse(id)
      return
    }
    const announced = table.announce(topic, this, id)
    this.#put(id, { kind: 'announcement', announced })
    this.#outbound.send({ type: 'announced', id, publicKey: announced.publicKey })
  }

  #lookup({ id, topic }: Extract<Frame, { type: 'lookup' }>): void {
    const { totals, limits, table } = this.#relay
    if (this.#counts.lookup >= limits.maxLookupsPerConnection || totals.lookups >= limits.maxLookups) {
      this.#refuse(id)
      return
    }
    let left = limits.maxPeersPerLookup
    for (const { announcer, publicKey } of table.under(topic)) {
      if (announcer === this || left-- <= 0) continue
      this.#outbound.send({ type: 'peer', id, publicKey })
    }
    const stop = new AbortController()
    this.#put(id, { kind: 'lookup', stop })
    totals.lookups += 1
    void this.#search(id, topic, stop, left)
  }

  async #search(id: number, topic: Uint8Array<ArrayBuffer>, stop: AbortController, left: number): Promise<void> {
    const { dht, clock, limits, table, totals } = this.#relay
    const cancel = clock.after(limits.lookupTimeoutMs, () => {
      stop.abort()
    })
    try {
      for await (const publicKey of dht.node().lookup(topic, { signal: stop.signal })) {
        if (left <= 0 || !this.#entries.has(id)) break
        if (table.isOurs(publicKey)) continue
        left -= 1
        this.#outbound.send({ type: 'peer', id, publicKey })
      }
    } catch {
      // The clients of this relay were found all the same; for the rest the client will ask again.
    }
    cancel()
    totals.lookups -= 1
    if (this.#remove(id)) this.#outbound.send({ type: 'done', id })
  }

  #connect({ id, publicKey }: Extract<Frame, { type: 'connect' }>): void {
    if (!this.#hasRoomForStream() || !this.#connects.take()) {
      this.#refuse(id)
      return
    }
    const { table } = this.#relay
    const local = table.find(publicKey)
    if (local) {
      const theirs = local.announcer.takeLocal(local.announceId)
      if (!theirs) {
        this.#refuse(id)
        return
      }
      const ours = this.#leg(id)
      ours.join(theirs)
      theirs.join(ours)
      this.#outbound.send({ type: 'open', id })
    } else if (table.isOurs(publicKey)) {
      this.#outbound.send({ type: 'refused', id, code: 'unreachable' })
    } else {
      void this.#dial(id, publicKey)
    }
  }

  async #dial(id: number, publicKey: Uint8Array<ArrayBuffer>): Promise<void> {
    const { dht, clock, limits, totals } = this.#relay
    const stop = new AbortController()
    this.#put(id, { kind: 'connecting', stop })
    totals.streams += 1
    const cancel = clock.after(limits.connectTimeoutMs, () => {
      stop.abort()
    })
    const stream = await dht
      .node()
      .dial(publicKey, { signal: stop.signal })
      .catch(() => undefined)
    cancel()
    totals.streams -= 1
    const wanted = this.#remove(id)
    if (!stream) {
      if (wanted) this.#outbound.send({ type: 'refused', id, code: 'unreachable' })
      return
    }
    if (!wanted) {
      stream.destroy()
      return
    }
    const leg = this.#leg(id)
    leg.join(new DhtLeg(stream, clock, leg))
    this.#outbound.send({ type: 'open', id })
  }

  #about(frame: About): void {
    const entry = this.#entries.get(frame.id)
    if (!entry) {
      // What we have ended meanwhile may still be spoken of; what never was may not.
      const last = frame.id >= firstRelayId ? this.#lastRelayId : this.#lastClientId
      if (frame.id > last) this.#violation()
    } else if (entry.kind === 'announcement') {
      if (frame.type !== 'unannounce') this.#violation()
      else if (this.#remove(frame.id)) entry.announced.withdraw()
    } else if (entry.kind === 'stream') {
      this.#aboutStream(frame, entry.leg)
    } else if (frame.type !== 'cancel' && frame.type !== 'close') {
      this.#violation()
    } else if (this.#remove(frame.id)) {
      entry.stop.abort()
    }
  }

  #aboutStream(frame: About, leg: ClientLeg): void {
    if (frame.type === 'data') {
      if (!leg.receive(frame.bytes)) this.#violation()
    } else if (frame.type === 'ack') {
      if (!leg.granted(frame.credit)) this.#violation()
    } else if (frame.type === 'unannounce') {
      this.#violation()
    } else {
      // A cancel that crossed our `open` closes the stream.
      leg.ended()
    }
  }

  #leg(id: number): ClientLeg {
    const { clock, limits, totals } = this.#relay
    const leg = new ClientLeg(id, {
      outbound: this.#outbound,
      clock,
      limits,
      clientWindowBytes: this.#clientWindowBytes ?? 0,
      released: () => {
        if (this.#remove(id)) totals.streams -= 1
      },
    })
    totals.streams += 1
    this.#put(id, { kind: 'stream', leg })
    return leg
  }

  #hasRoomForStream(): boolean {
    const { limits, totals } = this.#relay
    const here = this.#counts.stream + this.#counts.connecting
    return !this.#over && here < limits.maxStreamsPerConnection && totals.streams < limits.maxStreams
  }

  #put(id: number, entry: Entry): void {
    this.#entries.set(id, entry)
    this.#counts[entry.kind] += 1
  }

  #remove(id: number): boolean {
    const entry = this.#entries.get(id)
    if (!entry) return false
    this.#entries.delete(id)
    this.#counts[entry.kind] -= 1
    return true
  }

  #refuse(id: number): void {
    this.#relay.totals.refused += 1
    this.#outbound.send({ type: 'refused', id, code: 'limit' })
  }

  #violation(): void {
    this.#relay.totals.violations += 1
    this.#drop(closeCodes.violation)
  }

  #drop(code: number): void {
    if (this.#over) return
    this.#socket.close(code)
    // The client may not answer the close; then the socket is ended for it.
    const cancel = this.#relay.clock.after(this.#relay.limits.lingerMs, () => {
      this.#socket.terminate()
    })
    this.#socket.on('close', cancel)
    this.#finish()
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#cancelTimer()
    for (const [id, entry] of [...this.#entries]) {
      if (entry.kind === 'stream') entry.leg.ended()
      else if (this.#remove(id)) {
        if (entry.kind === 'announcement') entry.announced.withdraw()
        else entry.stop.abort()
      }
    }
    this.#guest.leave()
    this.#ended()
  }
}
