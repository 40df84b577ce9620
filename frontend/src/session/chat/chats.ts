import type {
  AuthorKey,
  ConversationId,
  ConversationView,
  FoundMessage,
  MessageView,
  ParcelView,
  RelayHealth,
} from '@p2pigeon/core/chat'
import type { IdentityId } from '@p2pigeon/core/people'
import type { Readable, Undo } from '../../state/index.ts'
import type { ChatFiles } from './chat-files.ts'
import type { LegacyChats } from './legacy-chats.ts'
import type { RelayAnswer } from './own-relays.ts'

/** Somebody the user can write to. */
export interface Correspondent {
  readonly id: IdentityId
  readonly key: AuthorKey
  readonly name: string
}

/** One conversation as a page shows it. */
export interface ChatView {
  readonly conversation: ConversationView
  /** What is loaded, oldest first. */
  readonly messages: readonly MessageView[]
  readonly hasEarlier: boolean
  /** Files of ours that are not sent yet, in their order. */
  readonly parcels: readonly ParcelView[]
  /** Names of those who write now. */
  readonly typing: readonly string[]
  /** True while a line to one of the others is open: messages then go from device to device. */
  readonly online: boolean
}

export interface ChatSettings {
  /** Contacts are told that their messages have come, and see when the user writes. */
  readonly receipts: boolean
  /** The browser tells of new messages while the page is in the background. */
  readonly notifications: boolean
  /** Addresses of relays that the user has listed besides those of the node. */
  readonly relays: readonly string[]
}

/** A relay where the user takes their mail. */
export interface OwnRelay extends RelayHealth {
  /** By the user; others are the node's. */
  readonly listed: boolean
}

/** Conversations with people, for the page. Every method that can fail rejects with a code for `faultText`. */
export interface Chats {
  /** The latest first, requests included. */
  readonly conversations: Readable<readonly ConversationView[]>
  /** Unread messages of conversations that are not muted; requests count as one each, those with old clients as others. */
  readonly unread: Readable<number>
  readonly settings: Readable<ChatSettings>
  /** How each relay of the user's is, in the order in which they are named to others; the node's own first. */
  readonly relays: Readable<readonly OwnRelay[]>
  /** Contacts that can be written to: those whose Nostr key is known and who are not blocked. By name. */
  readonly correspondents: Readable<readonly Correspondent[]>
  /** Those with old clients, which are none of the above. */
  readonly legacy: LegacyChats
  readonly files: ChatFiles
  /** A conversation, followed; undefined for one that is not there (any more). */
  view(id: ConversationId): Readable<ChatView | undefined>
  /** It is on the screen from now on, until the undo: its latest page is loaded, its people are looked for, it counts as read while the page is visible. */
  show(id: ConversationId): Undo
  loadEarlier(id: ConversationId): Promise<void>
  start(others: readonly AuthorKey[], title?: string): Promise<ConversationId>
  send(id: ConversationId, content: string, replyTo?: string): Promise<void>
  edit(id: ConversationId, message: string, content: string): Promise<void>
  remove(id: ConversationId, message: string): Promise<void>
  /** An empty emoji takes the reaction back. */
  react(id: ConversationId, message: string, emoji: string): Promise<void>
  setDraft(id: ConversationId, draft: string): void
  setMuted(id: ConversationId, muted: boolean): Promise<void>
  setLifetime(id: ConversationId, seconds: number | undefined): Promise<void>
  accept(id: ConversationId): Promise<void>
  delete(id: ConversationId): Promise<void>
  /** Text of the whole conversation. */
  export(id: ConversationId): Promise<string>
  search(query: string): Promise<readonly FoundMessage[]>
  /** The user writes: tells whoever is on a line, at most every few seconds. */
  typing(id: ConversationId): void
  /** Sets what is told. Relays are for the two below. */
  change(part: Partial<Omit<ChatSettings, 'relays'>>): Promise<void>
  /** Lists a relay as the user has typed it: from now on mail is read there, and others are told of it. Rejects where it cannot be kept. */
  addRelay(address: string): Promise<RelayAnswer>
  removeRelay(url: string): Promise<void>
  /** Name of somebody in a conversation, for the page: contact name, or a short form of their key. */
  nameOf(key: AuthorKey): string
}
