import { clientPrefix } from '../../platform/index.ts'

/** Places of which there are so many for all clients together, and so many of those for one client address. */
export class AddressShares {
  readonly #most: number
  readonly #mostEach: number
  readonly #held = new Map<string, number>()
  #all = 0

  constructor(most: number, mostEach: number) {
    this.#most = most
    this.#mostEach = mostEach
  }

  /** Gives back, once, what was taken. Undefined when so many are not free, or not for this address. */
  take(address: string, count: number): (() => void) | undefined {
    const source = clientPrefix(address)
    const held = (this.#held.get(source) ?? 0) + count
    if (this.#all + count > this.#most || held > this.#mostEach) return undefined
    this.#all += count
    this.#held.set(source, held)
    return () => {
      this.#all -= count
      const left = (this.#held.get(source) ?? 0) - count
      // Whoever holds nothing is forgotten: there are never more addresses here than requests.
      if (left > 0) this.#held.set(source, left)
      else this.#held.delete(source)
    }
  }
}
