import { AuthenticationError, CodecError, LimitError, UsageError } from '../../errors/index.ts'
import { Emitter, type Scope, type Undo } from '../../lifetime/index.ts'
import type { NostrEvent, NostrSigner, PublishOutcome, RelayPool } from '../../nostr/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import type { Slots } from '../slots.ts'
import type { AuthorKey } from '../view.ts'
import { readLetter, sharedKey, writeLetter } from './letter.ts'
import { bounded, viewOf, withLetter } from './letters.ts'
import { lookBackSeconds, maxConversations, maxQueue, maxWaiting, overlapSeconds, retryMs } from './limits.ts'
import { Shelf, type KeptLetter, type LegacyEntry } from './shelf.ts'
import { noRelays, sendTo } from './their-relays.ts'
import { legacyIdOf, type LegacyConversation, type LegacyId, type LegacyMessage } from './view.ts'
import { Watch } from './watch.ts'

export interface LegacyPorts {
  readonly slots: Slots
  readonly clock: Clock
  readonly random: Random
  /** Its end ends everything that is under way. */
  readonly scope: Scope
  /** Us, with our long-term key: everybody sees it under each message. */
  readonly signer: NostrSigner
  /** Without `onUrls` ours stay what they are. */
  readonly relays: Pick<RelayPool, 'publish' | 'subscribe' | 'urls'> & Partial<Pick<RelayPool, 'onUrls'>>
  /** True for somebody whose messages the user does not want. */
  isBlocked(key: AuthorKey): boolean
}

export interface LegacyEvents {
  /** The list, or a conversation. */
  changed: (id: LegacyId | undefined) => void
  /** Somebody has written, and it is new. */
  received: (id: LegacyId, message: LegacyMessage) => void
}

interface Open {
  entry: LegacyEntry
  readonly scope: Scope
  /** Undefined until they are loaded. */
  letters: readonly KeptLetter[] | undefined
}

/**
 * Conversations with people whose clients know NIP-04 only (docs/protocol/chat.md, “Old clients”): each was started by the user with one person, and is a
 * thing of its own. Nothing of other conversations comes in here or goes out from here. Everybody who has a relay sees who writes to whom, when and how
 * much, and can prove it by the signature, which is also all that shows that a message is whole; whoever gets one of the two keys reads everything.
 */
export class LegacyMessenger {
  readonly #ports: LegacyPorts
  readonly #shelf: Shelf
  readonly #events = new Emitter<LegacyEvents>()
  readonly #open = new Map<LegacyId, Open>()
  readonly #queue: { readonly id: LegacyId; readonly event: NostrEvent }[] = []
  /** Steps that write follow each other. */
  #last: Promise<unknown> = Promise.resolve()
  #isDraining = false

  private constructor(ports: LegacyPorts, shelf: Shelf) {
    this.#ports = ports
    this.#shelf = shelf
  }

  /** Opens what is kept and begins to ask for letters, until the scope ends. */
  static async open(ports: LegacyPorts): Promise<LegacyMessenger> {
    const shelf = new Shelf(ports.slots)
    const messenger = new LegacyMessenger(ports, shelf)
    for (const entry of await shelf.index()) messenger.#begin(entry)
    messenger.#retry()
    return messenger
  }

