import {
  relayUrlOf,
  type AuthorKey,
  type ConversationId,
  type ConversationView,
  type FoundMessage,
  type MessageView,
  type PersonView,
} from '@p2pigeon/core/chat'
import type { IdentityId } from '@p2pigeon/core/people'
import type { Chats, ChatSettings, ChatView, Correspondent, OwnRelay } from '../chat/chats.ts'
import { maxListedRelays, readRelay, type RelayAnswer } from '../chat/own-relays.ts'
import { Fault } from '../fault.ts'
import { Store, type Undo } from '../../state/index.ts'
import { FakeChatFiles } from './fake-chat-files.ts'
import { FakeLegacyChats } from './fake-legacy-chats.ts'

/** Key of ourselves in fakes. */
export const fakeOwnKey: AuthorKey = 'ff'.repeat(32)
const pageSize = 200
const minuteMs = 60_000

export function fakeKey(who: number): AuthorKey {
  return who.toString(16).padStart(2, '0').repeat(32)
}

export function fakeCorrespondent(who: number, name: string): Correspondent {
  return { id: `identity-${who}` as IdentityId, key: fakeKey(who), name }
}

/** A message of somebody, or ours when `from` is our key. */
export function fakeChatMessage(content: string, part: Partial<MessageView> = {}): MessageView {
  const from = part.from ?? fakeKey(1)
  const own = part.own ?? from === fakeOwnKey
  return {
    id: `m-${content.slice(0, 16)}-${part.sentAtMs ?? 0}`,
    from,
    own,
    content,
    file: undefined,
    sentAtMs: 0,
    edited: false,
    deleted: false,
    replyTo: undefined,
    reactions: [],
    delivery: own ? { kind: 'delivered' } : { kind: 'received' },
    expiresAtMs: undefined,
    ...part,
  }
}

/** What a conversation starts with. */
export interface FakeConversation {
  readonly id: string
  readonly others: readonly (Correspondent | PersonView)[]
  readonly messages: readonly MessageView[]
  readonly part?: Partial<ConversationView>
  readonly online?: boolean
  readonly typing?: readonly string[]
}

interface Kept {
  readonly all: readonly MessageView[]
  readonly loaded: number
  readonly view: Store<ChatView | undefined>
}

/** Conversations in memory: what is written is there at once and goes nowhere. */
export class FakeChats implements Chats {
  readonly conversations = new Store<readonly ConversationView[]>([])
  readonly unread = new Store(0)
  readonly settings = new Store<ChatSettings>({ receipts: true, notifications: false, relays: [] })
  readonly relays = new Store<readonly OwnRelay[]>([])
  readonly correspondents = new Store<readonly Correspondent[]>([])
  readonly legacy = new FakeLegacyChats()
  readonly files = new FakeChatFiles((id, parcels) => this.paint(id, { parcels }))
  /** What was asked for, in order. */
  readonly calls: string[] = []
  /** Every method that can fail fails with this code while it is set. */
  fault: string | undefined
  now = (): number => Date.now()
  readonly #kept = new Map<ConversationId, Kept>()
  readonly #none = new Store<ChatView | undefined>(undefined)
  #next = 1

  constructor(correspondents: readonly Correspondent[] = [], conversations: readonly FakeConversation[] = []) {
    this.correspondents.set(correspondents)
    for (const conversation of conversations) this.put(conversation)
  }

  put({ id: given, others, messages, part, online, typing }: FakeConversation): ConversationId {
    const id = given as ConversationId
    const last = messages.at(-1)
    const conversation: ConversationView = {
      id,
      others: others.map(({ key, id: identity, name }) => ({ key, id: identity, name })),
      title: undefined,
      state: 'open',
      unread: 0,
      last: last && { text: last.content, atMs: last.sentAtMs, own: last.own },
      draft: '',
      muted: false,
      lifetimeSeconds: undefined,
      messageCount: messages.length,
      ...part,
    }
    const loaded = Math.min(pageSize, messages.length)
    const view = new Store<ChatView | undefined>({
      conversation,
      messages: messages.slice(-loaded),
      hasEarlier: loaded < messages.length,
      parcels: [],
      typing: typing ?? [],
      online: online ?? false,
    })
    this.#kept.set(id, { all: messages, loaded, view })
    this.#list()
    return id
  }

