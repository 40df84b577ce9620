import type { Clock } from '../runtime/index.ts'
import type { Rate } from './limits.ts'

/** Allows `capacity` events at once and one more for each `refillMs`. It holds no timer, and a clock that goes back gives nothing. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #rate: Rate
  #tokens: number
  #countedAtMs: number

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock
    this.#rate = rate
    this.#tokens = rate.capacity
    this.#countedAtMs = clock.now()
  }

  /** True if `take` would succeed now. */
  get open(): boolean {
    this.#refill()
    return this.#tokens >= 1
  }

  /** Counts one event; false, and nothing counted, if there were too many. */
  take(): boolean {
    if (!this.open) return false
    this.#tokens -= 1
    return true
  }

  #refill(): void {
    const now = this.#clock.now()
    const gained = Math.max(0, now - this.#countedAtMs) / this.#rate.refillMs
    this.#tokens = Math.min(this.#rate.capacity, this.#tokens + gained)
    this.#countedAtMs = now
  }
}
