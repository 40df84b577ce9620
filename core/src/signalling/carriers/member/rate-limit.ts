import type { Clock } from '../../../runtime/index.ts'

/** Lets so many units pass at once, and so many a second for long. */
export class RateLimit {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #burst: number
  #left: number
  #atMs: number

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
    this.#atMs = clock.now()
  }

  /** False if so many units are too much now; then none of them count. */
  take(count: number): boolean {
    const nowMs = this.#clock.now()
    this.#left = Math.min(this.#burst, this.#left + (Math.max(0, nowMs - this.#atMs) * this.#perSecond) / 1_000)
    this.#atMs = nowMs
    if (this.#left < count) return false
    this.#left -= count
    return true
  }
}