  view(id: ConversationId) {
    return this.#kept.get(id)?.view ?? this.#none
  }

  show(id: ConversationId): Undo {
    this.calls.push(`show ${id}`)
    this.#change(id, { unread: 0 })
    return () => this.calls.push(`hide ${id}`)
  }

  async loadEarlier(id: ConversationId): Promise<void> {
    await this.#try(`loadEarlier ${id}`)
    const kept = this.#kept.get(id)
    if (kept) this.#keep(id, { ...kept, loaded: Math.min(kept.all.length, kept.loaded + pageSize) })
  }

  async start(others: readonly AuthorKey[], title?: string): Promise<ConversationId> {
    await this.#try(`start ${others.length} ${title ?? ''}`)
    const people = others.map(
      (key): PersonView =>
        this.correspondents.get().find((one) => one.key === key) ?? { key, id: undefined, name: undefined },
    )
    const same = this.conversations
      .get()
      .find((one) => one.others.length === others.length && one.others.every(({ key }) => others.includes(key)))
    return same?.id ?? this.put({ id: `started-${this.#next++}`, others: people, messages: [], part: { title } })
  }

  async send(id: ConversationId, content: string, replyTo?: string): Promise<void> {
    await this.#try(`send ${content}`)
    this.receive(
      id,
      fakeChatMessage(content, {
        id: `sent-${this.#next++}`,
        from: fakeOwnKey,
        replyTo,
        sentAtMs: this.now(),
        delivery: { kind: 'waiting', unreachable: false },
      }),
    )
    this.#change(id, { draft: '' })
  }

