import type { Clock } from '../../../runtime/index.ts'

/** Letters of new correspondents that are opened: so many at once, and so many a second for long. */
const burst = 400
const perSecond = 100

/** Keeps a flood of letters from new keys, each of which costs a key agreement, from taking all our time. */
export class MailLimit {
  readonly #clock: Clock
  #left = burst
  #atMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#atMs = clock.now()
  }

  /** False if this one must not be opened. */
  take(): boolean {
    const nowMs = this.#clock.now()
    this.#left = Math.min(burst, this.#left + (Math.max(0, nowMs - this.#atMs) * perSecond) / 1_000)
    this.#atMs = nowMs
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
