import type {
  AuthorKey,
  ConversationId,
  ConversationView,
  FoundMessage,
  Messenger,
  RelayPool,
  relayUrlOf,
} from '@p2pigeon/core/chat'
import { Store, type Readable, type Undo } from '../../state/index.ts'
import type { People } from '../people/index.ts'
import type { SealedValue } from '../people/index.ts'
import type { Chats, ChatSettings, ChatView, Correspondent, OwnRelay } from './chats.ts'
import { DeskFiles, type ChatFiles } from './chat-files.ts'
import type { LegacyChats } from './legacy-chats.ts'
import { maxListedRelays, readRelay, type RelayAnswer } from './own-relays.ts'
import { steady } from './steady.ts'
import { chatKeyOf } from './talk.ts'

/** While somebody writes, others hear of it at most so often, in ms. */
const typingEveryMs = 3_000
const shownKeyLength = 8
const draftEveryMs = 600

export interface MessengerChatsPorts {
  readonly messenger: Messenger
  readonly relays: RelayPool
  readonly legacy: LegacyChats
  readonly people: People
  readonly settings: SealedValue<ChatSettings>
  /** Absolute address of the page. */
  readonly address: string
  readonly readUrl: typeof relayUrlOf
  readonly isVisible: () => boolean
  readonly onVisibility: (changed: () => void) => Undo
  /** Tells the user outside of the page. */
  readonly notify: (name: string) => void
  readonly now: () => number
}

/** The library's conversations as the page takes them. */
export class MessengerChats implements Chats {
  readonly files: ChatFiles
  readonly #ports: MessengerChatsPorts
  readonly #conversations: Store<readonly ConversationView[]>
  readonly #unread: Store<number>
  readonly #relays: Store<readonly OwnRelay[]>
  readonly #correspondents: Store<readonly Correspondent[]>
  readonly #views = new Map<ConversationId, Store<ChatView | undefined>>()
  readonly #undoings: readonly Undo[]
  readonly #drafts = new Map<ConversationId, string>()
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #shown: ConversationId | undefined
  #typedAtMs = 0

