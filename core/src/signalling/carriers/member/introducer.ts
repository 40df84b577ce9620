import { toHex } from '../../../bytes/index.ts'
import type { Topic } from '../../carrier.ts'
import type { Leg, Way } from './leg.ts'
import { maxOffered, maxTopics, windowBytes, type MemberLimits } from './limits.ts'
import type { MemberFrame, Offer } from './wire.ts'

type Frame<Kind extends MemberFrame['kind']> = Extract<MemberFrame, { kind: Kind }>

export interface IntroducerPorts {
  readonly limits: MemberLimits
  legs(): Iterable<Leg>
  leg(name: string): Leg | undefined
  /** True for a topic under which we introduce people: one that we stand under ourselves. */
  introduces(topic: Topic): boolean
}

/**
 * What a member does for two others: it offers each to the other, and passes the frames of a stream on. It looks into no frame, keeps none, and
 * whoever is connected with it now, under a topic of its own, is all that it can lead to.
 */
export class Introducer {
  readonly #ports: IntroducerPorts

  constructor(ports: IntroducerPorts) {
    this.#ports = ports
  }

  /** Whom we can lead this member to. */
  offersFor(receiver: Leg): Offer[] {
    const byTopic = new Map<string, { readonly topic: Topic; readonly members: Uint8Array<ArrayBuffer>[] }>()
    for (const leg of this.#ports.legs()) {
      if (leg === receiver) continue
      for (const topic of leg.topics) {
        if (!this.#ports.introduces(topic)) continue
        const name = toHex(topic)
        const offer = byTopic.get(name) ?? { topic, members: [] }
        byTopic.set(name, offer)
        if (offer.members.length < maxOffered) offer.members.push(leg.address)
      }
    }
    return [...byTopic.values()].slice(0, maxTopics)
  }

  dial(from: Leg, { stream, topic, to }: Frame<'dial'>): void {
    const name = toHex(stream)
    const target = this.#ports.leg(toHex(to))
    // A name in use cannot be refused without ending the stream that has it.
    if (from.holds(name)) return
    if (target === undefined || target === from || target.holds(name) || !this.#mayLead(from, target, topic)) {
      from.say({ kind: 'end', stream, unreachable: true })
      return
    }
    const way: Way = { stream, ends: [from, target], underWay: new Map() }
    from.ways.set(name, way)
    target.ways.set(name, way)
    target.say({ kind: 'incoming', stream, topic })
  }

  /** Passes a frame on; one that breaks its bounds ends the stream at both ends. */
  pass(from: Leg, way: Way, frame: Frame<'data' | 'credit' | 'end'>): void {
    const other = way.ends[0] === from ? way.ends[1] : way.ends[0]
    if (frame.kind === 'end') {
      this.#forget(way)
      other.say(frame)
      return
    }
    const [sender, change] = frame.kind === 'data' ? [from, frame.bytes.length] : [other, -frame.count]
    const underWay = (way.underWay.get(sender) ?? 0) + change
    if (underWay < 0 || underWay > windowBytes) {
      this.end(way)
      return
    }
    way.underWay.set(sender, underWay)
    other.say(frame)
  }

  end(way: Way): void {
    this.#forget(way)
    for (const leg of way.ends) leg.say({ kind: 'end', stream: way.stream, unreachable: false })
  }

  /** A member is not connected any more: nobody is led to it, and it to nobody. */
  left(leg: Leg): void {
    for (const way of [...leg.ways.values()]) {
      this.#forget(way)
      const other = way.ends[0] === leg ? way.ends[1] : way.ends[0]
      other.say({ kind: 'end', stream: way.stream, unreachable: false })
    }
  }

  #mayLead(from: Leg, target: Leg, topic: Topic): boolean {
    if (!target.standsUnder(topic) || !this.#ports.introduces(topic)) return false
    const between = [...from.ways.values()].filter(({ ends }) => ends.includes(target))
    return between.length < this.#ports.limits.streamsPerPair
  }

  #forget({ stream, ends }: Way): void {
    for (const leg of ends) leg.ways.delete(toHex(stream))
  }
}
