import type { Clock } from './ports.ts'

/** So much at once, and so much each second from then on. */
export class Allowance {
  readonly #clock: Clock
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #atMs: number

  constructor(clock: Clock, burst: number, perSecond: number) {
    this.#clock = clock
    this.#burst = burst
    this.#perSecond = perSecond
    this.#left = burst
    this.#atMs = clock.now()
  }

  /** Nothing of it is used up at the moment. */
  get full(): boolean {
    this.#earn()
    return this.#left === this.#burst
  }

  /** False if there is not so much left; then none of it counts. */
  take(count = 1): boolean {
    this.#earn()
    if (this.#left < count) return false
    this.#left -= count
    return true
  }

  #earn(): void {
    const nowMs = this.#clock.now()
    // A clock that is set back gives nothing.
    const earned = Math.max(0, nowMs - this.#atMs) * (this.#perSecond / 1_000)
    this.#left = Math.min(this.#burst, this.#left + earned)
    this.#atMs = nowMs
  }
}
