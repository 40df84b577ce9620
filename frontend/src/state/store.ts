/** Ends a subscription; calling it again does nothing. */
export type Undo = () => void

/** Something that has a present value and says when it changed: what `useReadable` and every view model speak. */
export interface Readable<T> {
  readonly get: () => T
  readonly subscribe: (changed: () => void) => Undo
}

/** A value with an owner. Only the owner holds the store; everyone else gets it as `Readable`. */
export class Store<T> implements Readable<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(initial: T) {
    this.#value = initial
  }

  readonly get = (): T => this.#value

  readonly subscribe = (changed: () => void): Undo => {
    this.#listeners.add(changed)
    return () => this.#listeners.delete(changed)
  }

  /** Tells listeners only when the value is another one (`Object.is`). */
  readonly set = (next: T): void => {
    if (Object.is(this.#value, next)) return
    this.#value = next
    for (const listener of [...this.#listeners]) listener()
  }

  readonly update = (change: (value: T) => T): void => {
    this.set(change(this.#value))
  }
}
