import type { Clock } from '@p2pigeon/core/node'

/** Allows `capacity` at once and `perSecond` for long. A clock that jumps back adds nothing. */
export class TokenBucket {
  readonly #capacity: number
  readonly #perSecond: number
  readonly #clock: Clock
  #tokens: number
  #at: number

  constructor(capacity: number, perSecond: number, clock: Clock) {
    this.#capacity = capacity
    this.#perSecond = perSecond
    this.#clock = clock
    this.#tokens = capacity
    this.#at = clock.now()
  }

  get full(): boolean {
    this.#refill()
    return this.#tokens === this.#capacity
  }

  take(amount = 1): boolean {
    this.#refill()
    if (this.#tokens < amount) return false
    this.#tokens -= amount
    return true
  }

  #refill(): void {
    const now = this.#clock.now()
    const gained = (Math.max(0, now - this.#at) / 1_000) * this.#perSecond
    this.#at = now
    this.#tokens = Math.min(this.#capacity, this.#tokens + gained)
  }
}
