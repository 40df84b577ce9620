import type { AuthorKey } from '../view.ts'

/**
 * Names an old-client conversation: `old-` and the other's key. No `ConversationId`, so that neither kind of conversation can be handed to the code of
 * the other.
 */
export type LegacyId = string & { readonly __brand: 'LegacyId' }

/** How a message stands. `refused`: relays have answered, and none has taken it; it is tried again like one that is `waiting`. */
export type LegacyStanding = 'received' | 'waiting' | 'refused' | 'sent'

export interface LegacyMessage {
  /** That of the event at the relays. */
  readonly id: string
  readonly own: boolean
  /** Plain text, never to be read as anything else: show nothing in it to click. */
  readonly content: string
  /** Sender's clock, Unix milliseconds. */
  readonly sentAtMs: number
  readonly standing: LegacyStanding
}

export interface LegacyConversation {
  readonly id: LegacyId
  readonly peer: AuthorKey
  readonly unread: number
  readonly last: { readonly text: string; readonly atMs: number; readonly own: boolean } | undefined
  /** When the user started it, Unix milliseconds. */
  readonly startedAtMs: number
  /** Relays that are told of it: our own, and those that the other has named in public. */
  readonly relays: readonly string[]
}

/** The conversation with this person, whether or not there is one. */
export function legacyIdOf(peer: AuthorKey): LegacyId {
  return `old-${peer}` as LegacyId
}
