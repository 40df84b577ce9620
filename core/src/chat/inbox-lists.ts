import type { Undo } from '../lifetime/index.ts'
import {
  isGenuine,
  isPublicRelay,
  maxRelays,
  relayUrlOf,
  signEvent,
  tagValues,
  type NostrEvent,
} from '../nostr/index.ts'
import type { Inbox, Index, ToldInbox } from './archive.ts'
import { maxInboxes, maxInboxRelays } from './limits.ts'
import { inboxListKind } from './line-frames.ts'
import type { MessengerPorts } from './ports.ts'
import type { AuthorKey } from './view.ts'

/** A person's relays for everything (NIP-65): read, never published. */
const generalListKind = 10_002
/** A person's list of relays is asked for again after this, in ms, at our own relays at once while none is known; no answer counts as none after the second. */
const listLastsMs = 600_000
const listTimeoutMs = 2_500
const daySeconds = 86_400
/** A list that nobody has changed gets a new date after this. */
const listAgainSeconds = 7 * daySeconds

export interface InboxListPorts extends Pick<MessengerPorts, 'relays' | 'signer' | 'clock' | 'scope'> {
  /** Something of `kept` or `told` is new. */
  changed(): void
}

/** Our list, signed: the one for everybody, and the one for relays inside our network. */
interface OwnLists {
  readonly told: ToldInbox
  readonly open: Promise<NostrEvent>
  readonly near: Promise<NostrEvent>
}

/**
 * Where people take their mail (NIP-17, kind 10050), as they have said: at relays, or themselves over a line. People whose relays have nothing in
 * common find each other by the second, and each later list where the first one leads.
 */
export class InboxLists {
  readonly #ports: InboxListPorts
  readonly #known: Map<AuthorKey, Inbox>
  readonly #askedAtMs = new Map<AuthorKey, number>()
  readonly #asking = new Map<AuthorKey, Promise<void>>()
  #told: Index['told']
  #own: OwnLists | undefined
  /** Relays of ours that have our list, as far as we know since the start. */
  readonly #ownHolders = new Set<string>()
  /** Relays that were ours until now, where people may look for our list. */
  readonly #former = new Set<string>()
  #telling = false

  constructor(ports: InboxListPorts, known: Index['inboxes'], told: Index['told']) {
    this.#ports = ports
    this.#known = new Map(Object.entries(known))
    this.#told = told
  }

