import type { Entry, EntryHash } from './entry.ts'

/** Entries that have no place yet. The oldest makes way for one too many: anybody can sign an entry whose causes nobody has. */
export class Waiting {
  readonly #max: number
  readonly #entries = new Map<EntryHash, Entry>()
  /** For each cause those that name it. */
  readonly #naming = new Map<EntryHash, Set<Entry>>()

  constructor(max: number) {
    this.#max = max
  }

  has(hash: EntryHash): boolean {
    return this.#entries.has(hash)
  }

  add(entry: Entry): void {
    this.#entries.set(entry.hash, entry)
    for (const cause of causesOf(entry)) {
      const naming = this.#naming.get(cause) ?? new Set()
      this.#naming.set(cause, naming.add(entry))
    }
    if (this.#entries.size <= this.#max) return
    const [oldest] = this.#entries.values()
    if (oldest !== undefined) this.delete(oldest)
  }

  delete(entry: Entry): void {
    this.#entries.delete(entry.hash)
    for (const cause of causesOf(entry)) {
      const naming = this.#naming.get(cause)
      naming?.delete(entry)
      if (naming?.size === 0) this.#naming.delete(cause)
    }
  }

  /** Those that name this one as a cause. */
  naming(cause: EntryHash): readonly Entry[] {
    return [...(this.#naming.get(cause) ?? [])]
  }

  /** This entry and everything that waits of its causal past, causes first if their Lamport numbers are true. */
  withCauses(entry: Entry): readonly Entry[] {
    const found = new Set<Entry>()
    const open = [entry]
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (found.has(one)) continue
      found.add(one)
      for (const cause of causesOf(one)) {
        const waiting = this.#entries.get(cause)
        if (waiting !== undefined) open.push(waiting)
      }
    }
    return [...found].sort((a, b) => a.lamport - b.lamport)
  }
}

function causesOf({ previous, parents }: Entry): readonly EntryHash[] {
  return [previous, ...parents]
}
