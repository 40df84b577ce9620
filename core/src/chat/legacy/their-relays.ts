import { isPublicRelay, relayUrlOf, tagValues, type NostrEvent } from '../../nostr/index.ts'
import { maxTheirRelays } from './limits.ts'

/** Lists of relays that a person has published. */
export const listKinds = { general: 10_002, inbox: 10_050 } as const

/** Where somebody reads and writes, as they have said (NIP-65, and the inbox list of NIP-17). */
export interface TheirRelays {
  readonly read: readonly string[]
  readonly write: readonly string[]
  readonly inbox: readonly string[]
  /** Of the lists that this is from, Unix seconds. */
  readonly generalAtSeconds: number
  readonly inboxAtSeconds: number
}

export const noRelays: TheirRelays = { read: [], write: [], inbox: [], generalAtSeconds: -1, inboxAtSeconds: -1 }

/** What is known after this list; the same object when it says nothing new. `own` may also be inside a network. */
export function learn(known: TheirRelays, list: NostrEvent, own: readonly string[]): TheirRelays {
  const usable = (urls: readonly (string | undefined)[]): readonly string[] =>
    [...new Set(urls.flatMap((url) => (url === undefined ? [] : (relayUrlOf(url) ?? []))))]
      // One inside somebody's network means nothing here, or something else.
      .filter((url) => own.includes(url) || isPublicRelay(url))
      .slice(0, maxTheirRelays / 2)
  if (list.kind === listKinds.inbox && list.created_at > known.inboxAtSeconds) {
    return { ...known, inbox: usable(tagValues(list, 'relay')), inboxAtSeconds: list.created_at }
  }
  if (list.kind === listKinds.general && list.created_at > known.generalAtSeconds) {
    const named = list.tags.filter(([name]) => name === 'r')
    const marked = (mark: string): readonly string[] =>
      usable(named.flatMap(([, url, said]) => (said === undefined || said === '' || said === mark ? [url] : [])))
    return { ...known, read: marked('read'), write: marked('write'), generalAtSeconds: list.created_at }
  }
  return known
}

/** Where letters to them go: where they read, and our own relays. */
export function sendTo({ read, inbox }: TheirRelays, own: readonly string[]): readonly string[] {
  return joined(own, [...inbox, ...read])
}

/** Where letters of them may be: an old client writes to its own relays. */
export function askAt({ read, write, inbox }: TheirRelays, own: readonly string[]): readonly string[] {
  return joined(own, [...write, ...inbox, ...read])
}

function joined(own: readonly string[], theirs: readonly string[]): readonly string[] {
  return [...new Set([...own, ...theirs.slice(0, maxTheirRelays)])]
}
