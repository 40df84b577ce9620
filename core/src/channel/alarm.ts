import type { Undo } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'

/** A timer that can be set again and again; it runs once for each `start`, unless started anew or stopped before. */
export class Alarm {
  readonly #clock: Clock
  readonly #delayMs: number
  readonly #run: () => void
  #cancel: Undo | undefined

  constructor(clock: Clock, delayMs: number, run: () => void) {
    this.#clock = clock
    this.#delayMs = delayMs
    this.#run = run
  }

  start(): void {
    this.stop()
    this.#cancel = this.#clock.after(this.#delayMs, this.#run)
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
