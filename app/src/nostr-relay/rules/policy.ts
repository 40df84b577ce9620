import type { NostrEvent } from '@p2pigeon/core/nostr'
import { deletionKind, ephemeralWrapKind, giftWrapKind } from './kinds.ts'

/** Which events a relay takes, beyond what the protocol and the bounds demand. */
export interface RelayPolicy {
  /** Why the event is refused, with a prefix of NIP-01; undefined when it is welcome. */
  refusal(event: NostrEvent): string | undefined
  /** True when not everybody may publish everything; told to clients (NIP-11). */
  readonly restrictsWrites: boolean
}

/**
 * What people of this product send each other: gift wraps, stored and ephemeral (NIP-59), where their inboxes (NIP-17)
 * and relays (NIP-65) are, and deletions of these (NIP-09). No readable word of anybody is among them.
 */
const privateKinds: ReadonlySet<number> = new Set([deletionKind, giftWrapKind, ephemeralWrapKind, 10_050, 10_002])

/** The default: a post box, not a public square. */
export const privateMessagesOnly: RelayPolicy = {
  refusal: ({ kind }) => (privateKinds.has(kind) ? undefined : 'blocked: this relay takes private messages only'),
  restrictsWrites: true,
}

/** Every kind. */
export const everythingWelcome: RelayPolicy = { refusal: () => undefined, restrictsWrites: false }
