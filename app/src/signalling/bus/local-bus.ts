import type { Bus, Subscription, Undo } from './bus.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A bus inside one process: all there is to share where one server runs alone. */
export class LocalBus implements Bus {
  readonly state = 'alone'
  readonly #listeners = new Map<string, Set<(message: Bytes) => void>>()

  publish(channel: string, message: Bytes): Promise<number> {
    const listeners = [...(this.#listeners.get(channel) ?? [])]
    for (const heard of listeners) {
      queueMicrotask(() => {
        heard(message)
      })
    }
    return Promise.resolve(listeners.length)
  }

  subscribe(channel: string, heard: (message: Bytes) => void): Subscription {
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners)
    listeners.add(heard)
    return {
      ready: Promise.resolve(),
      end: () => {
        listeners.delete(heard)
        if (listeners.size === 0 && this.#listeners.get(channel) === listeners) this.#listeners.delete(channel)
      },
    }
  }

  onGap(): Undo {
    return () => undefined
  }

  close(): Promise<void> {
    this.#listeners.clear()
    return Promise.resolve()
  }
}
