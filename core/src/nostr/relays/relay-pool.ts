import { TransportError } from '../../errors/index.ts'
import { Emitter, type Scope, type Undo } from '../../lifetime/index.ts'
import type { Clock, Random, TextSockets } from '../../runtime/index.ts'
import type { NostrEvent } from '../event.ts'
import { SeenIds } from '../seen-ids.ts'
import type { Filter } from './messages.ts'
import { RelayConnection, type RelayState } from './relay-connection.ts'
import type { NostrSigner } from '../signer.ts'

/** A relay that has not answered by then has not taken an event, in ms. */
const publishTimeoutMs = 5_000
/** Ids remembered for each subscription: what several relays deliver is delivered once. */
const maxSeenIds = 20_000
/** Relays that are used for one thing at once; further ones are left out. */
export const maxRelays = 16
/** Connections held at once to relays that only single publications and subscriptions name. They take no place of those of `urls`. */
const maxOtherRelays = 32

export interface RelayPoolOptions {
  readonly urls: readonly string[]
  readonly sockets: TextSockets
  readonly clock: Clock
  readonly random: Random
  /** Its end closes the pool. */
  readonly scope: Scope
  /** Answers relays of `urls` that ask who reads (NIP-42); without one they are left unanswered. */
  readonly signer?: NostrSigner
  /** Instead of 32: relays other than `urls` that are connected to at once. */
  readonly maxOthers?: number
  /** `urls` are connected to only while something is asked of them, or sent to them. */
  readonly onlyWhenUsed?: boolean
}

export interface PublishOutcome {
  readonly url: string
  readonly accepted: boolean
  readonly reason: string
}

export interface RelayHealth {
  readonly url: string
  readonly state: RelayState
  /** Losses since the last connection that was good. */
  readonly failures: number
  /** When it last said anything, Unix milliseconds. */
  readonly lastHeardMs: number | undefined
}

/** What several relays deliver is delivered once; see `RelayPool.subscribe`. */
export interface SubscriptionHandlers {
  /** Genuine, and each once, whichever relays deliver it. */
  event(event: NostrEvent, url: string): void
  /** This relay has told what it had; if `isRefused`, will tell nothing now, and is asked again. */
  stored?(url: string, isRefused?: true): void
}

interface Subscribed {
  readonly name: string
  readonly filters: readonly Filter[]
  readonly handlers: SubscriptionHandlers
  readonly urls: readonly string[] | undefined
  readonly seen: SeenIds
  readonly undoings: Map<string, Undo>
}

/**
 * Several relays as one: what is written goes to all, what is read is merged. One that is dead, slow or lying harms nobody, as long as another
 * one works.
 */
export class RelayPool {
  readonly #options: RelayPoolOptions
  readonly #relays = new Map<string, RelayConnection>()
  readonly #subscriptions = new Set<Subscribed>()
  readonly #events = new Emitter<{ changed: () => void; moved: (before: readonly string[]) => void }>()
  #names = 0
  #closed = false
  /** In use for everything that names no relays. */
  #urls: readonly string[] = []

  constructor(options: RelayPoolOptions) {
    this.#options = options
    options.scope.onEnd(() => {
      this.close()
    })
    this.setUrls(options.urls)
  }

  get urls(): readonly string[] {
    return this.#urls
  }

