import { sha256 } from '@noble/hashes/sha2.js'
import { fromUtf8, toHex, utf8 } from '../bytes/index.ts'
import type { Rumor } from '../nostr/index.ts'
import { digestOf } from './digest.ts'
import { pageSize } from './limits.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Page } from './page.ts'
import type { Slots } from './slots.ts'
import type { AuthorKey, ConversationId } from './view.ts'
import { Words } from './words.ts'

/** How one recipient of a message of ours stands. */
export type Standing = 'waiting' | 'unreachable' | 'sent' | 'delivered'

/** A message of ours that not everybody has, or that has not got to our own other devices' relays. */
export interface Outgoing {
  readonly conversation: ConversationId
  readonly rumor: Rumor
  /** Ourselves among them, where we have other devices: their copies. */
  readonly to: Readonly<Record<AuthorKey, Standing>>
  /** Whether it is on a page. */
  readonly kept: boolean
  /** Of recipients to whom it was sent by relays. Missing where it was sent before that was noted. */
  readonly brought?: Readonly<Record<AuthorKey, Brought>>
}

/** How far a letter has got that one relay of its recipient has taken. */
export interface Brought {
  /** Relays of theirs that have not taken it. */
  readonly left: readonly string[]
  /** When it was last brought to all of them, Unix seconds. */
  readonly atSeconds: number
}

/** Where somebody takes their mail, as they have said. */
export interface Inbox {
  readonly relays: readonly string[]
  /** When they have said so, Unix seconds; -1 if they have not. */
  readonly atSeconds: number
  /** Their relays for everything (NIP-65), where the other list may be found. */
  readonly general?: ToldInbox
}

/** A list of relays, and of when it is. */
export interface ToldInbox {
  readonly relays: readonly string[]
  readonly atSeconds: number
}

/** What is kept of a conversation besides its messages. */
export interface Entry {
  readonly id: ConversationId
  readonly members: readonly AuthorKey[]
  readonly title: string | undefined
  readonly state: 'open' | 'request'
  readonly unread: number
  readonly last: { readonly text: string; readonly atMs: number; readonly own: boolean } | undefined
  readonly draft: string
  readonly muted: boolean
  readonly lifetimeSeconds: number | undefined
  readonly messageCount: number
  /** Everything that is kept: edits, reactions and the like count, too. */
  readonly keptCount: number
  /** Of the latest word on `lifetimeSeconds`. */
  readonly lifetimeSetBy: { readonly clock: number; readonly atSeconds: number } | undefined
  /** Pages written so far; the last one may have room. */
  readonly pages: number
  /** Rows of the latest page that are counted here. Missing where it was written before there was this. */
  readonly lastRows?: number
  /** When the first row of a page is over, Unix seconds, of pages with such rows. Of one that was written before there was this it is known once it was read. */
  readonly expires?: Readonly<Record<number, number>>
}

/** A conversation that the user has deleted. What was said until then does not bring it back. */
export interface Tombstone {
  readonly id: ConversationId
  readonly atSeconds: number
}

/** Everything that is read when the archive is opened. */
export interface Index {
  readonly entries: readonly Entry[]
  readonly outbox: readonly Outgoing[]
  /** Where people take their mail, by key. */
  readonly inboxes: Readonly<Record<AuthorKey, Inbox>>
  /** When we last had read all the mail of each relay. */
  readonly readUntil: Readonly<Record<string, number>>
  /** What others were last told of where we take our mail. `wasOpen`: that was a public relay at some time, so that people elsewhere go by it. */
  readonly told: (ToldInbox & { readonly wasOpen?: boolean }) | undefined
  /** Missing where it was written before there were files. */
  readonly files?: KeptFiles
  /** The latest last. Missing where it was written before there was this. */
  readonly deleted?: readonly Tombstone[]
}

export const emptyIndex: Index = { entries: [], outbox: [], inboxes: {}, readUntil: {}, told: undefined }

const indexName = 'chat.index'

/** Conversations as they are kept: an index, and pages of messages in the order in which they came. */
export class Archive {
  readonly #slots: Slots
  /** What a search knows of the pages. */
  readonly words: Words

  constructor(slots: Slots) {
    this.#slots = slots
    this.words = new Words(slots)
  }

  async index(): Promise<Index> {
    return (await this.#read<Index>(indexName)) ?? emptyIndex
  }

  async writeIndex(index: Index): Promise<void> {
    await this.#write(indexName, index)
  }

  async page(id: ConversationId, number: number): Promise<Page> {
    return (await this.#read<Page>(pageName(id, number))) ?? []
  }

  /** The references of what is on a page (see `Digest.refs`), and maybe of more. */
  async refs(id: ConversationId, number: number): Promise<string> {
    return (await this.words.refs(id, number)) ?? digestOf(await this.page(id, number)).refs
  }

  /** What a search knows of it is written first (see `Words`); of a request, which is not searched, nothing is. */
  async writePage(
    { id, state, pages }: Pick<Entry, 'id' | 'state' | 'pages'>,
    number: number,
    page: Page,
  ): Promise<void> {
    if (state === 'open') await this.words.write(id, number, digestOf(page))
    else await this.words.remove(id, pages)
    await this.#write(pageName(id, number), page)
  }

  /** Removes every page, and what a search knows of them. */
  async removePages({ id, pages }: Pick<Entry, 'id' | 'pages'>): Promise<void> {
    await this.words.remove(id, pages)
    for (let number = 0; number < pages; number++) await this.#slots.remove(pageName(id, number))
  }

  async #read<Value>(name: string): Promise<Value | undefined> {
    const bytes = await this.#slots.read(name)
    // Nobody but us has written it: the slots are sealed.
    return bytes && (JSON.parse(fromUtf8(bytes)) as Value)
  }

  async #write(name: string, value: unknown): Promise<void> {
    await this.#slots.write(name, utf8(JSON.stringify(value)))
  }
}

/** True if another message fits. */
export function hasRoom(page: Page): boolean {
  return page.length < pageSize
}

/** Names of slots may be seen by whoever has the disk, so they say nothing of who talks. */
function pageName(id: ConversationId, number: number): string {
  return `chat.page.${toHex(sha256(utf8(`${id}/${number}`))).slice(0, 32)}`
}
