import { equal, toHex } from '../../../bytes/index.ts'
import { TransportError } from '../../../errors/index.ts'
import { Emitter, type Undo } from '../../../lifetime/index.ts'
import type { Clock, Random } from '../../../runtime/index.ts'
import type {
  Announcement,
  Carrier,
  CarrierAddress,
  CarrierEvents,
  CarrierState,
  CarrierStream,
  StreamEnd,
  Topic,
} from '../../carrier.ts'
import { CreditPipe, FramedStream } from '../framing/index.ts'
import { Introducer } from './introducer.ts'
import { Leg, type OwnStream } from './leg.ts'
import { maxPieceBytes, maxTopics, memberLimits, windowBytes, type MemberLimits } from './limits.ts'
import { decodeMemberFrame, nameBytes, type MemberFrame } from './wire.ts'

/** News of one moment are offered together: people come in groups. */
const standardOfferDelayMs = 100

const windows = { sendBytes: windowBytes, receiveBytes: windowBytes, pieceBytes: maxPieceBytes }

export interface MemberCarrierPorts {
  readonly clock: Clock
  readonly random: Random
  /** The key that members of the room know us by. */
  readonly self: CarrierAddress
  readonly limits?: MemberLimits
  readonly offerDelayMs?: number
  /** True for a topic under which this member introduces others; by default those that it stands under itself. */
  introduces?(topic: Topic): boolean
  /** Others are offered now than before. */
  offersChanged(): void
}

/** Our end of what goes to one member, for as long as one session with it lasts. */
export interface MemberLeg {
  /** A frame of this member. @throws {CodecError} on what is none; what breaks a bound is dropped, and ends its stream. */
  receive(frame: Uint8Array): void
  /** The session has ended. */
  gone(): void
}

interface Announced {
  readonly topic: Topic
  readonly accept: (stream: CarrierStream) => void
}

/**
 * A carrier by the members of a room: whoever is connected with two others passes frames between them. This object is both, an end of such streams and
 * an introducer of others. `ready` as soon as there is a member to ask. Legs are what it stands on, so there is nothing that it could reconnect.
 */
export class MemberCarrier implements Carrier {
  readonly name = 'member'
  readonly relayHost = undefined
  readonly #ports: MemberCarrierPorts
  readonly #limits: MemberLimits
  readonly #events = new Emitter<CarrierEvents>()
  readonly #legs = new Map<string, Leg>()
  readonly #announced = new Set<Announced>()
  readonly #introducer: Introducer
  /** Lookups that wait for a member to ask. */
  readonly #waiting = new Set<() => void>()
  #state: CarrierState = { kind: 'connecting', attempt: 1 }
  #cancelTelling: Undo | undefined

