import { CodecError } from '../../errors/index.ts'
import type { Undo } from '../../lifetime/index.ts'
import {
  Allowance,
  fractionOf,
  type Clock,
  type Random,
  type TextSockets,
  type TextSocket,
} from '../../runtime/index.ts'
import { isGenuine, type NostrEvent } from '../event.ts'
import type { NostrSigner } from '../signer.ts'
import { readRelayMessage, type ClientMessage, type Filter, type RelayMessage } from './messages.ts'
import { asksWho, RelayAuth } from './relay-auth.ts'

/** Opening takes no longer, in ms. */
const openTimeoutMs = 8_000
/** First wait after a loss; doubled with each further one. */
const firstRetryMs = 500
const maxRetryMs = 60_000
/** A relay that says nothing for so long is asked something; one that is silent for as long again is lost. */
const silenceMs = 30_000
/** A relay that has ended a subscription, for a reason of its own, is asked again after so long. */
const askAgainMs = 30_000
/** A relay that sends so many things that it must not, in one connection, is left. */
const maxViolations = 20
/** Each event costs a verification, about a millisecond: what a relay may cost at once, and per second from then on. Above it is left. */
const maxEventsAtOnce = 4_000
const maxEventsPerSecond = 250
/** Above this much unsent a relay is too slow to be of use; what is meant for it goes by others. */
const maxBufferedBytes = 8 << 20
/** Events that wait for an answer of this relay. */
const maxPublications = 1_024
/** An event that does not exist: a question that has an answer at once. */
const nothing: Filter = { ids: ['0'.repeat(64)], limit: 1 }
const probeName = 'alive'

export type RelayState = 'connecting' | 'ready' | 'waiting' | 'closed'

export interface RelayConnectionPorts {
  readonly url: string
  readonly sockets: TextSockets
  readonly clock: Clock
  readonly random: Random
  /** Proves who reads, where a relay asks for it (NIP-42); undefined while this one is to learn nothing. Asked each time. */
  signer(): NostrSigner | undefined
  stateChanged(): void
}

/** How one publication fared at this relay. */
export type Taken = (accepted: boolean, reason: string) => void

export interface RelaySubscription {
  readonly filters: readonly Filter[]
  /** Genuine; the same one may come again. */
  event(event: NostrEvent): void
  /** False: already had, no need to verify again. */
  isNew(id: string): boolean
  /** The relay has told what it had, or will not tell: then it is asked again in a while. */
  stored(isRefused?: true): void
}

interface Asked {
  readonly subscription: RelaySubscription
  /** Why the relay is not at it. */
  pause: 'who' | 'later' | undefined
}

interface Publication {
  readonly event: NostrEvent
  readonly takers: Set<Taken>
  /** The relay wants to know first who we are. */
  isHeld: boolean
}

/**
 * One relay: connects at once and again after each loss, keeps subscriptions in force, and believes nothing that it says.
 *
 * `connecting` → `ready` (socket open) → `waiting` (socket lost, or not opened in time) → `connecting` …; `closed` from each, for good.
 */
export class RelayConnection {
  readonly #ports: RelayConnectionPorts
  readonly #subscriptions = new Map<string, Asked>()
  /** By event id. */
  readonly #publications = new Map<string, Publication>()
  readonly #allowance: Allowance
  #socket: TextSocket | undefined
  #auth: RelayAuth | undefined
  #state: RelayState = 'connecting'
  #failures = 0
  #violations = 0
  /** Of opening, of silence, or of the wait for the next attempt: one at a time. */
  #cancelTimer: Undo = () => undefined
  #cancelAsking: Undo | undefined
  #hasHeard = false
  lastHeardMs: number | undefined

  constructor(ports: RelayConnectionPorts) {
    this.#ports = ports
    this.#allowance = new Allowance(ports.clock, maxEventsAtOnce, maxEventsPerSecond)
    this.#connect()
  }

  get url(): string {
    return this.#ports.url
  }

  get state(): RelayState {
    return this.#state
  }

