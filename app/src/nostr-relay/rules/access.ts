import type { NostrEvent } from '@p2pigeon/core/nostr'
import { ephemeralWrapKind, giftWrapKind, recipientOf } from './kinds.ts'
import type { Filter } from '../wire/index.ts'

/**
 * Who may read what. A gift wrap goes to the recipient it names, who has proved its key (NIP-17, NIP-59, NIP-42). An
 * ephemeral one goes to whoever asks by its recipient: the key is fresh and known to nobody else, and there is no list of
 * them to be had.
 */
export function mayReceive(event: NostrEvent, filter: Filter, authenticated: ReadonlySet<string>): boolean {
  if (event.kind === giftWrapKind) {
    const recipient = recipientOf(event)
    return recipient !== undefined && authenticated.has(recipient)
  }
  return event.kind !== ephemeralWrapKind || filter.tags.has('p')
}

/** Why a request is refused that could bring nothing of what it names; undefined when it is not. */
export function requestRefusal(filters: readonly Filter[], authenticated: ReadonlySet<string>): string | undefined {
  for (const { kinds, tags } of filters) {
    const recipients = tags.get('p')
    if (kinds?.has(giftWrapKind) === true) {
      if (authenticated.size === 0) return 'auth-required: gift wraps are for their recipients'
      if (recipients && ![...recipients].some((key) => authenticated.has(key)))
        return 'restricted: gift wraps are for their recipients'
    }
    if (kinds?.has(ephemeralWrapKind) === true && !recipients)
      return 'restricted: ephemeral gift wraps are found by their #p'
  }
  return undefined
}
