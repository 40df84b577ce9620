import type { Undo } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { CarrierName } from '../signalling/index.ts'
import { Alarm } from './alarm.ts'
import { handshakeTimeoutMs } from './limits.ts'

/** Incoming handshakes under way at once, on one carrier and in all: what a flood may cost us in keys and memory. */
export const maxHalfOpenPerCarrier = 4
export const maxHalfOpen = 64

/** A handshake this old gives way when somebody else waits: an honest one is finished after two journeys of the network. */
export const graceMs = 1_000

interface Slot {
  readonly release: Undo
  readonly evict: () => void
  stale: boolean
}

/**
 * Says which incoming streams may start a handshake. A stream that is refused is closed at once and costs nothing; whoever
 * keeps a place without finishing loses it when another comes, after `graceMs`, and in any case after ten seconds. So a flood
 * of handshakes that never end holds up an honest one for about a second, as long as it is not renewed all the time.
 */
export class HandshakeGate {
  readonly #clock: Clock
  /** Places in use, the oldest first. */
  readonly #slots = new Map<CarrierName, Set<Slot>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Handshakes that hold a place now. */
  get halfOpen(): number {
    return this.#all().length
  }

  /**
   * Takes a place; the returned undo gives it back when the handshake is over, in whatever way. Undefined if none is free.
   * `evict` is called at most once, when the place is taken away: it must end the handshake.
   */
  enter(carrier: CarrierName, evict: () => void): Undo | undefined {
    const slots = this.#slots.get(carrier) ?? new Set()
    this.#slots.set(carrier, slots)
    const inTheWay = slots.size >= maxHalfOpenPerCarrier ? [...slots] : this.halfOpen >= maxHalfOpen ? this.#all() : []
    if (inTheWay.length > 0) {
      const oldest = inTheWay.find((slot) => slot.stale)
      if (oldest === undefined) return undefined
      this.#evict(oldest)
    }
    const slot = this.#open(slots, evict)
    return slot.release
  }

  #open(slots: Set<Slot>, evict: () => void): Slot {
    const grace = new Alarm(this.#clock, graceMs, () => {
      slot.stale = true
    })
    const end = new Alarm(this.#clock, handshakeTimeoutMs, () => {
      this.#evict(slot)
    })
    const release = (): void => {
      grace.stop()
      end.stop()
      slots.delete(slot)
    }
    const slot: Slot = { release, evict, stale: false }
    grace.start()
    end.start()
    slots.add(slot)
    return slot
  }

  #all(): Slot[] {
    return [...this.#slots.values()].flatMap((slots) => [...slots])
  }

  #evict(slot: Slot): void {
    slot.release()
    slot.evict()
  }
}