  constructor(ports: MemberCarrierPorts) {
    this.#ports = ports
    this.#limits = ports.limits ?? memberLimits
    this.#introducer = new Introducer({
      limits: this.#limits,
      legs: () => this.#legs.values(),
      leg: (name) => this.#legs.get(name),
      introduces: (topic) => ports.introduces?.(topic) ?? this.#announcedUnder(topic) !== undefined,
    })
  }

  get state(): CarrierState {
    return this.#state
  }

  on<K extends keyof CarrierEvents>(event: K, listener: CarrierEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  /** A member is connected: `send` takes frames to it, in order. One leg at a time for a member; an earlier one is gone. */
  join(address: CarrierAddress, send: (frame: Uint8Array<ArrayBuffer>) => void): MemberLeg {
    const leg = new Leg(address, send, this.#ports.clock, this.#limits)
    if (this.#isClosed()) return { receive: () => undefined, gone: () => undefined }
    const before = this.#legs.get(leg.name)
    if (before !== undefined) this.#lose(before)
    this.#legs.set(leg.name, leg)
    if (this.#announced.size > 0) leg.say(this.#standing())
    this.#tellSoon()
    this.#settle()
    return {
      receive: (frame) => {
        if (this.#legs.get(leg.name) === leg) this.#receive(leg, frame)
      },
      gone: () => {
        if (this.#legs.get(leg.name) === leg) this.#lose(leg)
      },
    }
  }

  /** Whoever is offered under `topic` by at least one member, with how many offer it. */
  offered(topic: Topic): ReadonlyMap<string, { readonly address: CarrierAddress; readonly introducers: number }> {
    const found = new Map<string, { address: CarrierAddress; introducers: number }>()
    for (const leg of this.#legs.values()) {
      // Each once: a member that names somebody twice is still one introducer.
      for (const [name, address] of new Map(membersUnder(leg, topic).map((one) => [toHex(one), one]))) {
        if (equal(address, this.#ports.self)) continue
        found.set(name, { address, introducers: (found.get(name)?.introducers ?? 0) + 1 })
      }
    }
    return found
  }

  /** Members by whom streams of ours go now. */
  introducers(): CarrierAddress[] {
    return [...this.#legs.values()].flatMap(({ streams, address }) => (streams.size > 0 ? [address] : []))
  }

  announce(topic: Topic, accept: (stream: CarrierStream) => void): Announcement {
    const announced: Announced = { topic, accept }
    if (!this.#isClosed()) {
      this.#announced.add(announced)
      this.#stand()
    }
    return {
      isOurs: (address) => equal(address, this.#ports.self),
      withdraw: () => {
        if (this.#announced.delete(announced)) this.#stand()
      },
    }
  }

  async *lookup(topic: Topic, { signal }: { signal: AbortSignal }): AsyncGenerator<CarrierAddress, void, void> {
    await this.#ready(signal)
    // What members say arrives in later turns; whoever looks again and again must let it.
    await this.#turn()
    for (const { address } of this.offered(topic).values()) {
      this.#check(signal)
      yield address
    }
    this.#check(signal)
  }

  async dial(topic: Topic, address: CarrierAddress, { signal }: { signal: AbortSignal }): Promise<CarrierStream> {
    this.#check(signal)
    const name = toHex(address)
    const offering = [...this.#legs.values()].filter(
      (leg) =>
        leg.unanswered < this.#limits.dialsPerMember &&
        membersUnder(leg, topic).some((member) => equal(member, address)),
    )
    const dialsBy = (leg: Leg): number => leg.dials.get(name) ?? 0
    const [leg] = offering.sort((a, b) => dialsBy(a) - dialsBy(b))
    if (leg === undefined) throw new TransportError('unreachable', 'no member can be asked for this one')
    leg.dials.set(name, dialsBy(leg) + 1)
    const stream = this.#ports.random.bytes(nameBytes)
    const own = this.#open(leg, stream, topic, false)
    leg.say({ kind: 'dial', stream, topic, to: address })
    return own.stream
  }

  close(): void {
    if (this.#isClosed()) return
    this.#cancelTelling?.()
    this.#announced.clear()
    for (const leg of this.#legs.values()) {
      leg.say(this.#standing())
      for (const name of [...leg.streams.keys()]) this.#drop(leg, name, 'carrier-lost')
      for (const way of [...leg.ways.values()]) this.#introducer.end(way)
    }
    this.#legs.clear()
    this.#state = { kind: 'closed' }
    this.#events.emit('stateChanged', this.#state)
    this.#wake()
    this.#events.clear()
  }

  #receive(leg: Leg, bytes: Uint8Array): void {
    const frame = decodeMemberFrame(bytes)
    const admitted = leg.admits(bytes.length)
    switch (frame.kind) {
      case 'standing':
        if (!admitted) return
        leg.stand(frame.topics)
        this.#tellSoon()
        return
      case 'offers':
        if (!admitted) return
        leg.offers = frame.offers
        this.#ports.offersChanged()
        return
      case 'dial':
        if (admitted) this.#introducer.dial(leg, frame)
        return
      case 'incoming':
        if (admitted) this.#incoming(leg, frame)
        return
      case 'data':
      case 'credit':
      case 'end':
        this.#streamFrame(leg, frame, admitted || frame.kind === 'end')
    }
  }

  #streamFrame(leg: Leg, frame: Extract<MemberFrame, { kind: 'data' | 'credit' | 'end' }>, admitted: boolean): void {
    const name = toHex(frame.stream)
    const way = leg.ways.get(name)
    if (way !== undefined) {
      if (admitted) this.#introducer.pass(leg, way, frame)
      else this.#introducer.end(way)
      return
    }
    const own = leg.streams.get(name)
    if (own === undefined) {
      // It ended here while this was on its way, or we never knew it.
      if (frame.kind === 'data' && admitted) leg.say({ kind: 'end', stream: frame.stream, unreachable: false })
      return
    }
    if (frame.kind === 'end') {
      leg.streams.delete(name)
      own.pipe.lost()
      own.stream.end(frame.unreachable && !own.answered ? 'unreachable' : 'remote')
      return
    }
    own.answered = true
    if (frame.kind === 'credit') own.pipe.granted(frame.count)
    else if (admitted && own.pipe.admits(frame.bytes.length)) own.stream.receive(frame.bytes)
    else this.#drop(leg, name, 'violation')
  }

  #incoming(leg: Leg, { stream, topic }: Extract<MemberFrame, { kind: 'incoming' }>): void {
    if (leg.holds(toHex(stream))) return
    const announced = this.#announcedUnder(topic)
    if (announced === undefined || leg.incoming >= this.#limits.incomingPerMember) {
      leg.say({ kind: 'end', stream, unreachable: true })
      return
    }
    announced.accept(this.#open(leg, stream, topic, true).stream)
  }

  #open(leg: Leg, stream: Uint8Array<ArrayBuffer>, topic: Topic, incoming: boolean): OwnStream {
    const name = toHex(stream)
    const pipe = new CreditPipe(windows, {
      data: (bytes) => {
        leg.say({ kind: 'data', stream, bytes })
      },
      credit: (count) => {
        leg.say({ kind: 'credit', stream, count })
      },
      closed: () => {
        leg.streams.delete(name)
        leg.say({ kind: 'end', stream, unreachable: false })
      },
    })
    const own: OwnStream = {
      stream: new FramedStream(this.name, topic, pipe, windowBytes),
      pipe,
      incoming,
      answered: incoming,
    }
    leg.streams.set(name, own)
    return own
  }

  /** Ends a stream of ours from this side. */
  #drop(leg: Leg, name: string, end: StreamEnd): void {
    const own = leg.streams.get(name)
    own?.pipe.close()
    own?.stream.end(end)
  }

  #lose(leg: Leg): void {
    this.#legs.delete(leg.name)
    this.#introducer.left(leg)
    const own = [...leg.streams.values()]
    leg.streams.clear()
    for (const { pipe, stream } of own) {
      pipe.lost()
      stream.end('carrier-lost')
    }
    this.#tellSoon()
    this.#settle()
    this.#ports.offersChanged()
  }

  #announcedUnder(topic: Topic): Announced | undefined {
    return [...this.#announced].find((announced) => equal(announced.topic, topic))
  }

  #standing(): MemberFrame {
    const topics = new Map([...this.#announced].map(({ topic }) => [toHex(topic), topic]))
    return { kind: 'standing', topics: [...topics.values()].slice(-maxTopics) }
  }

  #stand(): void {
    for (const leg of this.#legs.values()) leg.say(this.#standing())
    // What we introduce under has changed with it.
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (this.#isClosed()) return
    this.#cancelTelling ??= this.#ports.clock.after(this.#ports.offerDelayMs ?? standardOfferDelayMs, () => {
      this.#cancelTelling = undefined
      for (const leg of this.#legs.values()) leg.tell(this.#introducer.offersFor(leg))
    })
  }

  #settle(): void {
    const kind = this.#legs.size > 0 ? 'ready' : 'connecting'
    if (kind === this.#state.kind || this.#isClosed()) return
    this.#state = kind === 'ready' ? { kind, network: 'unknown' } : { kind, attempt: 1 }
    this.#events.emit('stateChanged', this.#state)
    if (kind === 'ready') this.#wake()
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  /** Waits for a member to ask. */
  async #ready(signal: AbortSignal): Promise<void> {
    this.#check(signal)
    if (this.#legs.size > 0) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
      this.#waiting.add(done)
    })
    this.#check(signal)
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#ports.clock.after(0, resolve)
    })
  }

  #check(signal: AbortSignal): void {
    signal.throwIfAborted()
    if (this.#isClosed()) throw new TransportError('carrier-lost', 'the carrier was lost or closed')
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed'
  }
}

function membersUnder(leg: Leg, topic: Topic): readonly CarrierAddress[] {
  return leg.offers.find((offer) => equal(offer.topic, topic))?.members ?? []
}
