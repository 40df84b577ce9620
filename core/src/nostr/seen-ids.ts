/**
 * Remembers which ids were there, so that what comes by several ways or several times counts once (hostile case G4). Above its bound it
 * forgets those that it has not met for the longest.
 */
export class SeenIds {
  readonly #ids = new Set<string>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  /** True if it is new. */
  add(id: string): boolean {
    const isNew = !this.#ids.delete(id)
    this.#ids.add(id)
    if (this.#ids.size > this.#max) {
      const [oldest] = this.#ids
      if (oldest !== undefined) this.#ids.delete(oldest)
    }
    return isNew
  }
}
