import { CodecError } from '../errors/index.ts'
import type { Undo } from '../lifetime/index.ts'
import { fractionOf, type Clock, type Random, type TextSockets, type TextSocket } from '../runtime/index.ts'
import { isGenuine, signEvent, type NostrEvent } from './event.ts'
import { readRelayMessage, type ClientMessage, type Filter } from './messages.ts'
import type { NostrSigner } from './signer.ts'

/** Opening takes no longer, in ms. */
const openTimeoutMs = 8_000
/** First wait after a loss; doubled with each further one. */
const firstRetryMs = 500
const maxRetryMs = 60_000
/** A connection that lasted this long counts as a good one. */
const stableAfterMs = 10_000
/** A relay that sends so many things that it must not, in one connection, is left. */
const maxViolations = 20
/** Above this much unsent a relay is too slow to be of use; what is meant for it goes by others. */
const maxBufferedBytes = 8 << 20
const authKind = 22_242

export type RelayState = 'connecting' | 'ready' | 'waiting' | 'closed'

export interface RelayConnectionPorts {
  readonly url: string
  readonly sockets: TextSockets
  readonly clock: Clock
  readonly random: Random
  /** Proves who reads, where a relay asks for it (NIP-42). */
  readonly signer: NostrSigner | undefined
  stateChanged(): void
}

/** How one publication fared at this relay. */
export type Taken = (accepted: boolean, reason: string) => void

interface Subscription {
  readonly filters: readonly Filter[]
  /** Genuine; the same one may come again. */
  event(event: NostrEvent): void
  /** False: already had, no need to verify again. */
  isNew(id: string): boolean
  stored(): void
}

/** One relay: connects at once and again after each loss, keeps subscriptions in force, and believes nothing that it says. */
export class RelayConnection {
  readonly #ports: RelayConnectionPorts
  readonly #subscriptions = new Map<string, Subscription>()
  /** By event id. */
  readonly #publications = new Map<string, { readonly event: NostrEvent; readonly taken: Taken }>()
  #socket: TextSocket | undefined
  #state: RelayState = 'connecting'
  #failures = 0
  #violations = 0
  #cancelTimer: Undo = () => undefined
  /** Id of our answer to its challenge, and what waits for it. */
  #auth: { readonly id: string; readonly retry: (() => void)[] } | undefined
  #authenticated = false
  lastHeardMs: number | undefined

  constructor(ports: RelayConnectionPorts) {
    this.#ports = ports
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
    this.#publications.set(event.id, { event, taken })
    if (this.#state === 'ready') this.#send(['EVENT', event])
    return () => {
      if (this.#publications.get(event.id)?.taken === taken) this.#publications.delete(event.id)
    }
  }

  subscribe(name: string, subscription: Subscription): Undo {
    this.#subscriptions.set(name, subscription)
    if (this.#state === 'ready') this.#send(['REQ', name, ...subscription.filters])
    return () => {
      if (!this.#subscriptions.delete(name)) return
      if (this.#state === 'ready') this.#send(['CLOSE', name])
    }
  }

  close(): void {
    if (this.#state === 'closed') return
    this.#cancelTimer()
    this.#state = 'closed'
    this.#socket?.close()
    this.#subscriptions.clear()
    this.#publications.clear()
  }

  #connect(): void {
    const { url, sockets, clock } = this.#ports
    this.#enter('connecting')
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
      socket.close()
      this.#lost()
    })
  }

  #opened(): void {
    this.#cancelTimer()
    this.#violations = 0
    this.#auth = undefined
    this.#authenticated = false
    this.#enter('ready')
    this.#cancelTimer = this.#ports.clock.after(stableAfterMs, () => {
      this.#failures = 0
    })
    for (const [name, { filters }] of this.#subscriptions) this.#send(['REQ', name, ...filters])
    for (const { event } of this.#publications.values()) this.#send(['EVENT', event])
  }

  #lost(): void {
    if (this.#state === 'closed' || this.#state === 'waiting') return
    this.#cancelTimer()
    this.#socket = undefined
    this.#failures += 1
    this.#enter('waiting')
    const pauseMs = Math.min(firstRetryMs * 2 ** Math.min(this.#failures - 1, 10), maxRetryMs)
    this.#cancelTimer = this.#ports.clock.after(pauseMs * (1 - fractionOf(this.#ports.random) / 3), () => {
      this.#connect()
    })
  }

  #enter(state: RelayState): void {
    if (this.#state === 'closed') return
    this.#state = state
    this.#ports.stateChanged()
  }

  #send(message: ClientMessage): void {
    const socket = this.#socket
    if (socket === undefined) return
    if (socket.bufferedBytes > maxBufferedBytes) {
      socket.close()
      this.#lost()
      return
    }
    socket.send(JSON.stringify(message))
  }

  #receive(text: string): void {
    this.lastHeardMs = this.#ports.clock.now()
    try {
      this.#handle(text)
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.#violated()
    }
  }

