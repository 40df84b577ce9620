import { CodecError, AuthenticationError, LimitError, UsageError } from '../errors/index.ts'
import { visibleText } from '../codec/index.ts'
import { Emitter, type Undo } from '../lifetime/index.ts'
import { utf8 } from '../bytes/index.ts'
import { isAddressedTo, isHex, maxRumorBytes, SeenIds, unwrap, type NostrEvent, type Rumor } from '../nostr/index.ts'
import { Archive, type Entry, type Index, type Outgoing } from './archive.ts'
import { Drawer } from './drawer.ts'
import { FileDesk, type Posting } from './file-desk.ts'
import { encodeLineFrame, readLineFrame } from './line-frames.ts'
import {
  maxConversations,
  maxLeadSeconds,
  maxMembers,
  maxReceiptsAgain,
  maxReceiptTargets,
  maxRequestMessages,
  maxRequests,
  maxSeen,
  maxTextBytes,
  maxTitleLength,
  maxTombstones,
  tombstoneMarginSeconds,
} from './limits.ts'
import { Mailbox } from './mailbox.ts'
import { Outbox } from './outbox.ts'
import type { ChatLine, MessengerPorts } from './ports.ts'
import { conversationOf, isMessage, readDeed, rumorOfDeed, type Act, type Deed } from './rumors.ts'
import { search } from './search.ts'
import { SeenLog } from './seen-log.ts'
import type {
  AuthorKey,
  ConversationId,
  ConversationView,
  DeliveryState,
  FoundMessage,
  MessageView,
  PersonView,
} from './view.ts'

/** Somebody who writes is shown as writing for so long, in ms. */
const typingMs = 6_000
/** Receipts go together, and not at once: the moment of reading is nobody's business. */
const receiptDelayMs = 2_000
/** What is to disappear, and what nobody looks at any more, is looked for so often, in ms. */
const sweepMs = 20_000

export interface MessengerEvents {
  /** The list, or a conversation. Several changes may be one event. */
  changed: (conversation: ConversationId | undefined) => void
  /** Somebody has written, and it is new. */
  received: (conversation: ConversationId, message: MessageView) => void
}

/**
 * Conversations of a person with others, each the same whichever road its messages take: lines between devices that are online, whose keys are
 * gone with them, or gift wraps at relays for those who are away (docs/protocol/chat.md). A message is kept before it is sent and before it
 * is acknowledged, and shown once however often it comes.
 */
export class Messenger {
  readonly #ports: MessengerPorts
  readonly #archive: Archive
  readonly #events = new Emitter<MessengerEvents>()
  readonly #drawers = new Map<ConversationId, Drawer>()
  readonly #typing = new Map<ConversationId, Map<AuthorKey, Undo>>()
  readonly #receipts = new Map<ConversationId, Set<string>>()
  readonly #receiptsAgain = new SeenIds(maxReceiptsAgain)
  readonly #seen = new SeenIds(maxSeen)
  readonly #seenLog: SeenLog
  readonly #outbox: Outbox
  /** Files of the conversations. */
  readonly files: FileDesk
  /** Steps that write follow each other. */
  #last: Promise<unknown> = Promise.resolve()
  #readUntil: Index['readUntil']
  /** When conversations were deleted, Unix seconds; the latest last. */
  readonly #deleted: Map<ConversationId, number>
  #shown: ConversationId | undefined
  #indexDirty = false
  #receiptsOn = true