  get failures(): number {
    return this.#failures
  }

  /** True while somebody waits for it to take something. */
  get isBusy(): boolean {
    return this.#publications.size > 0
  }

  /** Tells `taken` once; waits for the connection if there is none. The undo stops waiting. */
  publish(event: NostrEvent, taken: Taken): Undo {
    if (this.#state === 'closed' || this.#publications.size >= maxPublications) {
      taken(false, this.#state === 'closed' ? 'closed' : 'busy')
      return () => undefined
    }
    const known = this.#publications.get(event.id)
    const publication = known ?? { event, takers: new Set(), isHeld: false }
    publication.takers.add(taken)
    this.#publications.set(event.id, publication)
    if (known === undefined && this.#state === 'ready') this.#send(['EVENT', event])
    return () => {
      publication.takers.delete(taken)
      const isForgotten = publication.takers.size === 0 && this.#publications.get(event.id) === publication
      if (isForgotten) this.#publications.delete(event.id)
    }
  }

  subscribe(name: string, subscription: RelaySubscription): Undo {
    this.#subscriptions.set(name, { subscription, pause: undefined })
    if (this.#state === 'ready') this.#send(['REQ', name, ...subscription.filters])
    return () => {
      if (this.#subscriptions.get(name)?.subscription !== subscription) return
      this.#subscriptions.delete(name)
      if (this.#state === 'ready') this.#send(['CLOSE', name])
    }
  }

  /** What `signer` gives may be another one now: says who we are if that was asked for, or goes on in a connection that has not said it. */
  signerChanged(): void {
    if (this.#ports.signer() !== undefined) this.#auth?.answer()
    else if (this.#auth?.hasTold === true) {
      this.#letGo()
      this.#connect()
    } else this.#introduced(false, 'restricted: it is not told who reads')
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#letGo()
    this.#state = 'closed'
    this.#subscriptions.clear()
    for (const id of [...this.#publications.keys()]) this.#settle(id, false, 'closed')
  }

  #connect(): void {
    const { url, sockets, clock } = this.#ports
    this.#enter('connecting')
    if (!this.#is('connecting')) return
    const socket = sockets.connectText(url, {
      opened: () => {
        if (this.#socket === socket && this.#state === 'connecting') this.#opened()
      },
      received: (text) => {
        if (this.#socket === socket && this.#state === 'ready') this.#receive(text)
      },
      closed: () => {
        if (this.#socket === socket) this.#lost()
      },
    })
    this.#socket = socket
    this.#cancelTimer = clock.after(openTimeoutMs, () => {
      this.#lost()
    })
  }

  #opened(): void {
    const { url, clock } = this.#ports
    this.#cancelTimer()
    this.#violations = 0
    this.#auth = new RelayAuth({
      url,
      clock,
      signer: () => this.#ports.signer(),
      send: (event) => {
        this.#send(['AUTH', event])
      },
    })
    this.#enter('ready')
    if (!this.#is('ready')) return
    this.#listen()
    for (const [name, asked] of this.#subscriptions) this.#ask(name, asked)
    for (const publication of this.#publications.values()) this.#offer(publication)
  }

  /** Finds out when the relay is gone without a word, which the socket may not notice for minutes. */
  #listen(hasAsked = false): void {
    this.#hasHeard = false
    this.#cancelTimer = this.#ports.clock.after(silenceMs, () => {
      if (this.#hasHeard) {
        // A connection that lasts is a good one.
        this.#failures = 0
        this.#listen()
      } else if (hasAsked) {
        this.#lost()
      } else {
        this.#listen(true)
        this.#send(['REQ', probeName, nothing])
      }
    })
  }

  /** Closes what there is of a connection. */
  #letGo(): void {
    this.#cancelTimer()
    this.#cancelAsking?.()
    this.#cancelAsking = undefined
    this.#auth?.end()
    this.#auth = undefined
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
  }

  #lost(): void {
    if (this.#state === 'closed' || this.#state === 'waiting') return
    this.#letGo()
    this.#failures += 1
    this.#enter('waiting')
    if (!this.#is('waiting')) return
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(this.#failures - 1, 10), maxRetryMs)
    this.#cancelTimer = this.#ports.clock.after(pauseMs * (1 - fractionOf(this.#ports.random) / 3), () => {
      this.#connect()
    })
  }

  #enter(state: RelayState): void {
    this.#state = state
    this.#ports.stateChanged()
  }

  /** Whoever was told of a change may have closed it all. */
  #is(state: RelayState): boolean {
    return this.#state === state
  }

  #send(message: ClientMessage): void {
    const socket = this.#socket
    if (socket === undefined) return
    if (socket.bufferedBytes > maxBufferedBytes) this.#lost()
    else socket.send(JSON.stringify(message))
  }

  #ask(name: string, asked: Asked): void {
    asked.pause = undefined
    this.#send(['REQ', name, ...asked.subscription.filters])
  }

  #offer(publication: Publication): void {
    publication.isHeld = false
    this.#send(['EVENT', publication.event])
  }

