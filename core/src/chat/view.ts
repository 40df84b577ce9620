import type { IdentityId } from '../identity/index.ts'
import type { FileView } from './files/index.ts'

/** Names a conversation: follows from who is in it, so that everybody gives it the same one. 64 characters of hexadecimal. */
export type ConversationId = string & { readonly __brand: 'ConversationId' }

/** A Nostr public key, 64 characters of hexadecimal. */
export type AuthorKey = string

/** Somebody in a conversation. */
export interface PersonView {
  readonly key: AuthorKey
  /** Undefined for somebody who is no contact. */
  readonly id: IdentityId | undefined
  /** What the user calls them; undefined for somebody who is no contact. */
  readonly name: string | undefined
}

/** How far a message of ours has come; over all recipients the one who is behind counts. */
export type DeliveryState =
  | { readonly kind: 'received' }
  /** Kept, and sent as soon as a road to them is open. `unreachable`: no relay of theirs is known. */
  | { readonly kind: 'waiting'; readonly unreachable: boolean }
  /** A relay keeps it for them. */
  | { readonly kind: 'sent' }
  /** Every one of them has it on a device. */
  | { readonly kind: 'delivered' }

export interface ReactionView {
  readonly emoji: string
  readonly from: readonly AuthorKey[]
  readonly own: boolean
}

export interface MessageView {
  readonly id: string
  readonly from: AuthorKey
  readonly own: boolean
  /** Plain text, never to be read as anything else; of a file, its name. Empty once it is deleted. */
  readonly content: string
  /** Undefined for a text, and once it is deleted. */
  readonly file: FileView | undefined
  /** Sender's clock, Unix milliseconds. */
  readonly sentAtMs: number
  readonly edited: boolean
  readonly deleted: boolean
  readonly replyTo: string | undefined
  readonly reactions: readonly ReactionView[]
  readonly delivery: DeliveryState
  /** When it disappears, Unix milliseconds. */
  readonly expiresAtMs: number | undefined
}

export interface ConversationView {
  readonly id: ConversationId
  /** Everybody but us. One for a direct conversation. */
  readonly others: readonly PersonView[]
  /** What the group is called; undefined for none. */
  readonly title: string | undefined
  /** `request`: somebody who is no contact has written and waits for the user's word. They learn nothing meanwhile. */
  readonly state: 'open' | 'request'
  readonly unread: number
  readonly last: { readonly text: string; readonly atMs: number; readonly own: boolean } | undefined
  readonly draft: string
  readonly muted: boolean
  /** Messages disappear so long after they were sent; undefined: they stay. */
  readonly lifetimeSeconds: number | undefined
  readonly messageCount: number
}

/** A message that was found, and where. */
export interface FoundMessage {
  readonly conversation: ConversationId
  readonly message: MessageView
}
