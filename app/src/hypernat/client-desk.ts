import { firstRelayId, type Frame } from '@p2pigeon/core/relay-protocol'
import { Allowance, type Clock, type DhtStream } from '@p2pigeon/core/node'
import { ByteQueue } from './byte-queue.ts'
import { ClientLeg } from './client-leg.ts'
import { DeskEntries } from './desk-entries.ts'
import { DhtLeg } from './dht-leg.ts'
import type { Guest } from './guests.ts'
import type { Announcer } from './meeting-table.ts'
import type { Outbound } from './outbound.ts'
import type { Relay } from './relay.ts'

/** Whoever was found among our own clients is called first; the DHT is searched when that is under way. */
const foundHereDelayMs = 100

type Bytes = Uint8Array<ArrayBuffer>
type About = Extract<Frame, { type: 'unannounce' | 'cancel' | 'data' | 'ack' | 'close' }>

/** What one client has asked for: announcements, lookups, streams. */
export class ClientDesk implements Announcer {
  readonly #outbound: Outbound
  readonly #clientWindowBytes: number
  readonly #guest: Guest
  readonly #relay: Relay
  readonly #connects: Allowance
  readonly #entries = new DeskEntries()
  #lastClientId = 0
  #lastRelayId = firstRelayId
  #closed = false

  constructor(outbound: Outbound, clientWindowBytes: number, guest: Guest, relay: Relay) {
    this.#outbound = outbound
    this.#clientWindowBytes = clientWindowBytes
    this.#guest = guest
    this.#relay = relay
    const perMinute = relay.limits.maxConnectsPerMinute
    this.#connects = new Allowance(relay.clock, perMinute, perMinute / 60)
  }