  #violated(): void {
    this.#violations += 1
    if (this.#violations < maxViolations) return
    this.#socket?.close()
    this.#lost()
  }

  #handle(text: string): void {
    const message = readRelayMessage(text)
    switch (message.kind) {
      case 'event': {
        const subscription = this.#subscriptions.get(message.subscription)
        // One of a subscription that we have just ended may be on its way.
        if (subscription === undefined || !subscription.isNew(message.event.id)) return
        if (isGenuine(message.event)) subscription.event(message.event)
        else this.#violated()
        return
      }
      case 'stored':
        this.#subscriptions.get(message.subscription)?.stored()
        return
      case 'closed': {
        const { subscription: name, reason } = message
        const subscription = this.#subscriptions.get(name)
        if (subscription === undefined) return
        if (isAuthWanted(reason)) this.#onceAuthenticated(() => this.#resubscribe(name))
        else subscription.stored()
        return
      }
      case 'ok':
        this.#taken(message.id, message.accepted, message.reason)
        return
      case 'auth':
        this.#authenticate(message.challenge)
        return
      case 'notice':
        return
    }
  }

  #resubscribe(name: string): void {
    const subscription = this.#subscriptions.get(name)
    if (subscription !== undefined) this.#send(['REQ', name, ...subscription.filters])
  }

  #taken(id: string, accepted: boolean, reason: string): void {
    if (this.#auth?.id === id) {
      const { retry } = this.#auth
      this.#authenticated = accepted
      if (accepted) for (const again of retry.splice(0)) again()
      return
    }
    const publication = this.#publications.get(id)
    if (publication === undefined) return
    if (!accepted && isAuthWanted(reason) && this.#ports.signer !== undefined && !this.#authenticated) {
      this.#onceAuthenticated(() => {
        if (this.#publications.has(id)) this.#send(['EVENT', publication.event])
      })
      return
    }
    this.#publications.delete(id)
    publication.taken(accepted, reason)
  }

  /** A relay challenges before or after it asks; what it refused for lack of an answer is said again after one. */
  #onceAuthenticated(again: () => void): void {
    if (this.#auth === undefined) this.#auth = { id: '', retry: [again] }
    else if (this.#authenticated) return
    else this.#auth.retry.push(again)
  }

  #authenticate(challenge: string): void {
    const { signer, clock, url } = this.#ports
    if (signer === undefined) return
    const tags = [
      ['relay', url],
      ['challenge', challenge],
    ]
    const createdAt = Math.floor(clock.now() / 1_000)
    const socket = this.#socket
    void signEvent({ kind: authKind, created_at: createdAt, tags, content: '' }, signer).then((event) => {
      if (this.#socket !== socket) return
      this.#auth = { id: event.id, retry: this.#auth?.retry ?? [] }
      this.#send(['AUTH', event])
    })
  }
}

function isAuthWanted(reason: string): boolean {
  return reason.startsWith('auth-required:') || reason.startsWith('restricted:')
}
