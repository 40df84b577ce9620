import type { NostrEvent } from '@p2pigeon/core/nostr'
import { indexedTags, matches } from './rules/index.ts'
import type { Filter } from './wire/index.ts'

/** A subscription of one client. */
export interface Subscription {
  readonly filters: readonly Filter[]
  /** Keys that its client has proved by now. */
  readonly authenticated: ReadonlySet<string>
  /** Sends an event, given as JSON. */
  deliver(body: string): void
}

/**
 * The live subscriptions of all connections, found by what an event has: an event costs as much as there are subscriptions
 * that could match it, not as there are subscriptions.
 */
export class Subscriptions {
  readonly #byKey = new Map<string, Set<Subscription>>()
  #values = 0
  #size = 0

  /** Number of subscriptions. */
  get size(): number {
    return this.#size
  }

  /** Listed values of all filters, each filter counting one more: what this takes of memory. */
  get values(): number {
    return this.#values
  }

  /** Each subscription once. */
  add(subscription: Subscription): void {
    this.#size += 1
    this.#values += valuesOf(subscription.filters)
    for (const key of subscription.filters.flatMap(keysOf)) {
      const found = this.#byKey.get(key)
      if (found) found.add(subscription)
      else this.#byKey.set(key, new Set([subscription]))
    }
  }

  /** Only what was added. */
  remove(subscription: Subscription): void {
    this.#size -= 1
    this.#values -= valuesOf(subscription.filters)
    for (const key of subscription.filters.flatMap(keysOf)) {
      const found = this.#byKey.get(key)
      found?.delete(subscription)
      if (found?.size === 0) this.#byKey.delete(key)
    }
  }

  /** Those with a filter that matches and passes `allowed`; each once. */
  matching(
    event: NostrEvent,
    allowed: (filter: Filter, subscription: Subscription) => boolean,
  ): ReadonlySet<Subscription> {
    const found = new Set<Subscription>()
    const keys = [
      anyKey,
      kindKey(event.kind),
      authorKey(event.pubkey),
      idKey(event.id),
      ...indexedTags(event).map(([name, value]) => tagKey(name, value)),
    ]
    for (const key of keys)
      for (const subscription of this.#byKey.get(key) ?? [])
        if (
          !found.has(subscription) &&
          subscription.filters.some((filter) => matches(filter, event) && allowed(filter, subscription))
        )
          found.add(subscription)
    return found
  }
}

export function valuesOf(filters: readonly Filter[]): number {
  return filters.reduce((sum, { ids, authors, kinds, tags }) => {
    const lists = [ids, authors, kinds, ...tags.values()]
    return lists.reduce((count, list) => count + (list?.size ?? 0), sum + 1)
  }, 0)
}

const anyKey = '*'
const idKey = (id: string): string => `i${id}`
const authorKey = (pubkey: string): string => `a${pubkey}`
const kindKey = (kind: number): string => `k${kind}`
const tagKey = (name: string, value: string): string => `#${name}${value}`

/** An event that matches the filter has at least one of these keys; the most telling condition gives them. */
function keysOf({ ids, authors, kinds, tags }: Filter): readonly string[] {
  if (ids) return [...ids].map(idKey)
  const [name] = tags.has('p') ? ['p'] : tags.keys()
  if (name !== undefined) return [...(tags.get(name) ?? [])].map((value) => tagKey(name, value))
  if (authors) return [...authors].map(authorKey)
  if (kinds) return [...kinds].map(kindKey)
  return [anyKey]
}