  /** A message comes. */
  receive(id: ConversationId, message: MessageView): void {
    const kept = this.#kept.get(id)
    if (!kept) return
    this.#keep(id, { ...kept, all: [...kept.all, message], loaded: kept.loaded + 1 })
    this.#change(id, {
      last: { text: message.content, atMs: message.sentAtMs, own: message.own },
      messageCount: kept.all.length + 1,
    })
  }

  /** Says who writes and whether a line is open. */
  paint(id: ConversationId, part: Partial<ChatView>): void {
    this.#kept.get(id)?.view.update((view) => view && { ...view, ...part })
  }

  async edit(id: ConversationId, message: string, content: string): Promise<void> {
    await this.#try(`edit ${content}`)
    this.#alter(id, message, (one) => ({ ...one, content, edited: true }))
  }

  async remove(id: ConversationId, message: string): Promise<void> {
    await this.#try(`remove ${message}`)
    this.#alter(id, message, (one) => ({ ...one, content: '', deleted: true, reactions: [] }))
  }

  async react(id: ConversationId, message: string, emoji: string): Promise<void> {
    await this.#try(`react ${emoji}`)
    this.#alter(id, message, (one) => {
      const others = one.reactions
        .map((reaction) => ({ ...reaction, own: false, from: reaction.from.filter((key) => key !== fakeOwnKey) }))
        .filter(({ from }) => from.length > 0)
      if (emoji === '') return { ...one, reactions: others }
      const same = others.find((reaction) => reaction.emoji === emoji)
      const mine = { emoji, from: [...(same?.from ?? []), fakeOwnKey], own: true }
      return { ...one, reactions: [...others.filter((reaction) => reaction !== same), mine] }
    })
  }

  setDraft(id: ConversationId, draft: string): void {
    this.#change(id, { draft })
  }

  async setMuted(id: ConversationId, muted: boolean): Promise<void> {
    await this.#try(`setMuted ${muted}`)
    this.#change(id, { muted })
  }

  async setLifetime(id: ConversationId, lifetimeSeconds: number | undefined): Promise<void> {
    await this.#try(`setLifetime ${lifetimeSeconds ?? 'off'}`)
    this.#change(id, { lifetimeSeconds })
  }

  async accept(id: ConversationId): Promise<void> {
    await this.#try(`accept ${id}`)
    this.#change(id, { state: 'open' })
  }

  async delete(id: ConversationId): Promise<void> {
    await this.#try(`delete ${id}`)
    const kept = this.#kept.get(id)
    this.#kept.delete(id)
    kept?.view.set(undefined)
    this.#list()
  }

  async export(id: ConversationId): Promise<string> {
    await this.#try(`export ${id}`)
    const lines = this.#kept.get(id)?.all.map(({ from, content }) => `${this.nameOf(from)}: ${content}`)
    return (lines ?? []).join('\n')
  }

  async search(query: string): Promise<readonly FoundMessage[]> {
    await this.#try(`search ${query}`)
    const wanted = query.toLocaleLowerCase()
    return [...this.#kept].flatMap(([conversation, { all }]) =>
      all
        .filter(({ content }) => content.toLocaleLowerCase().includes(wanted))
        .slice(-20)
        .map((message) => ({ conversation, message })),
    )
  }

  typing(id: ConversationId): void {
    this.calls.push(`typing ${id}`)
  }

  async addRelay(address: string): Promise<RelayAnswer> {
    await this.#try(`addRelay ${address}`)
    const reading = readRelay(address, 'https://node.example/', relayUrlOf)
    if (reading.kind === 'refused') return reading.why
    const { url } = reading
    const relays = this.relays.get()
    if (relays.some((relay) => relay.url === url)) return 'known'
    if (relays.filter(({ listed }) => listed).length >= maxListedRelays) return 'full'
    this.relays.set([...relays, { url, listed: true, state: 'connecting', failures: 0, lastHeardMs: undefined }])
    return 'added'
  }

  async removeRelay(url: string): Promise<void> {
    await this.#try(`removeRelay ${url}`)
    this.relays.update((relays) => relays.filter((relay) => relay.url !== url))
  }

  async change(part: Partial<ChatSettings>): Promise<void> {
    await this.#try('change')
    this.settings.update((settings) => ({ ...settings, ...part }))
  }

  nameOf(key: AuthorKey): string {
    return this.correspondents.get().find((one) => one.key === key)?.name ?? `npub1${key.slice(0, 6)}…`
  }

  #try(call: string): Promise<void> {
    this.calls.push(call)
    return this.fault === undefined ? Promise.resolve() : Promise.reject(new Fault(this.fault))
  }

  #alter(id: ConversationId, message: string, change: (message: MessageView) => MessageView): void {
    const kept = this.#kept.get(id)
    if (kept) this.#keep(id, { ...kept, all: kept.all.map((one) => (one.id === message ? change(one) : one)) })
  }

  #keep(id: ConversationId, kept: Kept): void {
    this.#kept.set(id, kept)
    const hasEarlier = kept.loaded < kept.all.length
    kept.view.update((view) => view && { ...view, messages: kept.all.slice(-kept.loaded), hasEarlier })
  }

  #change(id: ConversationId, part: Partial<ConversationView>): void {
    this.#kept.get(id)?.view.update((view) => view && { ...view, conversation: { ...view.conversation, ...part } })
    this.#list()
  }

  #list(): void {
    const all = [...this.#kept.values()].flatMap(({ view }) => view.get()?.conversation ?? [])
    this.conversations.set(all.toSorted((one, other) => (other.last?.atMs ?? 0) - (one.last?.atMs ?? 0)))
    this.unread.set(all.reduce((sum, one) => sum + (one.state === 'request' ? 1 : one.muted ? 0 : one.unread), 0))
  }
}

const talk = [
  'Good morning! Did the new build reach you?',
  'Yes. It started at once, even on the old laptop.',
  'Lovely.',
  'I put the notes of yesterday here: https://notes.example/minutes/2026-06-09',
  'Reading them now. The part about relays is clearer than what I had written myself; we could use it as it is.',
  'Then let us do that 🎉',
  'What about the photographs from the field trip?\nI have about forty, and half of them are out of focus.',
  'Send the good half.',
]

const names = ['Grace Hopper', 'Katherine Johnson', 'Margaret Hamilton', 'Barbara Liskov', 'Radia Perlman', 'Linus']