  constructor(ports: MessengerChatsPorts) {
    this.#ports = ports
    const { messenger, relays, people } = ports
    this.files = new DeskFiles(messenger.files)
    this.#conversations = new Store(messenger.conversations())
    this.#unread = new Store(this.#countUnread())
    this.#relays = new Store(this.#ownRelays())
    this.#correspondents = new Store(correspondentsOf(people))
    this.#undoings = [
      messenger.on('changed', (id) => this.#changed(id)),
      messenger.on('received', (id, { from }) => this.#received(id, from)),
      relays.onHealth(() => this.#relays.set(this.#ownRelays())),
      relays.onUrls(() => this.#relays.set(this.#ownRelays())),
      people.contacts.book.subscribe(() => {
        this.#correspondents.set(correspondentsOf(people))
        this.#changed(undefined)
      }),
      ports.settings.value.subscribe(() => messenger.setReceipts(this.settings.get().receipts)),
      ports.onVisibility(() => this.#read()),
      ports.legacy.conversations.subscribe(() => this.#unread.set(this.#countUnread())),
    ]
    messenger.setReceipts(this.settings.get().receipts)
  }

  get conversations(): Readable<readonly ConversationView[]> {
    return this.#conversations
  }

  get unread(): Readable<number> {
    return this.#unread
  }

  get settings(): Readable<ChatSettings> {
    return this.#ports.settings.value
  }

  get relays(): Readable<readonly OwnRelay[]> {
    return this.#relays
  }

  get correspondents(): Readable<readonly Correspondent[]> {
    return this.#correspondents
  }

  get legacy(): LegacyChats {
    return this.#ports.legacy
  }

  view(id: ConversationId): Readable<ChatView | undefined> {
    const known = this.#views.get(id)
    if (known) return known
    const made = new Store<ChatView | undefined>(this.#viewOf(id))
    this.#views.set(id, made)
    return made
  }

  show(id: ConversationId): Undo {
    const { messenger } = this.#ports
    this.#shown = id
    messenger.show(id)
    // What cannot be read is said where it is shown: as an empty conversation that a reload may mend.
    messenger.load(id).catch(() => undefined)
    this.#read()
    return () => {
      if (this.#shown !== id) return
      this.#shown = undefined
      messenger.show(undefined)
    }
  }

  loadEarlier(id: ConversationId): Promise<void> {
    return this.#ports.messenger.load(id, 'earlier')
  }

  start(others: readonly AuthorKey[], title?: string): Promise<ConversationId> {
    return this.#ports.messenger.start(others, title)
  }

  async send(id: ConversationId, content: string, replyTo?: string): Promise<void> {
    // What was written is not a draft any more.
    this.#drafts.delete(id)
    await this.#ports.messenger.send(id, content, replyTo)
  }

  edit(id: ConversationId, message: string, content: string): Promise<void> {
    return this.#ports.messenger.edit(id, message, content)
  }

  remove(id: ConversationId, message: string): Promise<void> {
    return this.#ports.messenger.remove(id, message)
  }

  react(id: ConversationId, message: string, emoji: string): Promise<void> {
    return this.#ports.messenger.react(id, message, emoji)
  }

  setDraft(id: ConversationId, draft: string): void {
    // A word at a time, not a letter: each is a write of everything that is listed.
    const waiting = this.#drafts.has(id)
    this.#drafts.set(id, draft)
    if (!waiting) this.#timers.add(setTimeout(() => this.#keepDraft(id), draftEveryMs))
  }

  setMuted(id: ConversationId, muted: boolean): Promise<void> {
    return this.#ports.messenger.setMuted(id, muted)
  }

  setLifetime(id: ConversationId, seconds: number | undefined): Promise<void> {
    return this.#ports.messenger.setLifetime(id, seconds)
  }

  accept(id: ConversationId): Promise<void> {
    return this.#ports.messenger.accept(id)
  }

  delete(id: ConversationId): Promise<void> {
    return this.#ports.messenger.delete(id)
  }

  export(id: ConversationId): Promise<string> {
    return this.#ports.messenger.export(id)
  }

  search(query: string): Promise<readonly FoundMessage[]> {
    return this.#ports.messenger.search(query)
  }

  typing(id: ConversationId): void {
    const nowMs = this.#ports.now()
    if (!this.settings.get().receipts || nowMs - this.#typedAtMs < typingEveryMs) return
    this.#typedAtMs = nowMs
    this.#ports.messenger.typing(id)
  }

  async change(part: Partial<Omit<ChatSettings, 'relays'>>): Promise<void> {
    await this.#ports.settings.change((settings) => ({ ...settings, ...part }))
  }

  async addRelay(address: string): Promise<RelayAnswer> {
    const { settings, relays, readUrl } = this.#ports
    const reading = readRelay(address, this.#ports.address, readUrl)
    if (reading.kind === 'refused') return reading.why
    const { url } = reading
    let answer: RelayAnswer = 'added'
    await settings.change((before) => {
      answer = relays.urls.includes(url) ? 'known' : before.relays.length >= maxListedRelays ? 'full' : 'added'
      return answer === 'added' ? { ...before, relays: [...before.relays, url] } : before
    })
    return answer
  }

  async removeRelay(url: string): Promise<void> {
    await this.#ports.settings.change((before) => ({ ...before, relays: before.relays.filter((one) => one !== url) }))
  }

  nameOf(key: AuthorKey): string {
    return this.#correspondents.get().find((one) => one.key === key)?.name ?? key.slice(0, shownKeyLength)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const undo of this.#undoings) undo()
  }

  #ownRelays(): readonly OwnRelay[] {
    const { relays } = this.#ports
    const health = new Map(relays.health().map((each) => [each.url, each]))
    const listed = this.settings.get().relays
    return relays.urls.flatMap((url) => {
      const known = health.get(url)
      return known ? [{ ...known, listed: listed.includes(url) }] : []
    })
  }

  #countUnread(): number {
    const old = this.#ports.legacy.conversations.get().reduce((sum, { unread }) => sum + unread, 0)
    return unreadOf(this.#conversations.get()) + old
  }

  #keepDraft(id: ConversationId): void {
    const draft = this.#drafts.get(id)
    this.#drafts.delete(id)
    // A disk that takes nothing more: the draft lasts as long as the page.
    if (draft !== undefined) this.#ports.messenger.setDraft(id, draft).catch(() => undefined)
  }

  #changed(id: ConversationId | undefined): void {
    const { messenger } = this.#ports
    this.#conversations.set(steady(this.#conversations.get(), messenger.conversations()))
    this.#unread.set(this.#countUnread())
    for (const [each, view] of this.#views) if (id === undefined || each === id) view.set(this.#viewOf(each))
    if (id !== undefined && id === this.#shown) this.#read()
  }

  #received(id: ConversationId, from: AuthorKey): void {
    const isSeen = id === this.#shown && this.#ports.isVisible()
    const { muted, state } = this.#ports.messenger.conversation(id) ?? { muted: true, state: 'request' }
    if (!isSeen && !muted && state === 'open' && this.settings.get().notifications)
      this.#ports.notify(this.nameOf(from))
  }

  /** What is on a screen that somebody looks at is read. */
  #read(): void {
    if (this.#shown === undefined || !this.#ports.isVisible()) return
    this.#ports.messenger.markRead(this.#shown).catch(() => undefined)
  }

  #viewOf(id: ConversationId): ChatView | undefined {
    const { messenger } = this.#ports
    const conversation = messenger.conversation(id)
    if (!conversation) return undefined
    return {
      conversation,
      messages: messenger.messages(id),
      hasEarlier: messenger.hasEarlier(id),
      parcels: messenger.files.parcels(id),
      typing: messenger.whoTypes(id).map((key) => this.nameOf(key)),
      online: conversation.others.some(({ key }) => messenger.isOnline(key)),
    }
  }
}

function unreadOf(conversations: readonly ConversationView[]): number {
  return conversations.reduce((sum, { unread, muted, state }) => {
    if (muted || unread === 0) return sum
    return sum + (state === 'request' ? 1 : unread)
  }, 0)
}

function correspondentsOf(people: People): readonly Correspondent[] {
  return people.contacts.book
    .get()
    .contacts.flatMap(({ id, petname, record, blocked }) => {
      const key = chatKeyOf(record)
      return key === undefined || blocked ? [] : [{ id, key, name: petname }]
    })
    .sort((a, b) => a.name.localeCompare(b.name))
}
