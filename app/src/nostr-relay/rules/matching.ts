import type { NostrEvent } from '@p2pigeon/core/nostr'
import { isTagValue, type Filter } from '../wire/index.ts'

/** True if every condition of the filter holds (NIP-01). `limit` is about stored events only. */
export function matches(filter: Filter, event: NostrEvent): boolean {
  if (filter.kinds?.has(event.kind) === false) return false
  if (filter.ids?.has(event.id) === false) return false
  if (filter.authors?.has(event.pubkey) === false) return false
  if (filter.since !== undefined && event.created_at < filter.since) return false
  if (filter.until !== undefined && event.created_at > filter.until) return false
  for (const [name, values] of filter.tags) if (!hasTag(event, name, values)) return false
  return true
}

/** The tags that can be asked for: those of one letter, by their first value, if a filter can name it. Each pair once. */
export function indexedTags({ tags }: Pick<NostrEvent, 'tags'>): readonly (readonly [name: string, value: string])[] {
  const pairs = new Map<string, readonly [string, string]>()
  for (const [name, value] of tags)
    if (name !== undefined && isTagValue(value) && /^[a-zA-Z]$/.test(name)) pairs.set(name + value, [name, value])
  return [...pairs.values()]
}

function hasTag({ tags }: NostrEvent, name: string, values: ReadonlySet<string>): boolean {
  return tags.some(([tag, value]) => tag === name && value !== undefined && values.has(value))
}
