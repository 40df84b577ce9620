import type { VaultPage } from '../vault/index.ts'

type Locks = NonNullable<VaultPage['locks']>
type Granted = (lock: Lock | null) => unknown

interface Held {
  lost(): void
}

/** The locks of one browser profile, all of them exclusive: every tab that is given the same object shares them. */
export class FakeLocks {
  readonly #held = new Map<string, Held>()
  readonly #waiting = new Map<string, (() => void)[]>()

  get locks(): Locks {
    const request = (name: string, one: LockOptions | Granted, other?: Granted): Promise<unknown> =>
      typeof one === 'function' ? this.#request(name, {}, one) : this.#request(name, one, other ?? (() => undefined))
    // The platform's type has an overload for each form.
    return { request: request }
  }

  isHeld(name: string): boolean {
    return this.#held.has(name)
  }

  #request(name: string, { steal, ifAvailable, signal }: LockOptions, granted: Granted): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const gone = (): void => reject(new DOMException('gone', 'AbortError'))
      const grant = (): void => {
        const held: Held = { lost: gone }
        this.#held.set(name, held)
        const over = (): void => {
          if (this.#held.get(name) !== held) return
          this.#held.delete(name)
          this.#waiting.get(name)?.shift()?.()
        }
        queueMicrotask(() => {
          void Promise.resolve(granted({ name, mode: 'exclusive' }))
            .finally(over)
            .then(resolve, reject)
        })
      }
      const holder = this.#held.get(name)
      if (steal) holder?.lost()
      if (!holder || steal) grant()
      else if (ifAvailable) queueMicrotask(() => void Promise.resolve(granted(null)).then(resolve, reject))
      else {
        const queue = this.#waiting.get(name) ?? []
        this.#waiting.set(name, queue)
        queue.push(grant)
        signal?.addEventListener('abort', () => {
          if (!queue.includes(grant)) return
          queue.splice(queue.indexOf(grant), 1)
          gone()
        })
      }
    })
  }
}
