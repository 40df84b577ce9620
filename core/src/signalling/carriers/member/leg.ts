import { toHex } from '../../../bytes/index.ts'
import { Allowance, type Clock } from '../../../runtime/index.ts'
import type { CarrierAddress, Topic } from '../../carrier.ts'
import type { CreditPipe, FramedStream } from '../framing/index.ts'
import type { MemberLimits } from './limits.ts'
import { encodeMemberFrame, type MemberFrame, type Offer } from './wire.ts'

/** A stream of ours that goes by a leg. */
export interface OwnStream {
  readonly stream: FramedStream
  readonly pipe: CreditPipe
  readonly incoming: boolean
  /** True once the other end was heard: an `end` means that it has gone, and not that nobody was there. */
  answered: boolean
}

/** A stream that we pass on. */
export interface Way {
  readonly stream: Uint8Array<ArrayBuffer>
  readonly ends: readonly [Leg, Leg]
  /** What came from each end and has not been credited by the other: bounds what waits here. */
  readonly underWay: Map<Leg, number>
}

/** What we have with one member that we are connected with. It belongs to one session and ends with it. */
export class Leg {
  readonly address: CarrierAddress
  readonly name: string
  /** Streams of ours by this member, by name. */
  readonly streams = new Map<string, OwnStream>()
  /** Streams that we pass on between this member and another, by name. */
  readonly ways = new Map<string, Way>()
  /** How often we dialled somebody by this member. Holds those alone whom it offers. */
  readonly dials = new Map<string, number>()
  readonly #send: (frame: Uint8Array<ArrayBuffer>) => void
  readonly #frames: Allowance
  readonly #bytes: Allowance
  #topics = new Map<string, Topic>()
  #offers: readonly Offer[] = []
  #told = ''

  constructor(
    address: CarrierAddress,
    send: (frame: Uint8Array<ArrayBuffer>) => void,
    clock: Clock,
    limits: MemberLimits,
  ) {
    this.address = address
    this.name = toHex(address)
    this.#send = send
    this.#frames = new Allowance(clock, limits.burstFrames, limits.framesPerSecond)
    this.#bytes = new Allowance(clock, limits.burstBytes, limits.bytesPerSecond)
  }

  /** The topics that the member stands under. */
  get topics(): Iterable<Topic> {
    return this.#topics.values()
  }

  /** Whom the member offers. */
  get offers(): readonly Offer[] {
    return this.#offers
  }

  set offers(offers: readonly Offer[]) {
    this.#offers = offers
    const offered = new Set(offers.flatMap(({ members }) => members.map(toHex)))
    for (const name of this.dials.keys()) if (!offered.has(name)) this.dials.delete(name)
  }

  stand(topics: readonly Topic[]): void {
    this.#topics = new Map(topics.map((topic) => [toHex(topic), topic]))
  }

  standsUnder(topic: Topic): boolean {
    return this.#topics.has(toHex(topic))
  }

  /** True if a stream of this name goes by this leg already. */
  holds(name: string): boolean {
    return this.streams.has(name) || this.ways.has(name)
  }

  get incoming(): number {
    return [...this.streams.values()].filter(({ incoming }) => incoming).length
  }

  /** Dials of ours that nobody has answered yet. */
  get unanswered(): number {
    return [...this.streams.values()].filter(({ answered }) => !answered).length
  }

  /** False if the member says more than it may. */
  admits(bytes: number): boolean {
    return this.#frames.take(1) && this.#bytes.take(bytes)
  }

  say(frame: MemberFrame): void {
    this.#send(encodeMemberFrame(frame))
  }

  /** Offers these, unless the member knows. */
  tell(offers: readonly Offer[]): void {
    const frame = encodeMemberFrame({ kind: 'offers', offers })
    const told = toHex(frame)
    if (told === this.#told) return
    this.#told = told
    this.#send(frame)
  }
}
