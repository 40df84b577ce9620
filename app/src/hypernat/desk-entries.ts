import type { ByteQueue } from './byte-queue.ts'
import type { ClientLeg } from './client-leg.ts'
import type { Entry as Announced } from './meeting-table.ts'

/** What an id stands for. */
export type Entry =
  | { readonly kind: 'announcement'; readonly announced: Announced }
  | { readonly kind: 'lookup'; readonly stop: AbortController }
  /** `early` came right behind the request; it waits for the answer within the window that a stream has anyway. */
  | { readonly kind: 'connecting'; readonly stop: AbortController; readonly early: ByteQueue }
  | { readonly kind: 'stream'; readonly leg: ClientLeg }

/** What one client has under way, by id, counted by kind. */
export class DeskEntries implements Iterable<[number, Entry]> {
  readonly #byId = new Map<number, Entry>()
  readonly #counts = { announcement: 0, lookup: 0, connecting: 0, stream: 0 }

  count(kind: Entry['kind']): number {
    return this.#counts[kind]
  }

  get(id: number): Entry | undefined {
    return this.#byId.get(id)
  }

  /** `id` must be new. */
  put(id: number, entry: Entry): void {
    this.#byId.set(id, entry)
    this.#counts[entry.kind] += 1
  }

  /** Gives out what was removed; undefined when there was nothing. */
  remove(id: number): Entry | undefined {
    const entry = this.#byId.get(id)
    if (!entry) return undefined
    this.#byId.delete(id)
    this.#counts[entry.kind] -= 1
    return entry
  }

  /** Over a copy: entries may come and go meanwhile. */
  [Symbol.iterator](): Iterator<[number, Entry]> {
    return [...this.#byId][Symbol.iterator]()
  }
}
