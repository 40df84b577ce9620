import { isHex, type NostrEvent } from '@p2pigeon/core/nostr'

/** How long an event lives by its kind (NIP-01, "Kinds"). */
export type KindClass = 'regular' | 'replaceable' | 'ephemeral' | 'addressable'

/** NIP-09. */
export const deletionKind = 5
/** NIP-59. */
export const giftWrapKind = 1059
/** NIP-59: like a gift wrap, and never stored. */
export const ephemeralWrapKind = 21059
/** NIP-42. */
export const authKind = 22242

/** Kinds that NIP-01 gives no range are stored like regular ones. */
export function classOf(kind: number): KindClass {
  if (kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)) return 'replaceable'
  if (kind >= 20_000 && kind < 30_000) return 'ephemeral'
  if (kind >= 30_000 && kind < 40_000) return 'addressable'
  return 'regular'
}

export function isWrap(kind: number): boolean {
  return kind === giftWrapKind || kind === ephemeralWrapKind
}

/** Whom a gift wrap is for: its one `p` tag. Undefined when it has none, more than one, or one that is no key. */
export function recipientOf({ tags }: Pick<NostrEvent, 'tags'>): string | undefined {
  const named = tags.filter(([name]) => name === 'p')
  const key = named[0]?.[1]
  return named.length === 1 && isHex(key, 64) ? key : undefined
}

/**
 * When the event ends, in Unix seconds (NIP-40); undefined when it does not say.
 * NaN when what it says is no time.
 */
export function expirationOf(event: Pick<NostrEvent, 'tags'>): number | undefined {
  const tag = event.tags.find(([name]) => name === 'expiration')
  if (!tag) return undefined
  return /^\d{1,15}$/.test(tag[1] ?? '') ? Number(tag[1]) : Number.NaN
}
