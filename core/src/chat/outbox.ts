import type { Undo } from '../lifetime/index.ts'
import { LimitError } from '../errors/index.ts'
import {
  isPublicRelay,
  relayUrlOf,
  sealAndWrap,
  signEvent,
  tagValues,
  type NostrEvent,
  type Rumor,
} from '../nostr/index.ts'
import type { Outgoing, Standing } from './archive.ts'
import { encodeLineFrame } from './line-frames.ts'
import { lineAckMs, maxInboxRelays } from './limits.ts'
import type { ChatLine, MessengerPorts } from './ports.ts'
import type { AuthorKey, DeliveryState } from './view.ts'

/** Where somebody takes their mail (NIP-17). */
export const inboxListKind = 10_050
/** What is still waiting is tried again so often, in ms. */
const retryMs = 30_000
/** A person's list of relays is asked for again after this, in ms, and at once while none is known; no answer counts as none after the second. */
const listLastsMs = 600_000
const listTimeoutMs = 2_500
const daySeconds = 86_400
/** A list that nobody has changed is told again after this. */
const listAgainSeconds = 7 * daySeconds
/** Messages whose way is remembered; of the oldest that relays keep it is not known any more whether they have come. */
const maxOutgoing = 5_000

type Inboxes = Map<AuthorKey, { readonly relays: readonly string[]; readonly atSeconds: number }>

export interface OutboxPorts extends MessengerPorts {
  /** Something of what is to be kept has changed. */
  changed(outgoing: Outgoing, isDone: boolean): void
  /** A device that was looked for has answered. */
  lineOpened(line: ChatLine): void
}

/** Brings messages to people: over a line while both are online, else by the relays where they take their mail. */
export class Outbox {
  readonly #ports: OutboxPorts
  readonly #outgoing = new Map<string, Outgoing>()
  readonly #lines = new Map<AuthorKey, Set<ChatLine>>()
  readonly #seeking = new Map<AuthorKey, Undo>()
  readonly #waiting = new Map<string, Undo>()
  readonly #inboxes: Inboxes
  readonly #asked = new Map<AuthorKey, number>()
  /** Conversations on the screen: their people are looked for whether or not anything waits for them. */
  #wanted: ReadonlySet<AuthorKey> = new Set()