  #settle(id: string, accepted: boolean, reason: string): void {
    const publication = this.#publications.get(id)
    if (publication === undefined) return
    this.#publications.delete(id)
    for (const taken of publication.takers) taken(accepted, reason)
  }

  #receive(text: string): void {
    this.lastHeardMs = this.#ports.clock.now()
    this.#hasHeard = true
    let message: RelayMessage
    try {
      message = readRelayMessage(text)
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.#violated()
      return
    }
    this.#handle(message)
  }

  #violated(): void {
    this.#violations += 1
    if (this.#violations >= maxViolations) this.#lost()
  }

  #handle(message: RelayMessage): void {
    switch (message.kind) {
      case 'event':
        this.#delivered(message.subscription, message.event)
        return
      case 'stored':
        this.#subscriptions.get(message.subscription)?.subscription.stored()
        return
      case 'closed':
        this.#ended(message.subscription, message.reason)
        return
      case 'ok':
        this.#answered(message.id, message.accepted, message.reason)
        return
      case 'auth':
        this.#auth?.challenged(message.challenge)
        return
      case 'notice':
        return
    }
  }

  #delivered(name: string, event: NostrEvent): void {
    const asked = this.#subscriptions.get(name)
    // One of a subscription that we have just ended may be on its way.
    if (asked?.subscription.isNew(event.id) !== true) return
    if (!this.#allowance.take()) this.#lost()
    else if (isGenuine(event)) asked.subscription.event(event)
    else this.#violated()
  }

  #ended(name: string, reason: string): void {
    const asked = this.#subscriptions.get(name)
    if (asked === undefined) return
    if (asksWho(reason) && this.#auth?.mayHelp === true) {
      asked.pause = 'who'
      return
    }
    asked.pause = 'later'
    this.#cancelAsking ??= this.#ports.clock.after(askAgainMs, () => {
      this.#cancelAsking = undefined
      for (const [each, paused] of this.#subscriptions) if (paused.pause === 'later') this.#ask(each, paused)
    })
    asked.subscription.stored(true)
  }

  #answered(id: string, accepted: boolean, reason: string): void {
    const isKnown = this.#auth?.answered(id, accepted)
    if (isKnown !== undefined) {
      this.#introduced(isKnown, reason)
      return
    }
    const publication = this.#publications.get(id)
    if (publication === undefined) return
    if (!accepted && asksWho(reason) && this.#auth?.mayHelp === true) publication.isHeld = true
    else this.#settle(id, accepted, reason)
  }

  /** The relay knows now who reads, or will not. */
  #introduced(isKnown: boolean, reason: string): void {
    for (const [name, asked] of [...this.#subscriptions]) {
      if (asked.pause !== 'who') continue
      if (isKnown) this.#ask(name, asked)
      else this.#ended(name, reason)
    }
    for (const [id, publication] of [...this.#publications]) {
      if (!publication.isHeld) continue
      if (isKnown) this.#offer(publication)
      else this.#settle(id, false, reason)
    }
  }
}