  /** False when the frame breaks the protocol. */
  handle(frame: Frame): boolean {
    switch (frame.type) {
      case 'announce':
        return this.#take(frame.id, () => {
          this.#announce(frame.id, frame.topic)
        })
      case 'lookup':
        return this.#take(frame.id, () => {
          this.#lookup(frame.id, frame.topic)
        })
      case 'connect':
        return this.#take(frame.id, () => {
          this.#connect(frame.id, frame.publicKey)
        })
      case 'unannounce':
      case 'cancel':
      case 'data':
      case 'ack':
      case 'close':
        return this.#about(frame)
      default:
        // The rest is said once, by the connection, or by relays only.
        return false
    }
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

  /** The socket takes data again. */
  pump(): void {
    for (const [, entry] of this.#entries) if (entry.kind === 'stream') entry.leg.pump()
  }

  /** The client is gone. */
  close(): void {
    this.#closed = true
    for (const [id, entry] of this.#entries) {
      if (entry.kind === 'stream') entry.leg.ended()
      else if (this.#entries.remove(id)) {
        if (entry.kind === 'announcement') entry.announced.withdraw()
        else entry.stop.abort()
      }
    }
  }

  #take(id: number, serve: () => void): boolean {
    if (id <= this.#lastClientId || id >= firstRelayId) return false
    this.#lastClientId = id
    if (this.#guest.requests.take()) serve()
    else this.#refuse(id)
    return true
  }

  #announce(id: number, topic: Bytes): void {
    const { table, limits } = this.#relay
    const full = this.#entries.count('announcement') >= limits.maxAnnouncementsPerConnection
    if (full || table.size >= limits.maxAnnouncements) {
      this.#refuse(id)
      return
    }
    const announced = table.announce(topic, this, id)
    this.#entries.put(id, { kind: 'announcement', announced })
    this.#outbound.send({ type: 'announced', id, publicKey: announced.publicKey })
  }

  #lookup(id: number, topic: Bytes): void {
    const { totals, limits, table } = this.#relay
    if (this.#entries.count('lookup') >= limits.maxLookupsPerConnection || totals.lookups >= limits.maxLookups) {
      this.#refuse(id)
      return
    }
    let left = limits.maxPeersPerLookup
    const all = left
    for (const { announcer, publicKey } of table.under(topic)) {
      if (announcer === this || left-- <= 0) continue
      this.#outbound.send({ type: 'peer', id, publicKey })
    }
    const stop = new AbortController()
    this.#entries.put(id, { kind: 'lookup', stop })
    totals.lookups += 1
    void this.#search(id, topic, stop, left, left < all)
  }

  async #search(id: number, topic: Bytes, stop: AbortController, left: number, foundHere: boolean): Promise<void> {
    const { beyond, clock, limits, table, totals } = this.#relay
    const cancel = clock.after(limits.lookupTimeoutMs, () => {
      stop.abort()
    })
    try {
      if (foundHere) await pause(clock, foundHereDelayMs)
      for await (const publicKey of beyond.node().lookup(topic, { signal: stop.signal })) {
        if (left <= 0 || !this.#entries.get(id)) break
        if (table.isOurs(publicKey)) continue
        left -= 1
        this.#outbound.send({ type: 'peer', id, publicKey })
      }
    } catch {
      // The clients of this relay were found all the same; for the rest the client will ask again.
    }
    cancel()
    totals.lookups -= 1
    if (this.#entries.remove(id)) this.#outbound.send({ type: 'done', id })
  }

  #connect(id: number, publicKey: Bytes): void {
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

  async #dial(id: number, publicKey: Bytes): Promise<void> {
    const { beyond, clock, limits, totals } = this.#relay
    const stop = new AbortController()
    this.#entries.put(id, { kind: 'connecting', stop, early: new ByteQueue() })
    totals.streams += 1
    const cancel = clock.after(limits.connectTimeoutMs, () => {
      stop.abort()
    })
    const stream = await beyond
      .node()
      .dial(publicKey, { signal: stop.signal })
      .catch(() => undefined)
    cancel()
    totals.streams -= 1
    const wanted = this.#entries.remove(id)
    if (!stream) {
      if (wanted) this.#outbound.send({ type: 'refused', id, code: 'unreachable' })
      return
    }
    if (wanted?.kind !== 'connecting') {
      stream.destroy()
      return
    }
    const leg = this.#leg(id)
    leg.join(new DhtLeg(stream, clock, leg))
    this.#outbound.send({ type: 'open', id })
    while (wanted.early.length > 0) leg.receive(wanted.early.take(limits.maxDataBytes))
  }

  #about(frame: About): boolean {
    const { id } = frame
    const entry = this.#entries.get(id)
    switch (entry?.kind) {
      case undefined:
        // What we have ended meanwhile may still be spoken of; what never was may not.
        return id <= (id >= firstRelayId ? this.#lastRelayId : this.#lastClientId)
      case 'announcement':
        if (frame.type !== 'unannounce') return false
        this.#entries.remove(id)
        entry.announced.withdraw()
        return true
      case 'stream':
        return aboutStream(frame, entry.leg)
      case 'lookup':
      case 'connecting':
        if (frame.type === 'data' && entry.kind === 'connecting') {
          if (entry.early.length + frame.bytes.length > this.#relay.limits.streamWindowBytes) return false
          entry.early.push(frame.bytes)
          return true
        }
        if (frame.type !== 'cancel' && frame.type !== 'close') return false
        this.#entries.remove(id)
        entry.stop.abort()
        return true
      default:
        return entry satisfies never
    }
  }

  #leg(id: number): ClientLeg {
    const { clock, limits, totals } = this.#relay
    const leg = new ClientLeg(id, {
      outbound: this.#outbound,
      clock,
      limits,
      clientWindowBytes: this.#clientWindowBytes,
      released: () => {
        if (this.#entries.remove(id)) totals.streams -= 1
      },
    })
    totals.streams += 1
    this.#entries.put(id, { kind: 'stream', leg })
    return leg
  }

  #hasRoomForStream(): boolean {
    const { limits, totals } = this.#relay
    const here = this.#entries.count('stream') + this.#entries.count('connecting')
    return !this.#closed && here < limits.maxStreamsPerConnection && totals.streams < limits.maxStreams
  }

  #refuse(id: number): void {
    this.#relay.totals.refused += 1
    this.#outbound.send({ type: 'refused', id, code: 'limit' })
  }
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })
}

function aboutStream(frame: About, leg: ClientLeg): boolean {
  switch (frame.type) {
    case 'data':
      return leg.receive(frame.bytes)
    case 'ack':
      return leg.granted(frame.credit)
    case 'unannounce':
      return false
    case 'cancel':
    case 'close':
      // A cancel that crossed our `open` closes the stream.
      leg.ended()
      return true
  }
}
