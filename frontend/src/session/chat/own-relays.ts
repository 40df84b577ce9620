import type { relayUrlOf } from '@p2pigeon/core/chat'

/** Relays that somebody may list besides those of their node: mail is read at each. */
export const maxListedRelays = 8

/** What became of an address that was to be listed. */
export type RelayAnswer = 'added' | 'no-address' | 'not-secure' | 'known' | 'full'

type RelayReading =
  | { readonly kind: 'address'; readonly url: string }
  | { readonly kind: 'refused'; readonly why: Exclude<RelayAnswer, 'added' | 'full' | 'known'> }

/**
 * The address of a relay as somebody types it; a bare host is meant over TLS. Without TLS only one on this very machine is taken, by a page that is
 * on it as well: everybody on the way would see who writes and when, and browsers let no other page do it.
 */
export function readRelay(text: string, page: string, read: typeof relayUrlOf): RelayReading {
  const typed = text.trim()
  const isBare = /^[^\s/:]+\.[^\s/:]+(?::\d+)?(?:\/\S*)?$/u.test(typed)
  const url = read(isBare ? `wss://${typed}` : typed)
  if (url === undefined) return { kind: 'refused', why: 'no-address' }
  const isSafe = url.startsWith('wss:') || (isLoopback(url) && isLoopback(page))
  return isSafe ? { kind: 'address', url } : { kind: 'refused', why: 'not-secure' }
}

/**
 * All relays of a person: their node's own first, then those that they have listed, then the others that the node names. Others are told of the first
 * few, and what a person has chosen goes before what was chosen for them.
 */
export function ownRelays(
  ofNode: readonly string[],
  listed: readonly string[],
  read: typeof relayUrlOf,
): readonly string[] {
  const [first, ...rest] = ofNode.map((url) => read(url) ?? url)
  return [...new Set([...(first === undefined ? [] : [first]), ...listed, ...rest])]
}

/** By the two names that the policy of the page knows; see app/src/http/http-service.ts. */
function isLoopback(url: string): boolean {
  return /^(?:localhost|127\.0\.0\.1)$/u.test(new URL(url).hostname)
}
