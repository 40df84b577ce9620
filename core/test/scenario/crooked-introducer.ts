import { toHex } from '../../src/bytes/index.ts'
import { nodeRuntime } from '../../src/node.ts'
import { peerIdOf, type PeerId } from '../../src/identity/index.ts'
import type { PeerSession } from '../../src/peer/index.ts'
import { decodeControl, encodeControl } from '../../src/room/control.ts'
import { decodeMemberFrame, encodeMemberFrame, type MemberFrame } from '../../src/signalling/carriers/member/wire.ts'
import { nostrCarrier } from '../../src/signalling/carriers/nostr/index.ts'
import type { Topic } from '../../src/signalling/index.ts'
import { HostilePerson } from './hostile-person.ts'
import type { SplitVillage, VillageRoad } from './introduced-people.ts'

/** One of those that it stands between. */
export interface Seat {
  readonly key: Uint8Array<ArrayBuffer>
  topics: readonly Topic[]
  say(frame: MemberFrame): void
}

/** What it makes of a frame of a stream: what the other one gets, and what comes back to the sender. */
export interface Passed {
  readonly on?: readonly MemberFrame[]
  readonly back?: readonly MemberFrame[]
}

/** A member with a place in the room who offers people to each other, and passes on what it likes. */
export class CrookedIntroducer {
  readonly #place: SplitVillage
  readonly #pass: (frame: MemberFrame, count: number) => Passed
  readonly #persons: HostilePerson[] = []
  readonly #sessions: PeerSession[] = []
  readonly seats: Seat[] = []
  readonly #waiting: (() => void)[] = []
  #passed = 0
  /** Streams that it was asked for. */
  dials = 0

  constructor(place: SplitVillage, pass: (frame: MemberFrame, count: number) => Passed = (frame) => ({ on: [frame] })) {
    this.#place = place
    this.#pass = pass
  }

  /** Takes a place beside one person on the DHT and one at the relay, who must be there; as one and the same member. */
  async sit(link: string, roads: readonly VillageRoad[] = ['dht', 'nostr']): Promise<void> {
    const seed = nodeRuntime().random.bytes(32)
    const met: PeerId[] = []
    for (const road of roads) {
      const carrier = road === 'dht' ? undefined : nostrCarrier({ ...nodeRuntime(), urls: [this.#place.relayUrl] })
      const early: Uint8Array<ArrayBuffer>[] = []
      let hear = (message: Uint8Array<ArrayBuffer>): void => void early.push(message)
      const person = new HostilePerson(this.#place.bootstrap, {
        seed,
        heard: (message) => {
          hear(message)
        },
        ...(carrier === undefined ? {} : { carrier }),
      })
      this.#persons.push(person)
      const session = await person.open(link, met)
      const key = person.lastMet
      if (key === undefined) throw new Error('nobody was met')
      met.push(peerIdOf(key))
      this.#sessions.push(session)
      const seat = this.add(key, (frame) => {
        session.sendDirect(encodeControl({ kind: 'introduction', frame: encodeMemberFrame(frame) }))
      })
      hear = (message) => {
        const control = decodeControl(message)
        if (control.kind === 'introduction') this.hear(seat, control.frame)
      }
      for (const message of early) hear(message)
    }
  }

  add(key: Uint8Array<ArrayBuffer>, say: (frame: MemberFrame) => void): Seat {
    const seat: Seat = { key, topics: [], say }
    this.seats.push(seat)
    return seat
  }

  hear(from: Seat, bytes: Uint8Array): void {
    this.#take(from, decodeMemberFrame(bytes))
    for (const go of this.#waiting.splice(0)) go()
  }

  #take(from: Seat, frame: MemberFrame): void {
    const others = this.seats.filter((seat) => seat !== from)
    switch (frame.kind) {
      case 'standing':
        from.topics = frame.topics
        this.offer()
        return
      case 'offers':
      case 'incoming':
        return
      case 'dial': {
        this.dials += 1
        const target = others.find(({ key }) => toHex(key) === toHex(frame.to))
        target?.say({ kind: 'incoming', stream: frame.stream, topic: frame.topic })
        return
      }
      default: {
        const { on = [], back = [] } = this.#pass(frame, this.#passed++)
        for (const one of on) for (const other of others) other.say(one)
        for (const one of back) from.say(one)
      }
    }
  }

  /** Offers everybody to everybody. */
  offer(): void {
    for (const seat of this.seats) {
      const topics = [
        ...new Map(this.seats.flatMap((one) => one.topics.map((topic) => [toHex(topic), topic]))).values(),
      ]
      const offers = topics.map((topic) => ({
        topic,
        members: this.seats.filter((one) => one !== seat).map(({ key }) => key),
      }))
      seat.say({ kind: 'offers', offers })
    }
  }

  /** Resolves when something that it heard has made this true. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  leave(): void {
    for (const session of this.#sessions) session.close('left')
    for (const { scope } of this.#persons) scope.end()
  }
}
