import type { Undo } from './emitter.ts'

/** The owner of timers, listeners, sockets and child scopes: `end()` undoes all of them, last one first. */
export class Scope {
  readonly #controller = new AbortController()
  readonly #undoings = new Set<Undo>()

  /** Aborts when the scope ends; pass it to anything that takes a signal. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get ended(): boolean {
    return this.#controller.signal.aborted
  }

  /** Registers an undo and returns a function that forgets it. In an ended scope the undo runs at once. */
  onEnd(undo: Undo): Undo {
    if (this.ended) {
      undo()
      return () => undefined
    }
    this.#undoings.add(undo)
    return () => this.#undoings.delete(undo)
  }

  /** A scope that ends with this one at the latest. */
  child(): Scope {
    const child = new Scope()
    const forget = this.onEnd(() => {
      child.end()
    })
    child.onEnd(forget)
    return child
  }

  /** Ends the scope; later calls do nothing. A throwing undo does not stop the others. */
  end(): void {
    if (this.ended) return
    this.#controller.abort()
    const undoings = [...this.#undoings].reverse()
    this.#undoings.clear()
    for (const undo of undoings) {
      try {
        undo()
      } catch {
        // Ending goes on: each undo owns its own failure, and nobody is left to tell.
      }
    }
  }
}
