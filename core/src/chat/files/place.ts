import { isPublicRelay } from '../../nostr/index.ts'

/** True for an address in our own store, which learns nothing of us that it does not know. */
export function isOwnPlace(url: string, ownStore: string | undefined): boolean {
  if (ownStore === undefined) return false
  // Compared as the browser will read them: `..` and the like are gone.
  return new URL(url).href.startsWith(`${new URL(ownStore).href.replace(/\/+$/, '')}/`)
}

/**
 * True if a file may be fetched from there: from our own store, or from the host of a public relay where its sender takes their mail. Else whoever writes to us
 * could make us ask any host, inside of our network too, and learn our address where they like.
 */
export function mayFetch(url: string, ownStore: string | undefined, sendersRelays: readonly string[]): boolean {
  if (isOwnPlace(url, ownStore)) return true
  const { protocol, host } = new URL(url)
  if (protocol !== 'https:' || !isPublicRelay(`wss://${host}`)) return false
  return sendersRelays.some((relay) => isPublicRelay(relay) && new URL(relay).host === host)
}
