import type { Undo } from '../lifetime/index.ts'
import { LimitError } from '../errors/index.ts'
import { sealAndWrap, type NostrEvent, type Rumor } from '../nostr/index.ts'
import type { Brought, Index, Outgoing, Standing } from './archive.ts'
import { InboxLists } from './inbox-lists.ts'
import { encodeLineFrame, type LineFrame } from './line-frames.ts'
import { lineAckMs, maxBroughtAtOnce, maxListsOfLine, maxRepeated, pauseMs } from './limits.ts'
import {
  afterBringing,
  afterStanding,
  broughtTo,
  deliveryOf,
  isCopyDone,
  isLeft,
  isOver,
  isToBeRepeated,
  standingsOfOthers,
} from './outgoing.ts'
import type { ChatLine, MessengerPorts } from './ports.ts'
import type { AuthorKey, DeliveryState } from './view.ts'

/** What is still waiting is tried again so often, in ms. */
const retryMs = 30_000
/** Messages whose way is remembered; of the oldest that relays keep it is not known any more whether they have come. */
const maxOutgoing = 5_000

export interface OutboxPorts extends MessengerPorts {
  /** Something of what is to be kept has changed. `isDelivered`: just now everybody has it. */
  changed(outgoing: Outgoing, isDelivered: boolean): void
  /** Something else of what is to be kept has changed. */
  listsChanged(): void
  /** A device that was looked for has answered. */
  lineOpened(line: ChatLine): void
}

/** Relays of somebody that have not taken a letter are left alone until then. */
interface Pause {
  readonly failures: number
  readonly untilMs: number
}

/**
 * Brings messages to people: over a line while both are online, else by the relays where they take their mail. By all of them: one that says it took a
 * letter may be lying, or lose it.
 */
export class Outbox {
  readonly #ports: OutboxPorts
  readonly #outgoing = new Map<string, Outgoing>()
  readonly #lines = new Map<AuthorKey, Set<ChatLine>>()
  readonly #seeking = new Map<AuthorKey, Undo>()
  readonly #waiting = new Map<string, Undo>()
  readonly #lists: InboxLists
  readonly #listsHeard = new WeakMap<ChatLine, number>()
  readonly #listsSaid = new WeakMap<ChatLine, number>()
  /** Letters that are under way to relays, and those that pause, by rumor and recipient. */
  readonly #underWay = new Set<string>()
  readonly #pauses = new Map<string, Pause>()
  readonly #startedAtMs: number
  /** Conversations on the screen: their people are looked for whether or not anything waits for them. */
  #wanted: ReadonlySet<AuthorKey> = new Set()