  get kept(): Index['inboxes'] {
    return Object.fromEntries(this.#known)
  }

  /** What others are told of where we take our mail. */
  get told(): Index['told'] {
    return this.#told
  }

  /** The relays where somebody takes their mail; none if they have told none: then nothing is published. */
  async of(key: AuthorKey): Promise<readonly string[]> {
    const nowMs = this.#ports.clock.now()
    const isAsked = nowMs - (this.#askedAtMs.get(key) ?? -listLastsMs) < listLastsMs
    if (!isAsked || !this.#hasTold(key)) {
      // Relays that are not ours are not asked over and over by somebody whose mail waits.
      const asking = this.#asking.get(key) ?? this.#askAll(key, !isAsked)
      this.#asking.set(key, asking)
      await asking
    }
    return this.#known.get(key)?.relays ?? []
  }

  /** Takes a list as its author has said it over a line. False if it is not theirs: nobody says such a thing by mistake. */
  heard(list: NostrEvent, from: AuthorKey): boolean {
    if (list.kind !== inboxListKind || list.pubkey !== from) return false
    // An older one is not worth the sum.
    if (!this.#isNew(list)) return true
    if (!isGenuine(list)) return false
    this.#learn(list)
    return true
  }

  /**
   * Our list as people elsewhere are told of it: public relays alone. Undefined while there is none and never was. Dated by the day: it is public, and must
   * not tell everybody when we were here.
   */
  async forOthers(): Promise<NostrEvent | undefined> {
    const own = this.#current()
    return own !== undefined && this.#isOpen ? own.open : undefined
  }

  /** True if people elsewhere have been told of a relay, or are to be. */
  get #isOpen(): boolean {
    return this.#told !== undefined && (this.#told.wasOpen === true || this.#told.relays.some(isPublicRelay))
  }

  #current(): OwnLists | undefined {
    const relays = inboxRelays(this.#ports.relays.urls)
    const nowSeconds = Math.floor(this.#ports.clock.now() / 1_000)
    let told = this.#told
    if (relays.length === 0 && told === undefined) return undefined
    if (told?.relays.join() !== relays.join() || nowSeconds - told.atSeconds >= listAgainSeconds) {
      // The day is enough, but a later list must be the later one; each time there may be two.
      const atSeconds = Math.max(nowSeconds - (nowSeconds % daySeconds), (told?.atSeconds ?? 0) + 2)
      told = { relays, atSeconds, wasOpen: this.#isOpen || relays.some(isPublicRelay) }
      this.#told = told
      this.#own = undefined
      this.#ownHolders.clear()
      this.#ports.changed()
    }
    this.#own ??= this.#signed(told)
    return this.#own
  }

  /** Our relays are others now. Each of those that are not ours any more gets our list once more, if it takes it: it is all that some people know of us. */
  async moved(before: readonly string[]): Promise<void> {
    for (const url of before) this.#former.add(url)
    await this.tellOwn()
  }

  /** Brings our list to each relay of ours that has not taken it since the start. */
  async tellOwn(): Promise<void> {
    if (this.#telling) return
    this.#telling = true
    try {
      do {
        const own = this.#current()
        if (own === undefined) return
        await this.#tell(own, [...this.#former])
        // They may have become others meanwhile.
      } while (this.#former.size > 0)
    } finally {
      this.#telling = false
    }
  }

  async #tell({ told, open, near }: OwnLists, former: readonly string[]): Promise<void> {
    this.#former.clear()
    const left = [...new Set([...this.#ports.relays.urls, ...former])].filter((url) => !this.#ownHolders.has(url))
    const bring = async (list: Promise<NostrEvent>, urls: readonly string[]): Promise<void> => {
      if (urls.length === 0) return
      for (const { url, accepted } of await this.#ports.relays.publish(await list, urls)) {
        // Whoever has taken a list that is over by now has not taken the one after it.
        if (accepted && this.#told === told) this.#ownHolders.add(url)
      }
    }
    try {
      if (this.#isOpen) await bring(open, left.filter(isPublicRelay))
      await bring(
        near,
        left.filter((url) => !isPublicRelay(url)),
      )
    } catch (error) {
      for (const url of former) this.#former.add(url)
      throw error
    }
  }

  /** What is inside our network is named inside of it only; the list that does is the later one, for people who are told both. */
  #signed(told: ToldInbox): OwnLists {
    const { relays, atSeconds } = told
    const open = relays.filter(isPublicRelay)
    const forAll = this.#sign({ relays: open, atSeconds })
    const near = open.length === relays.length ? forAll : this.#sign({ relays, atSeconds: atSeconds + 1 })
    for (const list of [forAll, near]) list.catch(() => undefined)
    return { told, open: forAll, near }
  }

  async #sign({ relays, atSeconds }: ToldInbox): Promise<NostrEvent> {
    const tags = relays.map((url) => ['relay', url])
    const list = { kind: inboxListKind, created_at: atSeconds, tags, content: '' }
    try {
      return await signEvent(list, this.#ports.signer)
    } catch (error) {
      // Signed anew the next time.
      this.#own = undefined
      throw error
    }
  }

  async #askAll(key: AuthorKey, isEverywhere: boolean): Promise<void> {
    try {
      if (!isEverywhere) {
        await this.#ask(key, this.#ports.relays.urls)
        return
      }
      this.#askedAtMs.set(key, this.#ports.clock.now())
      const first = this.#placesFor(key)
      await this.#ask(key, first)
      // Where they are at home may have been found just now.
      const further = this.#placesFor(key).filter((url) => !first.includes(url))
      if (!this.#hasTold(key)) await this.#ask(key, further)
    } finally {
      this.#asking.delete(key)
    }
  }

  #hasTold(key: AuthorKey): boolean {
    return (this.#known.get(key)?.atSeconds ?? -1) >= 0
  }

  /** Our own relays, and theirs: who changes their list may say so at their own relays only. */
  #placesFor(key: AuthorKey): readonly string[] {
    const { relays = [], general } = this.#known.get(key) ?? {}
    return [...new Set([...relays, ...(general?.relays ?? []), ...this.#ports.relays.urls])].slice(0, maxRelays)
  }

  async #ask(key: AuthorKey, urls: readonly string[]): Promise<void> {
    const { relays, clock, scope } = this.#ports
    if (urls.length === 0 || scope.ended) return
    await new Promise<void>((resolve) => {
      const left = new Set(urls)
      let stop: Undo = () => undefined
      const over = (): void => {
        cancel()
        forget()
        stop()
        resolve()
      }
      const cancel = clock.after(listTimeoutMs, over)
      const forget = scope.onEnd(over)
      const filters = [inboxListKind, generalListKind].map((kind) => ({ kinds: [kind], authors: [key], limit: 1 }))
      stop = relays.subscribe(
        filters,
        {
          event: (event) => {
            // A relay may tell of others than we have asked for.
            if (event.pubkey === key && this.#isNew(event)) this.#learn(event)
          },
          stored: (url) => {
            left.delete(url)
            if (left.size === 0) over()
          },
        },
        urls,
      )
    })
  }

  #isNew({ kind, pubkey, created_at: atSeconds }: NostrEvent): boolean {
    const known = this.#known.get(pubkey)
    if (kind === inboxListKind) return atSeconds > (known?.atSeconds ?? -1)
    return kind === generalListKind && atSeconds > (known?.general?.atSeconds ?? -1)
  }

  #learn(list: NostrEvent): void {
    const { pubkey, kind, created_at: atSeconds } = list
    const known = this.#known.get(pubkey) ?? { relays: [], atSeconds: -1 }
    if (kind === inboxListKind) {
      this.#known.set(pubkey, { ...known, relays: this.#usable(tagValues(list, 'relay')), atSeconds })
    } else {
      this.#known.set(pubkey, { ...known, general: { relays: this.#usable(tagValues(list, 'r')), atSeconds } })
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= maxInboxes) break
      this.#known.delete(oldest)
    }
    this.#ports.changed()
  }

  /** One inside somebody's network means nothing here, or something else; unless it is our own as well. */
  #usable(named: readonly string[]): readonly string[] {
    const own = this.#ports.relays.urls
    const urls = named.flatMap((url) => relayUrlOf(url) ?? []).filter((url) => own.includes(url) || isPublicRelay(url))
    return [...new Set(urls)].slice(0, maxInboxRelays)
  }
}

/** The relays that others are to write to: public ones, and only without any of those the ones of our own machine or network. */
function inboxRelays(urls: readonly string[]): readonly string[] {
  const open = urls.filter(isPublicRelay)
  return (open.length > 0 ? open : urls).slice(0, maxInboxRelays)
}
