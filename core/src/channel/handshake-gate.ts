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
  readonly carrier: CarrierName
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
  readonly #slots = new Set<Slot>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Handshakes that hold a place now. */
  get halfOpen(): number {
    return this.#slots.size
  }

  /**
   * Takes a place; the returned undo gives it back when the handshake is over, in whatever way. Undefined if none is free.
   * `evict` is called at most once, when the place is taken away: it must end the handshake.
   */
  enter(carrier: CarrierName, evict: () => void): Undo | undefined {
    if (!this.#hasRoom(carrier) && !this.#makeRoom(carrier)) return undefined
    const grace = new Alarm(this.#clock, graceMs, () => {
      slot.stale = true
    })
    const end = new Alarm(this.#clock, handshakeTimeoutMs, () => {
      this.#evict(slot)
    })
    const slot: Slot = {
      carrier,
      evict,
      stale: false,
      release: () => {
        grace.stop()
        end.stop()
        this.#slots.delete(slot)
      },
    }
    grace.start()
    end.start()
    this.#slots.add(slot)
    return slot.release
  }

  #hasRoom(carrier: CarrierName): boolean {
    return this.#slots.size < maxHalfOpen && this.#on(carrier).length < maxHalfOpenPerCarrier
  }

  /** Takes the oldest stale place that is in the way, if there is one. Slots are in order of age. */
  #makeRoom(carrier: CarrierName): boolean {
    const carrierIsFull = this.#on(carrier).length >= maxHalfOpenPerCarrier
    const inTheWay = carrierIsFull ? this.#on(carrier) : [...this.#slots]
    const oldest = inTheWay.find((slot) => slot.stale)
    if (oldest === undefined) return false
    this.#evict(oldest)
    return this.#hasRoom(carrier)
  }

  #on(carrier: CarrierName): Slot[] {
    return [...this.#slots].filter((slot) => slot.carrier === carrier)
  }

  #evict(slot: Slot): void {
    slot.release()
    slot.evict()
  }
}
