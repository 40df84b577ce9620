import type { Scope } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'

/** Does something once, some time after it was asked for, however often it is asked for meanwhile. */
export class Later {
  readonly #clock: Clock
  readonly #scope: Scope
  readonly #delayMs: () => number
  readonly #run: () => void
  #due = false

  constructor(owner: { clock: Clock; scope: Scope }, delayMs: () => number, run: () => void) {
    this.#clock = owner.clock
    this.#scope = owner.scope
    this.#delayMs = delayMs
    this.#run = run
  }

  ask(): void {
    if (this.#due || this.#scope.ended) return
    this.#due = true
    const forget = this.#scope.onEnd(
      this.#clock.after(this.#delayMs(), () => {
        forget()
        this.#due = false
        this.#run()
      }),
    )
  }
}
