import type { AuthorKey, LegacyConversation, LegacyId, LegacyMessage } from '@p2pigeon/core/chat'
import type { Readable, Undo } from '../../state/index.ts'

/** One conversation with an old client as a page shows it. */
export interface LegacyView {
  readonly conversation: LegacyConversation
  /** Oldest first. */
  readonly messages: readonly LegacyMessage[]
}

/**
 * Conversations with people whose clients know NIP-04 only: readable by many as to who, when and how much. Apart from all others, down to their names.
 * Every method that can fail rejects with a code for `faultText`.
 */
export interface LegacyChats {
  /** The latest first. */
  readonly conversations: Readable<readonly LegacyConversation[]>
  /** Our own relays, which are told of every message. */
  readonly ownRelays: readonly string[]
  /** What the other types into their client to write to us: our key as `npub1…`. */
  readonly ownAddress: string
  /** A conversation, followed; undefined for one that is not there (any more). */
  view(id: LegacyId): Readable<LegacyView | undefined>
  /** It is on the screen from now on, until the undo: it is loaded, and counts as read while the page is visible. */
  show(id: LegacyId): Undo
  /** `address`: a key as people pass it on, `npub1…` or hexadecimal. */
  start(address: string): Promise<LegacyId>
  send(id: LegacyId, content: string): Promise<void>
  /** Takes a message away on this device only. */
  hide(id: LegacyId, message: string): Promise<void>
  /** Deletes it on this device, and asks relays for it no more. */
  end(id: LegacyId): Promise<void>
  /** Name of the other: contact name, or a short form of their key. */
  nameOf(key: AuthorKey): string
}