  on<K extends keyof LegacyEvents>(event: K, listener: LegacyEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  /** All of them, the latest first. */
  conversations(): readonly LegacyConversation[] {
    return [...this.#open.values()]
      .map(({ entry }) => this.#viewOf(entry))
      .sort((a, b) => (b.last?.atMs ?? b.startedAtMs) - (a.last?.atMs ?? a.startedAtMs))
  }

  conversation(id: LegacyId): LegacyConversation | undefined {
    const open = this.#open.get(id)
    return open && this.#viewOf(open.entry)
  }

  /** What is kept of a conversation, oldest first; nothing before `load`. */
  messages(id: LegacyId): readonly LegacyMessage[] {
    return viewOf(this.#open.get(id)?.letters ?? [])
  }

  /** Reads what is kept of a conversation, and says `changed` in any case: whoever looked before may have seen it without its letters. */
  async load(id: LegacyId): Promise<void> {
    const open = this.#open.get(id)
    if (open === undefined) return
    await this.#inOrder(() => this.#lettersOf(open))
    this.#changed(id)
  }

  /**
   * Starts such a conversation, or finds the one that is there: from now on relays are asked for letters of this person. Only ever by the word of the
   * user, who has been told what that means.
   * @throws {AuthenticationError} `bad-peer-key`; {LimitError} `too-many-conversations`; {UsageError} `no-members` with oneself, `legacy-unable`.
   */
  async start(peer: AuthorKey): Promise<LegacyId> {
    const { signer, clock } = this.#ports
    if (peer === signer.publicKey) throw new UsageError('no-members', 'with whom?')
    await sharedKey(signer, peer)
    const id = legacyIdOf(peer)
    await this.#inOrder(async () => {
      if (this.#open.has(id)) return
      if (this.#open.size >= maxConversations) throw new LimitError('too-many-conversations', 'too many conversations')
      const startedAtSeconds = Math.floor(clock.now() / 1_000)
      const entry: LegacyEntry = {
        id,
        peer,
        startedAtSeconds,
        heardAtSeconds: 0,
        floorSeconds: 0,
        unread: 0,
        last: undefined,
        theirRelays: noRelays,
      }
      await this.#shelf.writeIndex([...this.#entries(), entry])
      this.#begin(entry)
    })
    this.#changed(id)
    return id
  }

  /**
   * Sends a text, which anybody can see has been sent. Resolves once it is kept here; whether a relay has taken it is in its `standing`.
   * @throws {UsageError} `empty-message`, `unknown-conversation`, `legacy-blocked`; {LimitError} `message-size`, `too-many-waiting`.
   */
  async send(id: LegacyId, content: string): Promise<void> {
    const { signer } = this.#ports
    const { peer } = this.#known(id).entry
    if (this.#ports.isBlocked(peer)) throw new UsageError('legacy-blocked', 'this person is blocked')
    const event = await writeLetter(content, peer, await sharedKey(signer, peer), this.#ports)
    await this.#inOrder(async () => {
      const open = this.#known(id)
      const letters = await this.#lettersOf(open)
      if (letters.filter(({ unsent }) => unsent !== undefined).length >= maxWaiting) {
        throw new LimitError('too-many-waiting', 'too many messages wait to be sent')
      }
      const sentAtSeconds = event.created_at
      const unsent = { event, refused: false }
      await this.#keep(open, withLetter(letters, { id: event.id, own: true, content, sentAtSeconds, unsent }))
    })
    this.#changed(id)
    void this.#publish(id, event)
  }

  /** Takes a message away on this device. Relays and the other keep it; one that no relay has taken is not sent any more. */
  async hide(id: LegacyId, message: string): Promise<void> {
    await this.#inOrder(async () => {
      const open = this.#known(id)
      const hidden = (await this.#lettersOf(open)).map((letter): KeptLetter => {
        if (letter.id !== message) return letter
        const { own, sentAtSeconds } = letter
        return { id: letter.id, own, sentAtSeconds, content: '', hidden: true }
      })
      await this.#keep(open, hidden)
    })
    this.#changed(id)
  }

  async markRead(id: LegacyId): Promise<void> {
    const open = this.#open.get(id)
    if (open === undefined || open.entry.unread === 0) return
    open.entry = { ...open.entry, unread: 0 }
    await this.#inOrder(() => this.#shelf.writeIndex(this.#entries()))
    this.#changed(id)
  }

  /** Ends a conversation: everything in it is deleted on this device, and relays are not asked for it any more. */
  async end(id: LegacyId): Promise<void> {
    const open = this.#open.get(id)
    if (open === undefined) return
    open.scope.end()
    this.#open.delete(id)
    await this.#inOrder(async () => {
      // The letters first: an entry without letters is an empty conversation, letters without an entry would stay for ever.
      await this.#shelf.removeLetters(id)
      await this.#shelf.writeIndex(this.#entries())
    })
    this.#changed(undefined)
  }

  #begin(entry: LegacyEntry): void {
    const { relays, signer } = this.#ports
    const { id, peer } = entry
    const scope = this.#ports.scope.child()
    const open: Open = { entry, scope, letters: undefined }
    this.#open.set(id, open)
    new Watch(
      {
        relays,
        scope,
        self: signer.publicKey,
        peer,
        since: () =>
          Math.max(open.entry.startedAtSeconds - lookBackSeconds, open.entry.heardAtSeconds - overlapSeconds),
        heard: (event) => {
          if (this.#queue.length >= maxQueue) return
          this.#queue.push({ id, event })
          if (!this.#isDraining) void this.#drain()
        },
        learned: (theirRelays) => {
          open.entry = { ...open.entry, theirRelays }
          this.#inOrder(() => this.#shelf.writeIndex(this.#entries())).catch(() => undefined)
          this.#changed(id)
        },
      },
      entry.theirRelays,
    )
  }

  /** All that wait, in one write for each conversation: a flood costs no more writes than a letter. */
  async #drain(): Promise<void> {
    this.#isDraining = true
    while (this.#queue.length > 0 && !this.#ports.scope.ended) {
      const batch = this.#queue.splice(0)
      for (const id of new Set(batch.map((each) => each.id))) {
        const events = batch.filter((each) => each.id === id).map(({ event }) => event)
        // What cannot be kept is not shown, and asked for again at the next start.
        await this.#inOrder(() => this.#take(id, events)).catch(() => undefined)
      }
    }
    this.#isDraining = false
  }

  async #take(id: LegacyId, events: readonly NostrEvent[]): Promise<void> {
    const open = this.#open.get(id)
    if (open === undefined || this.#ports.isBlocked(open.entry.peer)) return
    const before = await this.#lettersOf(open)
    let after = before
    for (const event of events) {
      if (event.created_at <= open.entry.floorSeconds) continue
      const letter = await this.#read(event, open.entry.peer)
      if (letter !== undefined) after = withLetter(after, letter)
    }
    const known = new Set(before.map((letter) => letter.id))
    await this.#keep(open, after)
    const fresh = viewOf((open.letters ?? []).filter((letter) => !known.has(letter.id)))
    if (fresh.length === 0) return
    open.entry = { ...open.entry, unread: open.entry.unread + fresh.length }
    await this.#shelf.writeIndex(this.#entries())
    this.#changed(id)
    for (const message of fresh) this.#events.emit('received', id, message)
  }

  /** Undefined for what is no letter of theirs to us. */
  async #read(event: NostrEvent, peer: AuthorKey): Promise<KeptLetter | undefined> {
    const { signer, clock } = this.#ports
    try {
      const key = await sharedKey(signer, peer)
      const nowSeconds = Math.floor(clock.now() / 1_000)
      return { ...(await readLetter(event, peer, signer.publicKey, key, nowSeconds)), own: false }
    } catch (error) {
      if (error instanceof CodecError || error instanceof AuthenticationError) return undefined
      throw error
    }
  }

  /** Keeps these letters of a conversation, within its bounds; resolves when a crash would not lose them. */
  async #keep(open: Open, letters: readonly KeptLetter[]): Promise<void> {
    if (letters === open.letters || this.#open.get(open.entry.id) !== open) return
    const { letters: kept, floorSeconds = open.entry.floorSeconds } = bounded(letters)
    await this.#shelf.writeLetters(open.entry.id, kept)
    open.letters = kept
    const last = kept.findLast(({ hidden }) => !hidden)
    open.entry = {
      ...open.entry,
      floorSeconds: Math.max(open.entry.floorSeconds, floorSeconds),
      heardAtSeconds: kept.findLast(({ own }) => !own)?.sentAtSeconds ?? open.entry.heardAtSeconds,
      last: last && { text: last.content, atMs: last.sentAtSeconds * 1_000, own: last.own },
    }
    await this.#shelf.writeIndex(this.#entries())
  }

  async #publish(id: LegacyId, event: NostrEvent): Promise<void> {
    const { relays, scope } = this.#ports
    const open = this.#open.get(id)
    if (open === undefined) return
    const outcomes = await relays.publish(event, sendTo(open.entry.theirRelays, relays.urls))
    if (scope.ended) return
    // Where it cannot be noted it is published again, which changes nothing.
    await this.#inOrder(() => this.#note(open, event, outcomes)).catch(() => undefined)
    this.#changed(id)
  }

  async #note(open: Open, event: NostrEvent, outcomes: readonly PublishOutcome[]): Promise<void> {
    const isTaken = outcomes.some(({ accepted }) => accepted)
    const refused = outcomes.some(({ accepted, reason }) => !accepted && !silent.has(reason))
    const letters = await this.#lettersOf(open)
    await this.#keep(
      open,
      letters.map((letter) => {
        if (letter.id !== event.id || letter.unsent === undefined) return letter
        const { unsent, ...sent } = letter
        return isTaken ? sent : { ...sent, unsent: { ...unsent, refused } }
      }),
    )
  }

  /** What no relay has taken goes out again, now and then. */
  #retry(): void {
    const { scope, clock } = this.#ports
    for (const [id, open] of this.#open) {
      void this.#inOrder(() => this.#lettersOf(open)).then(
        (letters) => {
          for (const { unsent } of letters) if (unsent !== undefined) void this.#publish(id, unsent.event)
        },
        // Read again the next time.
        () => undefined,
      )
    }
    const forget = scope.onEnd(
      clock.after(retryMs, () => {
        forget()
        this.#retry()
      }),
    )
  }

  async #lettersOf(open: Open): Promise<readonly KeptLetter[]> {
    open.letters ??= await this.#shelf.letters(open.entry.id)
    return open.letters
  }

  #viewOf({ id, peer, unread, last, startedAtSeconds, theirRelays }: LegacyEntry): LegacyConversation {
    const relays = sendTo(theirRelays, this.#ports.relays.urls)
    return { id, peer, unread, last, startedAtMs: startedAtSeconds * 1_000, relays }
  }

  #known(id: LegacyId): Open {
    const open = this.#open.get(id)
    if (open === undefined) throw new UsageError('unknown-conversation', 'there is no such conversation')
    return open
  }

  #entries(): readonly LegacyEntry[] {
    return [...this.#open.values()].map(({ entry }) => entry)
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

  #changed(id: LegacyId | undefined): void {
    this.#events.emit('changed', id)
  }
}

/** What the pool says of relays that have not answered. */
const silent: ReadonlySet<string> = new Set(['timeout', 'closed', 'too many relays', 'busy'])