  constructor(ports: OutboxPorts, outgoing: readonly Outgoing[], inboxes: Inboxes) {
    this.#ports = ports
    this.#inboxes = inboxes
    for (const each of outgoing) this.#outgoing.set(each.rumor.id, each)
    ports.scope.onEnd(() => {
      for (const undo of [...this.#waiting.values(), ...this.#seeking.values()]) undo()
    })
  }

  all(): readonly Outgoing[] {
    return [...this.#outgoing.values()]
  }

  inboxes(): Readonly<Record<AuthorKey, { readonly relays: readonly string[]; readonly atSeconds: number }>> {
    return Object.fromEntries(this.#inboxes)
  }

  isOnline(key: AuthorKey): boolean {
    return (this.#lines.get(key)?.size ?? 0) > 0
  }

  /** How far a message that not everybody has has come; undefined for any other. */
  stateOf(id: string): DeliveryState | undefined {
    const outgoing = this.#outgoing.get(id)
    if (outgoing === undefined) return undefined
    const standings = Object.values(outgoing.to)
    if (standings.includes('unreachable')) return { kind: 'waiting', unreachable: true }
    if (standings.includes('waiting')) return { kind: 'waiting', unreachable: false }
    return standings.includes('sent') ? { kind: 'sent' } : { kind: 'delivered' }
  }

  /** Begins with what was left over, and tries again now and then. */
  start(): void {
    this.#retry()
  }

  /** Takes a message that is to be kept before it is sent; see `dispatch`. */
  add(outgoing: Outgoing): void {
    this.#outgoing.set(outgoing.rumor.id, outgoing)
    this.#makeRoom()
  }

  /** The oldest that wait at relays already are given up first; nothing that waits to be sent is. */
  #makeRoom(): void {
    for (const [id, { to }] of this.#outgoing) {
      if (this.#outgoing.size <= maxOutgoing) return
      if (Object.values(to).every((standing) => standing === 'sent' || standing === 'delivered'))
        this.#outgoing.delete(id)
    }
  }

  /** @throws {LimitError} `too-many-waiting` when there is no room for another one. */
  checkRoom(): void {
    const waiting = [...this.#outgoing.values()].filter(({ to }) =>
      Object.values(to).some((standing) => standing === 'waiting' || standing === 'unreachable'),
    )
    if (waiting.length >= maxOutgoing) throw new LimitError('too-many-waiting', 'too many messages wait to be sent')
  }

  /** Sends a message that was added and is kept. */
  dispatch(id: string): void {
    const outgoing = this.#outgoing.get(id)
    if (outgoing === undefined) return
    for (const key of Object.keys(outgoing.to)) this.#send(outgoing, key, true)
    if (this.#ports.hasOtherDevices()) void this.#copyToSelf(outgoing.rumor)
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
    void this.#byRelays(rumor, key)
  }

  /** Looks for these people as long as they are wanted. */
  want(keys: ReadonlySet<AuthorKey>): void {
    this.#wanted = keys
    this.#settleSeeking()
  }

  /** A line is open: what waits for that person goes over it. */
  opened(line: ChatLine): void {
    const lines = this.#lines.get(line.key) ?? new Set()
    this.#lines.set(line.key, lines.add(line))
    for (const outgoing of this.#outgoing.values()) {
      const standing = outgoing.to[line.key]
      if (standing !== undefined && standing !== 'delivered') say(line, encodeLineFrame(frameOf(outgoing)))
    }
  }

  lost(line: ChatLine): void {
    this.#lines.get(line.key)?.delete(line)
  }

  /** That person has it. */
  delivered(id: string, key: AuthorKey): void {
    this.#stands(id, key, 'delivered')
  }

  #retry(): void {
    const { clock, scope } = this.#ports
    for (const outgoing of this.#outgoing.values()) {
      for (const [key, standing] of Object.entries(outgoing.to)) {
        if (standing === 'waiting' || standing === 'unreachable') this.#send(outgoing, key, false)
      }
    }
    const forget = scope.onEnd(
      clock.after(retryMs, () => {
        forget()
        this.#retry()
      }),
    )
  }

  /** A line is preferred: its keys are gone with it. What nobody has acknowledged in time goes by the relays as well. */
  #send(outgoing: Outgoing, key: AuthorKey, isNew: boolean): void {
    const acquaintance = this.#ports.who(key)
    if (isNew) this.sayOnLines([key], encodeLineFrame(frameOf(outgoing)))
    this.#settleSeeking()
    if (acquaintance?.blocked === true) return
    if (acquaintance === undefined || acquaintance.devices > 1 || !isNew) {
      void this.#byRelays(outgoing.rumor, key)
      return
    }
    const name = `${outgoing.rumor.id} ${key}`
    this.#waiting.set(
      name,
      this.#ports.clock.after(lineAckMs, () => {
        this.#waiting.delete(name)
        if (this.#outgoing.get(outgoing.rumor.id)?.to[key] === 'waiting') void this.#byRelays(outgoing.rumor, key)
      }),
    )
  }

  async #byRelays(rumor: Rumor, key: AuthorKey): Promise<void> {
    const { signer, relays, scope } = this.#ports
    const urls = await this.inboxOf(key)
    if (scope.ended) return
    if (urls.length === 0) {
      this.#stands(rumor.id, key, 'unreachable')
      return
    }
    try {
      await relays.publishSome(await sealAndWrap(rumor, signer, key, this.#ports), urls)
      this.#stands(rumor.id, key, 'sent')
    } catch {
      // No relay of theirs takes it now: it waits, and is tried again.
      this.#stands(rumor.id, key, 'waiting')
    }
  }

  /** Other devices of ours read their own mail. */
  async #copyToSelf(rumor: Rumor): Promise<void> {
    const { signer, relays } = this.#ports
    await relays.publishSome(await sealAndWrap(rumor, signer, signer.publicKey, this.#ports)).catch(() => undefined)
  }

  #stands(id: string, key: AuthorKey, standing: Standing): void {
    const outgoing = this.#outgoing.get(id)
    const before = outgoing?.to[key]
    if (outgoing === undefined || before === undefined || before === standing || before === 'delivered') return
    if (before === 'sent' && standing !== 'delivered') return
    const next: Outgoing = { ...outgoing, to: { ...outgoing.to, [key]: standing } }
    const isDone = Object.values(next.to).every((each) => each === 'delivered')
    if (isDone) this.#outgoing.delete(id)
    else this.#outgoing.set(id, next)
    this.#waiting.get(`${id} ${key}`)?.()
    this.#waiting.delete(`${id} ${key}`)
    this.#settleSeeking()
    this.#ports.changed(next, isDone)
  }

  #settleSeeking(): void {
    const wanted = new Set(this.#wanted)
    for (const { to } of this.#outgoing.values()) {
      for (const [key, standing] of Object.entries(to))
        if (standing === 'waiting' || standing === 'unreachable') wanted.add(key)
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

  /** The relays where somebody takes their mail; none if they have told none: then nothing is published. */
  async inboxOf(key: AuthorKey): Promise<readonly string[]> {
    const nowMs = this.#ports.clock.now()
    if (!this.#inboxes.has(key) || nowMs - (this.#asked.get(key) ?? -listLastsMs) >= listLastsMs) {
      this.#asked.set(key, nowMs)
      await this.#askForInbox(key)
    }
    return this.#inboxes.get(key)?.relays ?? []
  }

  async #askForInbox(key: AuthorKey): Promise<void> {
    const { relays, clock } = this.#ports
    await new Promise<void>((resolve) => {
      const left = new Set(relays.urls)
      const over = (): void => {
        cancel()
        stop()
        resolve()
      }
      const cancel = clock.after(listTimeoutMs, over)
      const stop = relays.subscribe([{ kinds: [inboxListKind], authors: [key], limit: 1 }], {
        event: (event) => {
          // A relay may tell of others than we have asked for.
          if (event.pubkey === key) this.#learnInbox(event)
        },
        stored: (url) => {
          left.delete(url)
          if (left.size === 0) over()
        },
      })
    })
  }

  #learnInbox(event: NostrEvent): void {
    const known = this.#inboxes.get(event.pubkey)
    if (event.kind !== inboxListKind || (known !== undefined && known.atSeconds >= event.created_at)) return
    const own = this.#ports.relays.urls
    const urls = tagValues(event, 'relay')
      .flatMap((url) => relayUrlOf(url) ?? [])
      // One inside somebody's network means nothing here, or something else; unless it is our own as well.
      .filter((url) => own.includes(url) || isPublicRelay(url))
    this.#inboxes.set(event.pubkey, {
      relays: [...new Set(urls)].slice(0, maxInboxRelays),
      atSeconds: event.created_at,
    })
  }
}

/** What others were last told of where we take our mail. */
export interface ToldInbox {
  readonly relays: readonly string[]
  readonly atSeconds: number
}

/** The relays that others are to write to: public ones, and only without any of those the ones of our own machine or network. */
export function inboxRelays(urls: readonly string[]): readonly string[] {
  const open = urls.filter(isPublicRelay)
  return (open.length > 0 ? open : urls).slice(0, maxInboxRelays)
}

/**
 * Tells others where we take our mail, if that has changed or was long ago: the list is public, and a new one at each start would tell everybody when
 * we were here. Resolves with what they know now.
 */
export async function publishInboxList(
  { relays, signer, clock }: MessengerPorts,
  told: ToldInbox | undefined,
): Promise<ToldInbox | undefined> {
  const urls = inboxRelays(relays.urls)
  const nowSeconds = Math.floor(clock.now() / 1_000)
  const isSame = told?.relays.join() === urls.join()
  if (urls.length === 0 || (isSame && nowSeconds - told.atSeconds < listAgainSeconds)) return told
  // The day is enough, but a later list must be the later one.
  const day = nowSeconds - (nowSeconds % daySeconds)
  const atSeconds = Math.max(day, (told?.atSeconds ?? 0) + 1)
  const tags = urls.map((url) => ['relay', url])
  const outcomes = await relays.publish(
    await signEvent({ kind: inboxListKind, created_at: atSeconds, tags, content: '' }, signer),
  )
  return outcomes.some(({ accepted }) => accepted) ? { relays: urls, atSeconds } : told
}

/** One that does not fit, or a line that is over, must not keep the others from being said. */
function say(line: ChatLine, frame: Uint8Array): void {
  try {
    line.send(frame)
  } catch (error) {
    if (!(error instanceof LimitError)) throw error
  }
}

function frameOf({ rumor }: Outgoing): { readonly kind: 'rumor'; readonly rumor: Rumor } {
  return { kind: 'rumor', rumor }
}