  /** True while at least one relay is connected. */
  get isReady(): boolean {
    return [...this.#relays.values()].some(({ state }) => state === 'ready')
  }

  /** Uses these relays from now on. */
  setUrls(urls: readonly string[]): void {
    if (this.#closed) return
    const before = this.#urls
    this.#urls = [...new Set(urls)].slice(0, maxRelays)
    this.#settle()
    if (before.join(' ') === this.#urls.join(' ')) return
    // Some that stay connected were others' and are ours now, or the other way round.
    for (const relay of this.#relays.values()) relay.signerChanged()
    this.#events.emit('moved', before)
  }

  /** Called after each change of `urls`, with those before. */
  onUrls(moved: (before: readonly string[]) => void): Undo {
    return this.#events.on('moved', moved)
  }

  health(): readonly RelayHealth[] {
    return [...this.#relays.values()].map(({ url, state, failures, lastHeardMs }) => ({
      url,
      state,
      failures,
      lastHeardMs,
    }))
  }

  /** Called after each change of a relay's state. */
  onHealth(changed: () => void): Undo {
    return this.#events.on('changed', changed)
  }

  /** Sends to all relays; resolves when each has answered or is given up, after five seconds at most. */
  publish(event: NostrEvent, urls?: readonly string[]): Promise<readonly PublishOutcome[]> {
    return Promise.all(this.#publications(event, urls))
  }

  /** Resolves with the first relay that has taken it. @throws {TransportError} `no-relay-took-it` */
  async publishSome(event: NostrEvent, urls?: readonly string[]): Promise<void> {
    const taken = this.#publications(event, urls).map(async (publication) => {
      if (!(await publication).accepted) throw new TransportError('no-relay-took-it', 'refused')
    })
    try {
      await Promise.any(taken)
    } catch {
      throw new TransportError('no-relay-took-it', 'no relay has taken it')
    }
  }

  /** Asks all relays, or those of `urls`, now and after each reconnection, until the undo. */
  subscribe(filters: readonly Filter[], handlers: SubscriptionHandlers, urls?: readonly string[]): Undo {
    if (this.#closed) return () => undefined
    this.#names += 1
    const name = `s${this.#names}`
    const asked = urls?.slice(0, maxRelays)
    const subscribed: Subscribed = {
      name,
      filters,
      handlers,
      urls: asked,
      seen: new SeenIds(maxSeenIds),
      undoings: new Map(),
    }
    this.#subscriptions.add(subscribed)
    this.#settle()
    return () => {
      if (!this.#subscriptions.delete(subscribed)) return
      for (const undo of subscribed.undoings.values()) undo()
      this.#settle()
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#subscriptions.clear()
    for (const relay of this.#relays.values()) relay.close()
    this.#relays.clear()
    this.#events.clear()
  }

  #publications(event: NostrEvent, urls: readonly string[] = this.#urls): Promise<PublishOutcome>[] {
    return [...new Set(urls)].slice(0, maxRelays).map((url) => this.#publishAt(url, event))
  }

  #publishAt(url: string, event: NostrEvent): Promise<PublishOutcome> {
    return new Promise((resolve) => {
      const relay = this.#relayOf(url)
      if (relay === undefined) {
        resolve({ url, accepted: false, reason: this.#closed ? 'closed' : 'too many relays' })
        return
      }
      let forget: Undo = () => undefined
      const done = (accepted: boolean, reason: string): void => {
        cancel()
        forget()
        resolve({ url, accepted, reason })
        if (!this.#wanted().has(url)) this.#settle()
      }
      const cancel = this.#options.clock.after(publishTimeoutMs, () => {
        done(false, 'timeout')
      })
      forget = relay.publish(event, done)
    })
  }

  #relayOf(url: string): RelayConnection | undefined {
    if (this.#closed) return undefined
    const known = this.#relays.get(url)
    if (known !== undefined) return known
    if (!this.#isOwn(url) && this.#othersCount >= (this.#options.maxOthers ?? maxOtherRelays)) return undefined
    const { sockets, clock, random } = this.#options
    const stateChanged = (): void => {
      this.#events.emit('changed')
    }
    // Who we are is for our own relays to know; others get gift wraps from nobody.
    const signer = (): NostrSigner | undefined => (this.#isOwn(url) ? this.#options.signer : undefined)
    const relay = new RelayConnection({ url, sockets, clock, random, signer, stateChanged })
    this.#relays.set(url, relay)
    return relay
  }

  #isOwn(url: string): boolean {
    return this.#urls.includes(url)
  }

  get #othersCount(): number {
    return [...this.#relays.keys()].filter((url) => !this.#isOwn(url)).length
  }

  /** Opens what is wanted and not there, closes what is there and not wanted. */
  #settle(): void {
    if (this.#closed) return
    const wanted = this.#wanted()
    for (const [url, relay] of this.#relays) {
      if (wanted.has(url) || relay.isBusy) continue
      relay.close()
      this.#relays.delete(url)
      this.#events.emit('changed')
    }
    for (const url of wanted) this.#relayOf(url)
    for (const subscribed of this.#subscriptions) this.#attach(subscribed)
  }

  #wanted(): ReadonlySet<string> {
    const always = this.#options.onlyWhenUsed === true ? [] : this.#urls
    return new Set([...always, ...[...this.#subscriptions].flatMap(({ urls }) => urls ?? this.#urls)])
  }

  #attach({ name, filters, handlers, urls, seen, undoings }: Subscribed): void {
    const wanted = new Set(urls ?? this.#urls)
    for (const [url, undo] of undoings) {
      if (wanted.has(url)) continue
      undo()
      undoings.delete(url)
    }
    for (const url of wanted) {
      const relay = undoings.has(url) ? undefined : this.#relays.get(url)
      if (relay === undefined) continue
      const undo = relay.subscribe(name, {
        filters,
        isNew: (id) => !seen.has(id),
        event: (event) => {
          if (seen.add(event.id)) handlers.event(event, url)
        },
        stored: (isRefused) => handlers.stored?.(url, isRefused),
      })
      undoings.set(url, undo)
    }
  }
}
