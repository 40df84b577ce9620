import type { Clock } from '@p2pigeon/core/node'

/** Time that may be spent for somebody. What it takes is known only afterwards, so it may run into debt once. */
export class WorkBudget {
  readonly #burstMs: number
  readonly #msPerSecond: number
  readonly #clock: Clock
  #leftMs: number
  #at: number

  constructor(burstMs: number, msPerSecond: number, clock: Clock) {
    this.#burstMs = burstMs
    this.#msPerSecond = msPerSecond
    this.#clock = clock
    this.#leftMs = burstMs
    this.#at = clock.now()
  }

  get isSpent(): boolean {
    return this.#refilled() <= 0
  }

  get full(): boolean {
    return this.#refilled() === this.#burstMs
  }

  /** Runs it and charges the time it took. */
  charge<T>(run: () => T): T {
    const startedAt = this.#clock.now()
    try {
      return run()
    } finally {
      this.#leftMs = this.#refilled() - Math.max(0, this.#clock.now() - startedAt)
    }
  }

  #refilled(): number {
    const now = this.#clock.now()
    const gained = (Math.max(0, now - this.#at) / 1_000) * this.#msPerSecond
    this.#at = now
    this.#leftMs = Math.min(this.#burstMs, this.#leftMs + gained)
    return this.#leftMs
  }
}
