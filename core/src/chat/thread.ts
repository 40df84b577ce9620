import type { FileNote, FileView } from './files/index.ts'
import { maxClockLead, maxEarly, maxReactions } from './limits.ts'
import { isMessage, wordsOfMessage, type Deed } from './rumors.ts'
import type { AuthorKey, DeliveryState, MessageView, ReactionView } from './view.ts'

/** A message as all deeds that are known make it, but for how far it has come. */
interface Message {
  readonly deed: Deed
  readonly order: Order
  edit: Deed | undefined
  removed: boolean
  /** The latest reaction of each. */
  readonly reactions: Map<AuthorKey, Deed>
}

interface Order {
  readonly clock: number
  readonly atSeconds: number
  readonly id: string
}

/**
 * One conversation: what everybody's deeds come to. Pure but for its own memory, and the same whatever order they come in, however often: a message
 * has one place by its author's Lamport clock; of two edits, or two reactions of one person, the later one by clock counts; what is removed stays
 * removed; only the author edits, and only the author removes.
 */
export class Thread {
  readonly #messages = new Map<string, Message>()
  /** About messages that have not come yet, or were not loaded. */
  readonly #early = new Map<string, Deed[]>()
  #sorted: Message[] | undefined
  #earlyCount = 0
  #clock = 0

  /** The next value of our Lamport clock here. */
  get nextClock(): number {
    return this.#clock + 1
  }

  get size(): number {
    return this.#messages.size
  }

  has(id: string): boolean {
    return this.#messages.has(id)
  }

  deed(id: string): Deed | undefined {
    return this.#messages.get(id)?.deed
  }

  /** True for a message that its author has removed, also if it has not come yet. */
  isRemoved(id: string, from: AuthorKey): boolean {
    const message = this.#messages.get(id)
    if (message !== undefined) return message.removed
    return this.#early.get(id)?.some((deed) => deed.act.kind === 'removal' && deed.from === from) ?? false
  }

  /** Where a deed that has just come stands: by its author's clock, behind everything if it has none. */
  placeOf(deed: Deed): number {
    return deed.clock === undefined ? this.#clock + 1 : Math.min(deed.clock, this.#clock + maxClockLead)
  }

  /** Takes one deed, of this conversation; `place` as it was when it came. */
  add(deed: Deed, place = this.placeOf(deed)): void {
    const { act } = deed
    const clock = place
    this.#clock = Math.max(this.#clock, clock)
    switch (act.kind) {
      case 'text':
      case 'file':
        this.#addMessage(deed, clock)
        return
      case 'edit':
      case 'removal':
      case 'reaction':
        this.#about(act.target, deed)
        return
      case 'settings':
      case 'receipt':
        return
    }
  }

  /** Forgets a message for good: its time is over. */
  drop(id: string): void {
    if (this.#messages.delete(id)) this.#sorted = undefined
  }

  /** The messages from `start` on, oldest first; negative counts from the end. */
  slice(
    start: number,
    end: number | undefined,
    self: AuthorKey,
    deliveryOf: (id: string) => DeliveryState,
  ): MessageView[] {
    return this.#inOrder()
      .slice(start, end)
      .map((message) => viewOf(message, self, deliveryOf))
  }

  view(id: string, self: AuthorKey, deliveryOf: (id: string) => DeliveryState): MessageView | undefined {
    const message = this.#messages.get(id)
    return message && viewOf(message, self, deliveryOf)
  }

  #addMessage(deed: Deed, clock: number): void {
    if (this.#messages.has(deed.id)) return
    const order = { clock, atSeconds: deed.sentAtSeconds, id: deed.id }
    const message: Message = { deed, order, edit: undefined, removed: false, reactions: new Map() }
    this.#messages.set(deed.id, message)
    this.#sorted = undefined
    const early = this.#early.get(deed.id) ?? []
    for (const each of early) apply(message, each)
    this.#earlyCount -= early.length
    this.#early.delete(deed.id)
  }

  #about(target: string, deed: Deed): void {
    const message = this.#messages.get(target)
    if (message !== undefined) apply(message, deed)
    else if (this.#earlyCount < maxEarly) {
      this.#earlyCount += 1
      this.#early.set(target, [...(this.#early.get(target) ?? []), deed])
    }
  }

  #inOrder(): Message[] {
    this.#sorted ??= [...this.#messages.values()].sort(byOrder)
    return this.#sorted
  }
}

function byOrder({ order: a }: Message, { order: b }: Message): number {
  return a.clock - b.clock || a.atSeconds - b.atSeconds || (a.id < b.id ? -1 : 1)
}

function apply(message: Message, deed: Deed): void {
  const { act, from } = deed
  switch (act.kind) {
    case 'edit':
      if (from === message.deed.from && isLater(deed, message.edit)) message.edit = deed
      return
    case 'removal':
      if (from === message.deed.from) message.removed = true
      return
    case 'reaction':
      if (isLater(deed, message.reactions.get(from))) message.reactions.set(from, deed)
      return
    default:
      return
  }
}

function isLater(deed: Deed, than: Deed | undefined): boolean {
  if (than === undefined) return true
  const [a, b] = [deed.clock ?? 0, than.clock ?? 0]
  if (a !== b) return a > b
  if (deed.sentAtSeconds !== than.sentAtSeconds) return deed.sentAtSeconds > than.sentAtSeconds
  return deed.id > than.id
}

function viewOf(message: Message, self: AuthorKey, deliveryOf: (id: string) => DeliveryState): MessageView {
  const { deed, edit, removed, reactions } = message
  const { act, id, from, sentAtSeconds, expiresAtSeconds } = deed
  // The name of a file is what it is.
  const words = act.kind === 'text' && edit?.act.kind === 'edit' ? edit.act.content : undefined
  const latest = words ?? (isMessage(act) ? wordsOfMessage(act) : '')
  const own = from === self
  return {
    id,
    from,
    own,
    content: removed ? '' : latest,
    sentAtMs: sentAtSeconds * 1_000,
    file: act.kind === 'file' && !removed ? viewOfFile(act.file) : undefined,
    edited: words !== undefined && !removed,
    deleted: removed,
    replyTo: isMessage(act) ? act.replyTo : undefined,
    reactions: removed ? [] : reactionsOf(reactions, self),
    delivery: own ? deliveryOf(id) : { kind: 'received' },
    expiresAtMs: expiresAtSeconds === undefined ? undefined : expiresAtSeconds * 1_000,
  }
}

function viewOfFile({ name, type, bytes, width, height }: FileNote): FileView {
  return { name, type, bytes, width, height }
}

function reactionsOf(reactions: ReadonlyMap<AuthorKey, Deed>, self: AuthorKey): ReactionView[] {
  const byEmoji = new Map<string, AuthorKey[]>()
  for (const [from, { act }] of [...reactions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (act.kind !== 'reaction' || act.emoji === '') continue
    if (!byEmoji.has(act.emoji) && byEmoji.size >= maxReactions) continue
    byEmoji.set(act.emoji, [...(byEmoji.get(act.emoji) ?? []), from])
  }
  return [...byEmoji].map(([emoji, from]) => ({ emoji, from, own: from.includes(self) }))
}