/** A page as it may look after some weeks: several people, a group, a request, and one conversation of 2,000 messages. */
export function busyChats(nowMs = Date.now()): FakeChats {
  const people = names.map((name, index) => fakeCorrespondent(index + 1, name))
  const [grace, katherine, margaret, barbara, radia, linus] = people as [
    Correspondent,
    Correspondent,
    Correspondent,
    Correspondent,
    Correspondent,
    Correspondent,
  ]
  const long = Array.from({ length: 2_000 }, (_, index): MessageView => {
    const own = index % 5 === 1 || index % 5 === 4
    const left = 2_000 - index
    return fakeChatMessage(talk[index % talk.length] ?? '', {
      id: `long-${index}`,
      from: own ? fakeOwnKey : grace.key,
      sentAtMs: nowMs - left * 21 * minuteMs - (index % 3) * 18 * minuteMs,
      edited: index % 13 === 4,
      deleted: index % 37 === 5,
      replyTo: index % 8 === 4 ? `long-${index - 1}` : undefined,
      reactions:
        index % 8 === 5
          ? [{ emoji: '❤️', from: [own ? grace.key : fakeOwnKey], own: !own }]
          : index % 16 === 3
            ? [
                { emoji: '👍', from: [grace.key, fakeOwnKey], own: true },
                { emoji: '🎉', from: [grace.key], own: false },
              ]
            : [],
      ...(own && left < 3 ? { delivery: { kind: 'sent' } } : {}),
      ...(own && left === 1 ? { delivery: { kind: 'waiting', unreachable: false } } : {}),
    })
  })
  const chats = new FakeChats(people, [
    { id: 'grace', others: [grace], messages: long, part: { unread: 3 }, online: true, typing: ['Grace Hopper'] },
    {
      id: 'group',
      others: [katherine, margaret, barbara, radia],
      messages: [
        fakeChatMessage('Shall we move the review to Thursday?', {
          id: 'g1',
          from: katherine.key,
          sentAtMs: nowMs - 95 * minuteMs,
        }),
        fakeChatMessage('Thursday suits me.', { id: 'g2', from: margaret.key, sentAtMs: nowMs - 93 * minuteMs }),
        fakeChatMessage('After lunch, please.', { id: 'g3', from: margaret.key, sentAtMs: nowMs - 92 * minuteMs }),
        fakeChatMessage('Two o’clock it is.', {
          id: 'g4',
          from: fakeOwnKey,
          replyTo: 'g3',
          sentAtMs: nowMs - 80 * minuteMs,
          delivery: { kind: 'sent' },
          reactions: [{ emoji: '👍', from: [katherine.key, margaret.key], own: false }],
        }),
      ],
      part: { title: 'Flight software review', lifetimeSeconds: 86_400 },
    },
    {
      id: 'katherine',
      others: [katherine],
      messages: [
        fakeChatMessage('The numbers agree to the last digit.', {
          id: 'k1',
          from: katherine.key,
          sentAtMs: nowMs - 26 * 60 * minuteMs,
        }),
      ],
      part: { draft: 'Then I will sign it off and' },
    },
    {
      id: 'linus',
      others: [linus],
      messages: [
        fakeChatMessage('Are you there?', {
          id: 'l1',
          from: fakeOwnKey,
          sentAtMs: nowMs - 3 * 24 * 60 * minuteMs,
          delivery: { kind: 'waiting', unreachable: true },
        }),
      ],
      part: { muted: true },
    },
    {
      id: 'stranger',
      others: [{ key: fakeKey(77), id: undefined, name: undefined }],
      messages: [
        fakeChatMessage(
          'Hello, we met at the conference. Is this how one reaches you? My page: https://example.org/me',
          {
            id: 's1',
            from: fakeKey(77),
            sentAtMs: nowMs - 12 * minuteMs,
          },
        ),
      ],
      part: { state: 'request', unread: 1 },
    },
  ])
  chats.relays.set([
    { url: 'wss://node.example/nostr', listed: false, state: 'ready', failures: 0, lastHeardMs: nowMs - 20_000 },
    { url: 'wss://relay.one.example', listed: true, state: 'ready', failures: 0, lastHeardMs: nowMs - 4 * minuteMs },
    { url: 'wss://relay.two.example', listed: true, state: 'waiting', failures: 4, lastHeardMs: undefined },
  ])
  return chats
}
