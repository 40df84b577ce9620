/** Ends a subscription or undoes an effect; calling it again does nothing. */
export type Undo = () => void

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a listener map constrains only that values are functions; parameters are inferred per event
export type EventMap<T> = { [K in keyof T]: (...args: any[]) => void }

/**
 * A typed set of listeners. Events are past-tense facts. Listeners run in order of subscription;
 * one that throws does not stop the others: its error surfaces as an uncaught one, never swallowed.
 */
export class Emitter<Events extends EventMap<Events>> {
  readonly #listeners = new Map<keyof Events, Set<Events[keyof Events]>>()

  on<K extends keyof Events>(event: K, listener: Events[K]): Undo {
    const set = this.#listeners.get(event) ?? new Set<Events[keyof Events]>()
    this.#listeners.set(event, set)
    set.add(listener)
    return () => set.delete(listener)
  }

  emit<K extends keyof Events>(event: K, ...args: Parameters<Events[K]>): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        listener(...args)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  /** Forgets every listener. */
  clear(): void {
    this.#listeners.clear()
  }
}
