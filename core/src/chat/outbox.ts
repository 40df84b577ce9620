import type { Undo } from '../lifetime/index.ts'
import { relayUrlOf, sealAndWrap, signEvent, tagValues, type NostrEvent, type Rumor } from '../nostr/index.ts'
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
/** Messages whose way is remembered; the oldest are taken for delivered or sent. */
const maxOutgoing = 5_000

type Inboxes = Map<AuthorKey, { readonly relays: readonly string[]; readonly atSeconds: number }>

export interface OutboxPorts extends MessengerPorts {
  /** Something of what is to be kept has changed. */
  changed(outgoing: Outgoing): void
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

  stateOf(id: string): DeliveryState {
    const outgoing = this.#outgoing.get(id)
    if (outgoing === undefined) return { kind: 'delivered' }
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
    for (const oldest of this.#outgoing.keys()) {
      if (this.#outgoing.size <= maxOutgoing) break
      this.#outgoing.delete(oldest)
    }
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
  }

  /** Says something that is not kept, by the lines that are open. */
  sayOnLines(keys: readonly AuthorKey[], frame: Uint8Array): void {
    for (const key of keys) for (const line of this.#lines.get(key) ?? []) line.send(frame)
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
      if (standing !== undefined && standing !== 'delivered') line.send(encodeLineFrame(frameOf(outgoing)))
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
    const urls = await this.#inboxOf(key)
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
    if (Object.values(next.to).every((each) => each === 'delivered')) this.#outgoing.delete(id)
    else this.#outgoing.set(id, next)
    this.#waiting.get(`${id} ${key}`)?.()
    this.#settleSeeking()
    this.#ports.changed(next)
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
      if (this.#seeking.has(key) || this.#ports.who(key) === undefined) continue
      this.#seeking.set(
        key,
        this.#ports.seek(key, (line) => {
          this.#ports.lineOpened(line)
        }),
      )
    }
  }

  /** The relays where somebody takes their mail; none if they have told none: then nothing is published. */
  async #inboxOf(key: AuthorKey): Promise<readonly string[]> {
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
      let left = relays.urls.length
      const over = (): void => {
        cancel()
        stop()
        resolve()
      }
      const cancel = clock.after(listTimeoutMs, over)
      const stop = relays.subscribe([{ kinds: [inboxListKind], authors: [key], limit: 1 }], {
        event: (event) => {
          this.#learnInbox(event)
        },
        stored: () => {
          left -= 1
          if (left <= 0) over()
        },
      })
    })
  }

  #learnInbox(event: NostrEvent): void {
    const known = this.#inboxes.get(event.pubkey)
    if (event.kind !== inboxListKind || (known !== undefined && known.atSeconds >= event.created_at)) return
    const urls = tagValues(event, 'relay').flatMap((url) => relayUrlOf(url) ?? [])
    this.#inboxes.set(event.pubkey, {
      relays: [...new Set(urls)].slice(0, maxInboxRelays),
      atSeconds: event.created_at,
    })
  }
}

/** Tells others where we take our mail. */
export async function publishInboxList({ relays, signer, clock }: MessengerPorts): Promise<void> {
  const tags = relays.urls.slice(0, maxInboxRelays).map((url) => ['relay', url])
  const createdAt = Math.floor(clock.now() / 1_000)
  await relays.publish(await signEvent({ kind: inboxListKind, created_at: createdAt, tags, content: '' }, signer))
}

function frameOf({ rumor }: Outgoing): { readonly kind: 'rumor'; readonly rumor: Rumor } {
  return { kind: 'rumor', rumor }
}
