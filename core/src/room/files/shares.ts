import type { PeerId } from '../../identity/index.ts'

export interface ShareLimits<Value> {
  readonly ofTeller: number
  readonly ofAll: number
  /** Whether something that a member told before makes way for what it tells now, where its share is used up. */
  readonly yields: (kept: Value, coming: Value) => boolean
}

/**
 * What members have told, each under a key and counted for who told it. Nobody can fill the place of others: each has a share, and where all places
 * are taken, whoever told most makes way.
 */
export class Shares<Value> {
  readonly #limits: ShareLimits<Value>
  readonly #tellers = new Map<PeerId, Map<string, Value>>()

  constructor(limits: ShareLimits<Value>) {
    this.#limits = limits
  }

  get(key: string): Value | undefined {
    return this.#holderOf(key)?.get(key)
  }

  /** What this one has told. */
  of(teller: PeerId): readonly Value[] {
    return [...(this.#tellers.get(teller)?.values() ?? [])]
  }

  /** Keeps a value in the place of what is there under the key, or in a new place. False if there is none. */
  set(key: string, value: Value, by: PeerId): boolean {
    const holder = this.#holderOf(key)
    if (holder !== undefined) {
      holder.set(key, value)
      return true
    }
    const own = this.#tellers.get(by) ?? new Map<string, Value>()
    if (own.size >= this.#limits.ofTeller && !this.#makeWay(own, value)) return false
    if (this.#size() >= this.#limits.ofAll && !this.#takeFromLargest(own)) return false
    this.#tellers.set(by, own.set(key, value))
    return true
  }

  /** All by their keys: one of each teller, then the next of each, so that whoever told much stands behind the others. */
  inTurn(): Map<string, Value> {
    const inTurn = new Map<string, Value>()
    let open = [...this.#tellers.values()].map((told) => told.entries())
    while (open.length > 0) {
      open = open.filter((told) => {
        const { done, value } = told.next()
        if (done !== true) inTurn.set(...value)
        return done !== true
      })
    }
    return inTurn
  }

  #holderOf(key: string): Map<string, Value> | undefined {
    for (const told of this.#tellers.values()) if (told.has(key)) return told
    return undefined
  }

  #size(): number {
    return [...this.#tellers.values()].reduce((sum, { size }) => sum + size, 0)
  }

  #makeWay(own: Map<string, Value>, coming: Value): boolean {
    for (const [key, kept] of own) if (this.#limits.yields(kept, coming)) return own.delete(key)
    return false
  }

  #takeFromLargest(own: ReadonlyMap<string, Value>): boolean {
    const [largest] = [...this.#tellers].sort(([, a], [, b]) => b.size - a.size)
    if (largest === undefined || largest[1].size <= own.size + 1) return false
    const [[oldest] = ['']] = largest[1]
    return largest[1].delete(oldest)
  }
}