  private constructor(ports: MessengerPorts, archive: Archive, opened: Opened) {
    this.#ports = ports
    this.#archive = archive
    this.#seenLog = opened.seen
    this.#readUntil = opened.index.readUntil
    // Our watch may have been ahead then: it must not silence anybody until that time has come.
    const nowSeconds = Math.floor(ports.clock.now() / 1_000)
    this.#deleted = new Map(opened.index.deleted?.map(({ id, atSeconds }) => [id, Math.min(atSeconds, nowSeconds)]))
    for (const id of opened.seen.ids) this.#seen.add(id)
    for (const entry of opened.index.entries)
      this.#drawers.set(entry.id, new Drawer(archive, entry, ports.signer.publicKey))
    this.#outbox = new Outbox(
      {
        ...ports,
        changed: ({ conversation, rumor }, isDelivered) => {
          const drawer = isDelivered ? this.#drawers.get(conversation) : undefined
          // Where it cannot be noted the message shows less than is true.
          drawer?.noteDelivered(rumor.id)
          if (drawer !== undefined) this.#inOrder(() => drawer.keepDelivered(rumor.id)).catch(() => undefined)
          this.#keepIndex()
          this.#changed(conversation)
        },
        listsChanged: () => {
          this.#keepIndex()
        },
        lineOpened: (line) => {
          this.take(line)
        },
      },
      opened.index,
    )
    this.files = this.#fileDesk(opened.index.files)
  }

  #fileDesk(kept: Index['files']): FileDesk {
    const { store, signer, relays } = this.#ports
    return new FileDesk(
      {
        ...this.#ports,
        store,
        isPadded: (id) => this.#othersOf(this.#drawer(id).entry).every((key) => this.#ports.who(key) !== undefined),
        fileOf: (id, message) => {
          const drawer = this.#drawers.get(id)
          const deed = drawer?.deed(message)
          const isShown = drawer?.entry.state === 'open' && drawer.message(message)?.file !== undefined
          return isShown && deed?.act.kind === 'file' ? { note: deed.act.file, from: deed.from } : undefined
        },
        relaysOf: (key) => (key === signer.publicKey ? Promise.resolve(relays.urls) : this.#outbox.inboxOf(key)),
        post: async (id, file, replyTo, posting) => {
          await this.#act(id, { kind: 'file', file, replyTo }, posting)
        },
        keep: () => this.#saveIndex(),
        changed: (id) => {
          this.#changed(id)
        },
      },
      kept ?? { parcels: [], copies: [] },
    )
  }

  /** Opens what is kept and begins to send and to listen, until the scope ends. */
  static async open(ports: MessengerPorts): Promise<Messenger> {
    const archive = new Archive(ports.slots)
    const [index, seen] = await Promise.all([archive.index(), SeenLog.open(ports.slots)])
    const messenger = new Messenger(ports, archive, { index, seen })
    await messenger.#recover(index.outbox)
    messenger.#start()
    return messenger
  }

  on<K extends keyof MessengerEvents>(event: K, listener: MessengerEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  /** All conversations, the latest first. */
  conversations(): readonly ConversationView[] {
    return [...this.#drawers.values()]
      .map(({ entry }) => this.#viewOf(entry))
      .sort((a, b) => (b.last?.atMs ?? 0) - (a.last?.atMs ?? 0))
  }

  conversation(id: ConversationId): ConversationView | undefined {
    const drawer = this.#drawers.get(id)
    return drawer && this.#viewOf(drawer.entry)
  }

  /** What is loaded of a conversation, oldest first; see `load`. */
  messages(id: ConversationId): readonly MessageView[] {
    return this.#drawers.get(id)?.messages((message) => this.#stateOf(id, message)) ?? []
  }

  /** True while there are earlier messages that are not loaded. */
  hasEarlier(id: ConversationId): boolean {
    return this.#drawers.get(id)?.hasEarlier ?? false
  }

  /** Loads the latest page, or the one before those that are loaded. */
  async load(id: ConversationId, which: 'latest' | 'earlier' = 'latest'): Promise<void> {
    const drawer = this.#drawers.get(id)
    if (drawer === undefined) return
    if (which === 'earlier') await drawer.loadEarlier()
    else await drawer.load()
    this.#changed(id)
  }

  /** The conversation on the screen: others in it are looked for, to have lines to them. What was loaded of those that are on none is let go of soon. */
  show(id: ConversationId | undefined): void {
    this.#shown = id
    const members = id === undefined ? [] : (this.#drawers.get(id)?.entry.members ?? [])
    this.#outbox.want(new Set(members.filter((key) => key !== this.#ports.signer.publicKey)))
  }

  /**
   * A conversation with these people, which may be there already.
   * @throws {UsageError} `no-members`; {LimitError} `too-many-members`, `too-many-conversations`.
   */
  async start(others: readonly AuthorKey[], title?: string): Promise<ConversationId> {
    const self = this.#ports.signer.publicKey
    const members = [...new Set([self, ...others])].sort()
    if (members.length < 2 || !members.every((key) => isHex(key, 64))) throw new UsageError('no-members', 'with whom?')
    if (members.length > maxMembers + 1) throw new LimitError('too-many-members', 'too many people for one group')
    const id = conversationOf(members)
    const known = this.#drawers.get(id)
    if (known === undefined && this.#drawers.size >= maxConversations) {
      throw new LimitError('too-many-conversations', 'too many conversations')
    }
    this.#deleted.delete(id)
    const shown = title === undefined ? undefined : visibleText(title, maxTitleLength)
    if (known === undefined) this.#open(id, members, 'open', shown === '' ? undefined : shown)
    else known.change({ state: 'open', ...(shown === undefined || shown === '' ? {} : { title: shown }) })
    await this.#saveIndex()
    this.#changed(id)
    return id
  }

  /** @throws {UsageError} `empty-message`, `unknown-conversation`; {LimitError} `message-size`. */
  async send(id: ConversationId, content: string, replyTo?: string): Promise<string> {
    checkText(content)
    return this.#act(id, { kind: 'text', content, replyTo })
  }

  /** @throws {UsageError} `not-yours` unless it is ours; as `send`. */
  async edit(id: ConversationId, message: string, content: string): Promise<void> {
    checkText(content)
    this.#checkOwn(id, message)
    await this.#act(id, { kind: 'edit', target: message, content })
  }

  /** Asks everybody to delete a message of ours, and deletes it here. @throws {UsageError} `not-yours` */
  async remove(id: ConversationId, message: string): Promise<void> {
    this.#checkOwn(id, message)
    await this.#act(id, { kind: 'removal', target: message })
  }

  /** An empty emoji takes it back. */
  async react(id: ConversationId, message: string, emoji: string): Promise<void> {
    await this.#act(id, { kind: 'reaction', target: message, emoji })
  }

  /** From now on messages of both disappear so long after they were sent; undefined: they stay. */
  async setLifetime(id: ConversationId, seconds: number | undefined): Promise<void> {
    await this.#act(id, { kind: 'settings', lifetimeSeconds: seconds ?? 0 })
  }

  async markRead(id: ConversationId): Promise<void> {
    const drawer = this.#drawers.get(id)
    if (drawer === undefined || drawer.entry.unread === 0) return
    drawer.change({ unread: 0 })
    await this.#saveIndex()
    this.#changed(id)
  }

  async setDraft(id: ConversationId, draft: string): Promise<void> {
    const drawer = this.#drawers.get(id)
    if (drawer === undefined || drawer.entry.draft === draft) return
    drawer.change({ draft: draft.slice(0, maxTextBytes) })
    await this.#saveIndex()
  }

  async setMuted(id: ConversationId, muted: boolean): Promise<void> {
    this.#drawer(id).change({ muted })
    await this.#saveIndex()
    this.#changed(id)
  }

  /** Whether others are told that their messages have come. Nobody who is no contact is ever told. */
  setReceipts(on: boolean): void {
    this.#receiptsOn = on
  }

  /** The user's word on a request: from now on it is a conversation as any other. */
  async accept(id: ConversationId): Promise<void> {
    this.#drawer(id).change({ state: 'open' })
    this.#deleted.delete(id)
    await this.#saveIndex()
    this.#changed(id)
  }

  /**
   * Deletes a conversation with everything in it, on this device; nothing that was said until now comes back, unless the user starts it again. Others
   * are not told.
   */
  async delete(id: ConversationId): Promise<void> {
    const drawer = this.#drawers.get(id)
    if (drawer === undefined) return
    this.#drawers.delete(id)
    this.#deleted.delete(id)
    this.#deleted.set(id, Math.floor(this.#ports.clock.now() / 1_000))
    const [oldest] = this.#deleted.keys()
    if (oldest !== undefined && this.#deleted.size > maxTombstones) this.#deleted.delete(oldest)
    this.#outbox.forget(id)
    const removeFiles = this.files.forget(id)
    await this.#inOrder(async () => {
      // The index first: pages without an entry are never read, an entry without pages would be.
      await this.#writeIndex()
      await this.#archive.removePages(drawer.entry)
    })
    await removeFiles()
    this.#changed(undefined)
  }

  /** Says to whoever is on a line that we write. Nothing is kept of it. */
  typing(id: ConversationId): void {
    const entry = this.#drawers.get(id)?.entry
    if (entry?.state !== 'open') return
    this.#outbox.sayOnLines(this.#othersOf(entry), encodeLineFrame({ kind: 'typing', conversation: id }))
  }

  /** Who writes in this conversation now. */
  whoTypes(id: ConversationId): readonly AuthorKey[] {
    return [...(this.#typing.get(id)?.keys() ?? [])]
  }

  isOnline(key: AuthorKey): boolean {
    return this.#outbox.isOnline(key)
  }

  /** Messages that hold all these words, inside of longer ones too and whatever their case and accents, the latest first. */
  search(query: string, limit = 100): Promise<readonly FoundMessage[]> {
    return search(query, limit, {
      words: this.#archive.words,
      drawers: this.#drawers,
      self: this.#ports.signer.publicKey,
      nowMs: this.#ports.clock.now(),
      stateOf: (conversation, message) => this.#stateOf(conversation, message),
      inOrder: (step) => this.#inOrder(step),
    })
  }

  /** Everything of a conversation as text, oldest first. */
  async export(id: ConversationId): Promise<string> {
    const drawer = this.#drawer(id)
    await this.#inOrder(() => drawer.loadAll())
    const nameOf = (key: AuthorKey): string =>
      this.#personOf(key).name ?? (key === this.#ports.signer.publicKey ? 'Me' : key)
    return this.messages(id)
      .filter(({ deleted }) => !deleted)
      .map(({ from, sentAtMs, content }) => `${new Date(sentAtMs).toISOString()} ${nameOf(from)}: ${content}`)
      .join('\n')
  }

  /** Takes over a line that a contact's device has opened, or that was looked for. */
  take(line: ChatLine): void {
    const forget = this.#ports.scope.onEnd(() => {
      line.close()
    })
    const over = (): void => {
      forget()
      this.#outbox.lost(line)
      this.#changed(undefined)
    }
    this.#outbox.opened(line)
    line.listen({
      heard: (bytes) => {
        if (this.#heard(line, bytes)) return
        line.close()
        over()
      },
      lost: over,
    })
    this.#changed(undefined)
  }

  /** What was to be sent, and a crash kept from the pages, is on a page before anything else happens. */
  async #recover(outbox: readonly Outgoing[]): Promise<void> {
    for (const { conversation, rumor, kept } of outbox) {
      if (kept) continue
      const drawer = this.#drawers.get(conversation)
      const deed = readDeed(rumor)
      if (drawer === undefined || deed.act.kind === 'settings') continue
      try {
        await drawer.append(rumor, deed)
        drawer.told(rumor.id)
        if (deed.act.kind === 'removal') this.#forgetRemoved(drawer, deed.act.target, true)
        this.#outbox.kept(rumor.id)
      } catch {
        // One page that cannot be read must not keep the rest from opening.
      }
    }
  }

  #start(): void {
    const { scope } = this.#ports
    this.#outbox.start()
    void this.files.start()
    new Mailbox({
      ...this.#ports,
      scope,
      readUntil: this.#readUntil,
      take: (letter) => this.#opened(letter),
      advanced: (url, untilSeconds) => {
        this.#readUntil = { ...this.#readUntil, [url]: untilSeconds }
        this.#keepIndex()
      },
    })
    this.#sweep()
  }

  /** A letter at a relay. What does not hold what it must is nobody's. */
  async #opened(letter: NostrEvent): Promise<void> {
    if (this.#seen.has(letter.id)) return
    try {
      const { rumor } = await unwrap(letter, this.#ports.signer, this.#ports.clock.now())
      if ((await this.#received(rumor, undefined)) !== 'refused') this.#remember(letter.id)
    } catch (error) {
      // Forged, damaged, or of a later version: it takes no place among those that are remembered for good.
      if (!(error instanceof AuthenticationError || error instanceof CodecError)) throw error
    }
  }

  /** False if it was nothing that may be said on a line. A message that we cannot read may be of a later version: it is let be. */
  #heard(line: ChatLine, bytes: Uint8Array): boolean {
    try {
      const frame = readLineFrame(bytes)
      if (frame.kind === 'inbox') return this.#outbox.heardInbox(line, frame.list)
      if (frame.kind === 'kept') this.#outbox.delivered(frame.id, line.key)
      else if (frame.kind === 'typing') this.#types(frame.conversation as ConversationId, line.key)
      else if (frame.rumor.pubkey !== line.key || !isAddressedTo(frame.rumor, this.#ports.signer.publicKey))
        return false
      // What cannot be kept is not acknowledged, and said again by the next line.
      else void this.#received(frame.rumor, line).catch(() => undefined)
      return true
    } catch (error) {
      if (error instanceof CodecError) return false
      throw error
    }
  }

  /** Keeps what somebody has done, once; acknowledged only when it is kept. @throws {CodecError} `bad-message` */
  async #received(rumor: Rumor, line: ChatLine | undefined): Promise<Fate> {
    const deed = readDeed(rumor)
    const self = this.#ports.signer.publicKey
    if (!isAddressedTo(rumor, self) && deed.from !== self) throw new CodecError('bad-message', 'not for us')
    if (rumor.created_at > this.#ports.clock.now() / 1_000 + maxLeadSeconds) {
      throw new CodecError('bad-message', 'this is from the future')
    }
    const id = conversationOf(deed.members)
    return this.#inOrder(async () => {
      const isSeen = this.#seen.has(deed.id)
      const fate = isSeen ? 'kept' : await this.#keep(id, deed, rumor)
      if (fate === 'refused') return fate
      if (isSeen && line === undefined) this.#receiptAgain(id, deed)
      if (fate === 'kept') this.#remember(deed.id)
      // Whoever waits for the user's word learns nothing.
      if (this.#drawers.get(id)?.entry.state !== 'request') {
        line?.send(encodeLineFrame({ kind: 'kept', id: deed.id }))
      }
      return fate
    })
  }

  async #keep(id: ConversationId, deed: Deed, rumor: Rumor): Promise<Fate> {
    const { clock, signer } = this.#ports
    const acquaintance = this.#ports.who(deed.from)
    if (acquaintance?.blocked === true) return 'refused'
    const own = deed.from === signer.publicKey
    // What strangers say without end takes no place among what is remembered.
    const passed: Fate = own || acquaintance !== undefined ? 'passed' : 'refused'
    if (deed.act.kind === 'receipt') {
      for (const target of deed.act.targets) this.#outbox.delivered(target, deed.from)
      return passed
    }
    if (this.#isDeleted(id, deed)) return 'refused'
    if ((deed.expiresAtSeconds ?? Infinity) * 1_000 <= clock.now()) return passed
    const drawer = this.#drawerFor(id, deed, own || acquaintance !== undefined)
    if (drawer === undefined) return 'refused'
    if (deed.act.kind === 'settings') {
      drawer.setLifetime(deed, deed.act.lifetimeSeconds)
      await this.#writeIndex()
      this.#changed(drawer.entry.id)
      return passed
    }
    const appended = await drawer.append(rumor, deed)
    if (appended === 'known' && deed.act.kind !== 'removal') {
      this.#receiptAgain(id, deed)
      return 'kept'
    }
    if (deed.act.kind === 'removal') this.#forgetRemoved(drawer, deed.act.target, own)
    if (deed.title !== undefined && drawer.entry.title === undefined) drawer.change({ title: deed.title })
    await this.#writeIndex()
    drawer.told(deed.id)
    this.#endTyping(drawer.entry.id, deed.from)
    if (!own && acquaintance !== undefined && drawer.entry.state === 'open') this.#receipt(drawer.entry.id, deed)
    this.#changed(drawer.entry.id)
    // One that was removed before it came is not news.
    const message = isMessage(deed.act) ? drawer.message(deed.id) : undefined
    if (message !== undefined && !message.deleted && !own) this.#events.emit('received', drawer.entry.id, message)
    return 'kept'
  }

  /** True for what was said in a conversation before the user has deleted it. */
  #isDeleted(id: ConversationId, { sentAtSeconds }: Deed): boolean {
    const atSeconds = this.#deleted.get(id)
    if (atSeconds === undefined) return false
    return sentAtSeconds <= Math.min(atSeconds, this.#ports.clock.now() / 1_000) - tombstoneMarginSeconds
  }

  /** Where a deed belongs; a conversation of somebody unknown is a request, and requests are bounded. */
  #drawerFor(id: ConversationId, deed: Deed, known: boolean): Drawer | undefined {
    const drawer = this.#drawers.get(id)
    if (drawer !== undefined) {
      if (drawer.entry.state === 'request' && known) drawer.change({ state: 'open' })
      const isFull = drawer.entry.state === 'request' && drawer.entry.keptCount >= maxRequestMessages
      return isFull ? undefined : drawer
    }
    // A conversation of a stranger begins with words.
    if (!(deed.act.kind === 'text' || (known && deed.act.kind === 'file')) || deed.members.length > maxMembers + 1)
      return undefined
    if (this.#drawers.size >= maxConversations) return undefined
    const requests = [...this.#drawers.values()].filter(({ entry }) => entry.state === 'request')
    if (!known && requests.length >= maxRequests) this.#dropOldest(requests)
    return this.#open(id, deed.members, known ? 'open' : 'request', deed.title)
  }

  /** The oldest request gives way to a new one. */
  #dropOldest(requests: readonly Drawer[]): void {
    const [oldest] = [...requests].sort((a, b) => (a.entry.last?.atMs ?? 0) - (b.entry.last?.atMs ?? 0))
    if (oldest === undefined) return
    this.#drawers.delete(oldest.entry.id)
    const removeFiles = this.files.forget(oldest.entry.id)
    // Its pages are read by nobody any more; that they go as well can wait.
    void this.#inOrder(() => this.#archive.removePages(oldest.entry))
      .then(removeFiles)
      .catch(() => undefined)
  }

  #open(id: ConversationId, members: readonly AuthorKey[], state: Entry['state'], title: string | undefined): Drawer {
    const entry: Entry = {
      id,
      members,
      title,
      state,
      unread: 0,
      last: undefined,
      draft: '',
      muted: false,
      lifetimeSeconds: undefined,
      messageCount: 0,
      keptCount: 0,
      lifetimeSetBy: undefined,
      pages: 0,
      lastRows: 0,
    }
    const drawer = new Drawer(this.#archive, entry, this.#ports.signer.publicKey)
    this.#drawers.set(id, drawer)
    return drawer
  }

  async #act(id: ConversationId, act: Act, posting?: Posting): Promise<string> {
    const drawer = this.#drawer(id)
    const { signer, clock } = this.#ports
    const { entry } = drawer
    const rumor = await this.#inOrder(async () => {
      await drawer.load()
      const sentAtSeconds = Math.floor(clock.now() / 1_000)
      const made = rumorOfDeed({
        from: signer.publicKey,
        members: entry.members,
        title: entry.title,
        sentAtSeconds,
        clock: drawer.nextClock,
        expiresAtSeconds: expiryOf(act, drawer, sentAtSeconds),
        act,
      })
      if (utf8(JSON.stringify(made)).length > maxRumorBytes)
        throw new LimitError('message-size', 'the message is too long')
      this.#outbox.checkRoom()
      const deed = readDeed(made)
      const to = Object.fromEntries(this.#othersOf(entry).map((key) => [key, 'waiting' as const]))
      posting?.done(made.id)
      this.#outbox.add({ conversation: id, rumor: made, to, kept: false })
      try {
        // That it is to be sent is kept first: a crash from here on neither loses it nor takes it for delivered.
        await this.#writeIndex()
        if (act.kind === 'settings') drawer.setLifetime(deed, act.lifetimeSeconds)
        else await drawer.append(made, deed)
      } catch (error) {
        this.#outbox.drop([made.id])
        posting?.undone()
        // The index on the disk may have it already as something to be sent. Where that cannot be changed now it is by the next write.
        await this.#writeIndex().catch(() => undefined)
        throw error
      }
      drawer.told(made.id)
      this.#remember(made.id)
      this.#outbox.kept(made.id)
      if (act.kind === 'removal') this.#forgetRemoved(drawer, act.target, true)
      // An answer accepts a request.
      if (isMessage(act) && drawer.entry.state === 'request') this.#deleted.delete(id)
      if (isMessage(act)) drawer.change({ ...(act.kind === 'text' ? { draft: '' } : {}), state: 'open' })
      // It is kept, on its page and as something to be sent: whoever is told that it has failed would say it twice.
      await this.#writeIndex().catch(() => {
        this.#keepIndex()
      })
      this.#outbox.dispatch(made.id)
      return made
    })
    this.#changed(id)
    return rumor.id
  }

  /** A message that its author has taken back is not sent any more, its file is not kept, and the list does not show its words. */
  #forgetRemoved(drawer: Drawer, target: string, own: boolean): void {
    if (own) this.#outbox.drop([target])
    if (drawer.message(target)?.deleted !== true) return
    drawer.noteRemoval()
    // Behind the step that is under way; what is left over gives way to others.
    this.files.drop([target]).catch(() => undefined)
  }

  /** Tells a contact that something has come, a little later and for several at once. */
  #receipt(id: ConversationId, deed: Deed): void {
    if (!this.#receiptsOn || !isMessage(deed.act)) return
    const waiting = this.#receipts.get(id)
    if (waiting !== undefined) {
      waiting.add(`${deed.from} ${deed.id}`)
      return
    }
    this.#receipts.set(id, new Set([`${deed.from} ${deed.id}`]))
    const forget = this.#ports.scope.onEnd(
      this.#ports.clock.after(receiptDelayMs, () => {
        forget()
        this.#tellReceipts(id)
      }),
    )
  }

  /** A contact who says again what is kept here may not have got the receipt. */
  #receiptAgain(id: ConversationId, deed: Deed): void {
    const acquaintance = this.#ports.who(deed.from)
    if (deed.from === this.#ports.signer.publicKey || acquaintance === undefined || acquaintance.blocked) return
    if (!this.#receiptsOn || this.#drawers.get(id)?.entry.state !== 'open') return
    if (isMessage(deed.act) && this.#receiptsAgain.add(deed.id)) this.#receipt(id, deed)
  }

  #tellReceipts(id: ConversationId): void {
    const waiting = this.#receipts.get(id) ?? new Set()
    this.#receipts.delete(id)
    const byAuthor = new Map<AuthorKey, string[]>()
    for (const each of waiting) {
      const [from = '', message = ''] = each.split(' ')
      byAuthor.set(from, [...(byAuthor.get(from) ?? []), message])
    }
    for (const [key, all] of byAuthor) {
      // Over a line it was acknowledged already.
      if (this.#outbox.isOnline(key)) continue
      const members = [this.#ports.signer.publicKey, key].sort()
      const sentAtSeconds = Math.floor(this.#ports.clock.now() / 1_000)
      for (let at = 0; at < all.length; at += maxReceiptTargets) {
        const rumor = rumorOfDeed({
          from: this.#ports.signer.publicKey,
          members,
          title: undefined,
          sentAtSeconds,
          clock: undefined,
          expiresAtSeconds: undefined,
          act: { kind: 'receipt', targets: all.slice(at, at + maxReceiptTargets) },
        })
        this.#outbox.sendOnce(rumor, key)
      }
    }
  }

  #types(id: ConversationId, key: AuthorKey): void {
    const entry = this.#drawers.get(id)?.entry
    if (entry?.state !== 'open' || !entry.members.includes(key)) return
    this.#endTyping(id, key)
    const who = this.#typing.get(id) ?? new Map<AuthorKey, Undo>()
    this.#typing.set(id, who)
    who.set(
      key,
      this.#ports.scope.onEnd(
        this.#ports.clock.after(typingMs, () => {
          this.#endTyping(id, key)
        }),
      ),
    )
    this.#changed(id)
  }

  #endTyping(id: ConversationId, key: AuthorKey): void {
    const who = this.#typing.get(id)
    who?.get(key)?.()
    if (who?.delete(key) === true) this.#changed(id)
  }

  /** Deletes what has had its time. */
  #sweep(): void {
    const { clock, scope } = this.#ports
    void this.#inOrder(async () => {
      for (const [id, drawer] of this.#drawers) {
        // One that cannot be read now is looked at again the next time.
        const over = await drawer.sweep(clock.now()).catch((): readonly string[] => [])
        if (over.length > 0) {
          this.#outbox.drop(over)
          this.files.drop(over).catch(() => undefined)
          // Their pages are written: other conversations do not wait for the index, which is tried again.
          await this.#writeIndex().catch(() => {
            this.#keepIndex()
          })
          this.#changed(id)
        }
        if (id !== this.#shown && drawer.rest()) this.#changed(id)
      }
    }).catch(() => undefined)
    const forget = scope.onEnd(
      clock.after(sweepMs, () => {
        forget()
        this.#sweep()
      }),
    )
  }

  #remember(id: string): void {
    if (!this.#seen.add(id)) return
    this.#seenLog.add(id)
    this.#keepIndex()
  }

  #viewOf(entry: Entry): ConversationView {
    const { id, title, state, unread, last, draft, muted, lifetimeSeconds, messageCount } = entry
    const others = this.#othersOf(entry).map((key) => this.#personOf(key))
    return { id, others, title, state, unread, last, draft, muted, lifetimeSeconds, messageCount }
  }

  #personOf(key: AuthorKey): PersonView {
    const acquaintance = this.#ports.who(key)
    return { key, id: acquaintance?.id, name: acquaintance?.name }
  }

  #othersOf({ members }: Pick<Entry, 'members'>): readonly AuthorKey[] {
    return members.filter((key) => key !== this.#ports.signer.publicKey)
  }

  #drawer(id: ConversationId): Drawer {
    const drawer = this.#drawers.get(id)
    if (drawer === undefined) throw new UsageError('unknown-conversation', 'there is no such conversation')
    return drawer
  }

  #checkOwn(id: ConversationId, message: string): void {
    if (this.#drawer(id).message(message)?.own !== true) {
      throw new UsageError('not-yours', 'only the author can do that')
    }
  }

  /** Writes the index soon; several changes are one write. */
  #keepIndex(): void {
    if (this.#indexDirty) return
    this.#indexDirty = true
    // Whoever waits for a write meets the failure; this one is tried again with the next change.
    this.#inOrder(() => this.#writeIndex()).catch(() => undefined)
  }

  #saveIndex(): Promise<void> {
    return this.#inOrder(() => this.#writeIndex())
  }

  async #writeIndex(): Promise<void> {
    this.#indexDirty = false
    const entries = [...this.#drawers.values()].map(({ entry }) => entry)
    await this.#archive.writeIndex({
      entries,
      outbox: this.#outbox.all(),
      inboxes: this.#outbox.inboxes(),
      readUntil: this.#readUntil,
      told: this.#outbox.told,
      files: this.files.kept,
      deleted: [...this.#deleted].map(([id, atSeconds]) => ({ id, atSeconds })),
    })
    await this.#seenLog.write()
  }

  #inOrder<Done>(step: () => Promise<Done>): Promise<Done> {
    const whileOurs = (): Promise<Done> => {
      // Another tab may have taken over: what it keeps must not be written over.
      if (this.#ports.scope.ended)
        return Promise.reject(new UsageError('messenger-closed', 'these conversations are closed'))
      return step()
    }
    const done = this.#last.then(whileOurs, whileOurs)
    this.#last = done
    return done
  }

  #stateOf(id: ConversationId, message: string): DeliveryState {
    const known = this.#outbox.stateOf(message)
    return known ?? (this.#drawers.get(id)?.isDelivered(message) === true ? { kind: 'delivered' } : { kind: 'sent' })
  }

  #changed(id: ConversationId | undefined): void {
    this.#events.emit('changed', id)
  }
}

/**
 * What becomes of something that came. `kept`: it is on its page. `passed`: nothing of it is to be kept, and it need not be read again. `refused`:
 * nobody is told that it has come, and it takes no place among what is remembered.
 */
type Fate = 'kept' | 'passed' | 'refused'

interface Opened {
  readonly index: Index
  readonly seen: SeenLog
}

/** What is said about a message goes with it. */
function expiryOf(act: Act, drawer: Drawer, sentAtSeconds: number): number | undefined {
  const { lifetimeSeconds } = drawer.entry
  if (isMessage(act)) return lifetimeSeconds === undefined ? undefined : sentAtSeconds + lifetimeSeconds
  return act.kind === 'edit' || act.kind === 'reaction' ? drawer.deed(act.target)?.expiresAtSeconds : undefined
}

function checkText(content: string): void {
  if (content.trim() === '') throw new UsageError('empty-message', 'a message needs content')
  if (utf8(content).length > maxTextBytes) throw new LimitError('message-size', 'the message is too long')
}