  constructor(ports: OutboxPorts, { outbox, inboxes, told }: Pick<Index, 'outbox' | 'inboxes' | 'told'>) {
    this.#ports = ports
    this.#startedAtMs = ports.clock.now()
    const changed = (): void => {
      ports.listsChanged()
    }
    this.#lists = new InboxLists({ ...ports, changed }, inboxes, told)
    for (const each of outbox) this.#outgoing.set(each.rumor.id, each)
    ports.scope.onEnd(() => {
      for (const undo of [...this.#waiting.values(), ...this.#seeking.values()]) undo()
    })
  }

  all(): readonly Outgoing[] {
    return [...this.#outgoing.values()]
  }

  inboxes(): Index['inboxes'] {
    return this.#lists.kept
  }

  get told(): Index['told'] {
    return this.#lists.told
  }

  /** The relays where somebody takes their mail; none if they have told none: then nothing is published. */
  inboxOf(key: AuthorKey): Promise<readonly string[]> {
    return this.#lists.of(key)
  }

  isOnline(key: AuthorKey): boolean {
    return (this.#lines.get(key)?.size ?? 0) > 0
  }

  /** How far a message that not everybody has has come; undefined for any other. */
  stateOf(id: string): DeliveryState | undefined {
    const outgoing = this.#outgoing.get(id)
    return outgoing && deliveryOf(outgoing, this.#self)
  }

  /** Begins with what was left over, and tries again now and then. */
  start(): void {
    const { relays, scope } = this.#ports
    const stop = relays.onUrls?.((before) => {
      this.#moved(before)
    })
    if (stop !== undefined) scope.onEnd(stop)
    this.#retry()
  }

  /** Relays and contacts that are online learn at once where we take our mail now. */
  #moved(before: readonly string[]): void {
    void this.#lists.moved(before).catch(() => undefined)
    for (const [key, lines] of this.#lines) if (this.#isContact(key)) for (const line of lines) this.#sayInbox(line)
  }

  /** Takes a message that is to be kept before it is sent; see `dispatch`. Other devices of ours are to get it as well. */
  add(outgoing: Outgoing): void {
    const { to, rumor } = outgoing
    const all: Outgoing['to'] = this.#ports.hasOtherDevices() ? { ...to, [this.#self]: 'waiting' } : to
    this.#outgoing.set(rumor.id, { ...outgoing, to: all })
    this.#makeRoom()
  }

  /** The oldest that wait at relays already are given up first; nothing that waits to be sent is. */
  #makeRoom(): void {
    for (const [id, outgoing] of this.#outgoing) {
      if (this.#outgoing.size <= maxOutgoing) return
      if (!this.#isWaiting(outgoing)) this.#outgoing.delete(id)
    }
  }

  /** @throws {LimitError} `too-many-waiting` when there is no room for another one. */
  checkRoom(): void {
    const waiting = [...this.#outgoing.values()].filter((outgoing) => this.#isWaiting(outgoing))
    if (waiting.length >= maxOutgoing) throw new LimitError('too-many-waiting', 'too many messages wait to be sent')
  }

  /** Sends a message that was added and is kept. */
  dispatch(id: string): void {
    const outgoing = this.#outgoing.get(id)
    if (outgoing === undefined) return
    for (const key of Object.keys(outgoing.to)) this.#send(outgoing, key, true)
  }

  /** It is on a page now. */
  kept(id: string): void {
    const outgoing = this.#outgoing.get(id)
    if (outgoing !== undefined) this.#outgoing.set(id, { ...outgoing, kept: true })
  }

  /** Sends no more of these: their author has removed them, or their time is over. */
  drop(ids: readonly string[]): void {
    for (const id of ids) this.#outgoing.delete(id)
    this.#settleSeeking()
  }

  /** Forgets what belongs to a conversation that was deleted. */
  forget(conversation: Outgoing['conversation']): void {
    for (const [id, outgoing] of this.#outgoing) if (outgoing.conversation === conversation) this.#outgoing.delete(id)
    this.#settleSeeking()
  }

  /** Says something that is not kept, by the lines that are open. */
  sayOnLines(keys: readonly AuthorKey[], frame: Uint8Array): void {
    for (const key of keys) for (const line of this.#lines.get(key) ?? []) say(line, frame)
  }

  /** Sends something by the relays that is not kept and not tried again. */
  sendOnce(rumor: Rumor, key: AuthorKey): void {
    // What is lost of these is not missed.
    void this.#once(rumor, key).catch(() => undefined)
  }

  /** Looks for these people as long as they are wanted. */
  want(keys: ReadonlySet<AuthorKey>): void {
    this.#wanted = keys
    this.#settleSeeking()
  }

  /** A line is open: what waits for that person goes over it, and a contact learns where we take our mail. */
  opened(line: ChatLine): void {
    const lines = this.#lines.get(line.key) ?? new Set()
    this.#lines.set(line.key, lines.add(line))
    if (this.#isContact(line.key)) this.#sayInbox(line)
    for (const outgoing of this.#outgoing.values()) {
      const standing = outgoing.to[line.key]
      if (standing !== undefined && standing !== 'delivered') say(line, encodeLineFrame(frameOf(outgoing)))
    }
  }

  /** A contact says where they take their mail. False if that may not be said on this line. */
  heardInbox(line: ChatLine, list: NostrEvent): boolean {
    const count = (this.#listsHeard.get(line) ?? 0) + 1
    this.#listsHeard.set(line, count)
    if (count > maxListsOfLine) return false
    return !this.#isContact(line.key) || this.#lists.heard(list, line.key)
  }

  lost(line: ChatLine): void {
    this.#lines.get(line.key)?.delete(line)
  }

  /** That person has it. */
  delivered(id: string, key: AuthorKey): void {
    this.#stands(id, key, 'delivered')
  }

  get #self(): AuthorKey {
    return this.#ports.signer.publicKey
  }

  #isContact(key: AuthorKey): boolean {
    return this.#ports.who(key)?.blocked === false
  }

  #isWaiting(outgoing: Outgoing): boolean {
    return standingsOfOthers(outgoing, this.#self).some(isUnsent)
  }

  #retry(): void {
    const { clock, scope } = this.#ports
    void this.#lists.tellOwn().catch(() => undefined)
    for (const outgoing of this.#outgoing.values()) {
      if (isCopyDone(outgoing, this.#self, clock.now())) this.#stands(outgoing.rumor.id, this.#self, 'delivered')
    }
    for (const outgoing of this.#outgoing.values()) {
      for (const [key, standing] of Object.entries(outgoing.to)) {
        if (isUnsent(standing)) this.#send(outgoing, key, false)
      }
    }
    this.#goOn()
    const forget = scope.onEnd(
      clock.after(retryMs, () => {
        forget()
        this.#retry()
      }),
    )
  }

  /** A line is preferred: its keys are gone with it. What nobody has acknowledged in time goes by the relays as well. */
  #send(outgoing: Outgoing, key: AuthorKey, isNew: boolean): void {
    if (key === this.#self && !this.#ports.hasOtherDevices()) {
      this.#stands(outgoing.rumor.id, key, 'delivered')
      return
    }
    const acquaintance = this.#ports.who(key)
    if (isNew) this.sayOnLines([key], encodeLineFrame(frameOf(outgoing)))
    this.#settleSeeking()
    if (acquaintance?.blocked === true) return
    if (acquaintance === undefined || acquaintance.devices > 1 || !isNew) {
      void this.#byRelays(outgoing.rumor, key, false)
      return
    }
    const name = nameOf(outgoing.rumor, key)
    this.#waiting.set(
      name,
      this.#ports.clock.after(lineAckMs, () => {
        this.#waiting.delete(name)
        if (this.#outgoing.get(outgoing.rumor.id)?.to[key] === 'waiting')
          void this.#byRelays(outgoing.rumor, key, false)
      }),
    )
  }

  /** Brings further what some of their relays have not taken, and again what may be lost there; the latest first. */
  #goOn(): void {
    const nowMs = this.#ports.clock.now()
    for (const name of this.#pauses.keys()) if (!this.#outgoing.has(name.slice(0, 64))) this.#pauses.delete(name)
    let repeated = 0
    let brought = 0
    for (const outgoing of [...this.#outgoing.values()].reverse()) {
      for (const key of Object.keys(outgoing.to)) {
        if (brought >= maxBroughtAtOnce) return
        if (outgoing.to[key] !== 'sent' || this.#ports.who(key)?.blocked === true) continue
        repeated += 1
        const isAgain =
          repeated <= maxRepeated && this.#isContact(key) && isToBeRepeated(outgoing, key, this.#startedAtMs, nowMs)
        if (!isAgain && !isLeft(outgoing, key, nowMs)) continue
        if ((this.#pauses.get(nameOf(outgoing.rumor, key))?.untilMs ?? 0) > nowMs) continue
        brought += 1
        void this.#byRelays(outgoing.rumor, key, isAgain)
      }
    }
  }

  /** `isToAll`: also to relays that have said that they took it. */
  async #byRelays(rumor: Rumor, key: AuthorKey, isToAll: boolean): Promise<void> {
    const name = nameOf(rumor, key)
    if (this.#underWay.has(name)) return
    this.#underWay.add(name)
    try {
      const urls = await this.#relaysFor(rumor, key, isToAll)
      if (!this.#ports.scope.ended) await this.#bring(rumor, key, urls, isToAll)
    } catch {
      // It cannot be sealed for them now: it waits, and is tried again.
      this.#stands(rumor.id, key, 'waiting')
    } finally {
      this.#underWay.delete(name)
    }
  }

  /** Relays that are to get it now: all of theirs until one has taken it, then those that have not. */
  async #relaysFor({ id }: Rumor, key: AuthorKey, isToAll: boolean): Promise<readonly string[]> {
    const urls = key === this.#self ? this.#ports.relays.urls : await this.#lists.of(key)
    const outgoing = this.#outgoing.get(id)
    if (isToAll || outgoing?.to[key] !== 'sent') return urls
    const { left } = broughtTo(outgoing, key)
    return urls.filter((url) => left.includes(url))
  }

  async #bring(rumor: Rumor, key: AuthorKey, urls: readonly string[], isToAll: boolean): Promise<void> {
    const { signer, relays, clock } = this.#ports
    const before = this.#outgoing.get(rumor.id)
    if (before === undefined) return
    const nowSeconds = Math.floor(clock.now() / 1_000)
    const isFirst = before.to[key] !== 'sent'
    const atSeconds = isFirst || isToAll ? nowSeconds : broughtTo(before, key).atSeconds
    const left = new Set(urls)
    if (urls.length === 0) this.#stands(rumor.id, key, 'unreachable')
    else {
      const wrap = await sealAndWrap(rumor, signer, key, this.#ports)
      const bring = async (url: string): Promise<void> => {
        const [outcome] = await relays.publish(wrap, [url])
        if (outcome?.accepted !== true) return
        left.delete(url)
        this.#stands(rumor.id, key, 'sent', { left: [...left], atSeconds })
      }
      await Promise.all(urls.map(bring))
      if (left.size === urls.length) this.#stands(rumor.id, key, 'waiting')
    }
    if (this.#outgoing.get(rumor.id)?.to[key] !== 'sent') return
    this.#pause(nameOf(rumor, key), left.size > 0)
    // Relays that they do not name any more are left out from now on.
    this.#isBrought(rumor.id, key, { left: [...left], atSeconds })
  }

  #pause(name: string, isFailed: boolean): void {
    if (!isFailed) {
      this.#pauses.delete(name)
      return
    }
    const failures = (this.#pauses.get(name)?.failures ?? 0) + 1
    const lastsMs = Math.min(pauseMs.first * 2 ** (failures - 1), pauseMs.longest)
    this.#pauses.set(name, { failures, untilMs: this.#ports.clock.now() + lastsMs })
  }

  async #once(rumor: Rumor, key: AuthorKey): Promise<void> {
    const { signer, relays, scope } = this.#ports
    const urls = await this.#lists.of(key)
    if (scope.ended || urls.length === 0) return
    await relays.publishSome(await sealAndWrap(rumor, signer, key, this.#ports), urls)
  }

  #sayInbox(line: ChatLine): void {
    const count = (this.#listsSaid.get(line) ?? 0) + 1
    if (count > maxListsOfLine) return
    this.#listsSaid.set(line, count)
    this.#lists.forOthers().then(
      (list) => {
        if (list !== undefined && !this.#ports.scope.ended) say(line, encodeLineFrame({ kind: 'inbox', list }))
      },
      // What could not be signed is said on the next line.
      () => undefined,
    )
  }

  #stands(id: string, key: AuthorKey, standing: Standing, brought?: Brought): void {
    const outgoing = this.#outgoing.get(id)
    const after = outgoing && afterStanding(outgoing, key, standing)
    if (outgoing === undefined || after === undefined) return
    const next = (brought && afterBringing(after, key, brought)) ?? after
    if (isOver(next)) this.#outgoing.delete(id)
    else this.#outgoing.set(id, next)
    this.#waiting.get(`${id} ${key}`)?.()
    this.#waiting.delete(`${id} ${key}`)
    this.#settleSeeking()
    const isDelivered = deliveryOf(next, this.#self).kind === 'delivered'
    this.#ports.changed(next, isDelivered && deliveryOf(outgoing, this.#self).kind !== 'delivered')
  }

  #isBrought(id: string, key: AuthorKey, brought: Brought): void {
    const outgoing = this.#outgoing.get(id)
    const next = outgoing && afterBringing(outgoing, key, brought)
    if (outgoing === undefined || next === undefined) return
    // Our other devices say nothing to their own letters: that all relays have them is all that there is to know.
    if (key === this.#self && brought.left.length === 0) {
      this.#stands(id, key, 'delivered')
      return
    }
    if (isSameBrought(broughtTo(outgoing, key), brought)) return
    this.#outgoing.set(id, next)
    this.#ports.changed(next, false)
  }

  #settleSeeking(): void {
    const wanted = new Set(this.#wanted)
    for (const { to } of this.#outgoing.values()) {
      for (const [key, standing] of Object.entries(to)) if (isUnsent(standing) && key !== this.#self) wanted.add(key)
    }
    for (const [key, stop] of this.#seeking) {
      if (wanted.has(key)) continue
      stop()
      this.#seeking.delete(key)
    }
    for (const key of wanted) {
      const acquaintance = this.#ports.who(key)
      if (this.#seeking.has(key) || acquaintance === undefined || acquaintance.blocked) continue
      this.#seeking.set(
        key,
        this.#ports.seek(key, (line) => {
          this.#ports.lineOpened(line)
        }),
      )
    }
  }
}

/** One that does not fit, or a line that is over, must not keep the others from being said. */
function say(line: ChatLine, frame: Uint8Array): void {
  try {
    line.send(frame)
  } catch (error) {
    if (!(error instanceof LimitError)) throw error
  }
}

function frameOf({ rumor }: Outgoing): LineFrame {
  return { kind: 'rumor', rumor }
}

function isUnsent(standing: Standing): boolean {
  return standing === 'waiting' || standing === 'unreachable'
}

function isSameBrought(one: Brought, other: Brought): boolean {
  return one.atSeconds === other.atSeconds && one.left.join() === other.left.join()
}

function nameOf({ id }: Rumor, key: AuthorKey): string {
  return `${id} ${key}`
}
