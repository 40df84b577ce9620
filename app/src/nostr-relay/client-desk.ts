import type { NostrEvent } from '@p2pigeon/core/nostr'
import type { Guest } from './guests.ts'
import type { Outbound } from './outbound.ts'
import { publish } from './publisher.ts'
import { nowSecondsOf, type Relay } from './relay.ts'
import { authRefusal, requestRefusal } from './rules/index.ts'
import { valuesOf, type Subscription } from './subscriptions.ts'
import { readClientMessage, relayMessage, type ClientMessage, type Filter } from './wire/index.ts'

/** `refused`: a rate is used up. `garbage`: no message of the protocol. */
export type Handled = 'done' | 'refused' | 'garbage'

const challengeBytes = 32

/** Stored events that a subscription has still to be sent, by `seq`. */
interface Answer {
  readonly name: string
  readonly seqs: readonly number[]
  next: number
}

/** What one client has asked for, and what it is told. */
export class ClientDesk {
  readonly #outbound: Outbound
  readonly #guest: Guest
  readonly #relay: Relay
  readonly #hostNames: readonly string[]
  readonly #challenge: string
  readonly #authenticated = new Set<string>()
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #answers = new Map<string, Answer>()
  #values = 0

  constructor(outbound: Outbound, guest: Guest, relay: Relay, hostNames: readonly string[]) {
    this.#outbound = outbound
    this.#guest = guest
    this.#relay = relay
    this.#hostNames = hostNames
    this.#challenge = Buffer.from(relay.random.bytes(challengeBytes)).toString('hex')
    outbound.send(relayMessage.auth(this.#challenge))
  }

  get isIdle(): boolean {
    return this.#subscriptions.size === 0
  }

  /** Answers one message of the client. Never throws. */
  handle(text: string, bytes: number): Handled {
    const message = readClientMessage(text, this.#relay.limits)
    const affordable = this.#guest.bytes.take(bytes) && !this.#guest.work.isSpent
    switch (message.type) {
      case 'event':
      case 'auth':
        return this.#published(message.type, message.event, affordable)
      case 'request':
        return this.#requested(message, affordable)
      case 'close':
        this.#end(message.subscription)
        return 'done'
      case 'refused':
        if (message.subscription !== undefined) this.#end(message.subscription)
        return this.#refuse(message.answer, 'done')
      case 'garbage':
        return this.#refuse(message.answer, 'garbage')
    }
  }

  /** Sends of the stored events as much as the client takes. */
  pump(): void {
    for (const answer of this.#answers.values()) {
      while (answer.next < answer.seqs.length && this.#outbound.writable) this.#sendStored(answer)
      if (!this.#outbound.writable) return
      this.#answers.delete(answer.name)
      this.#outbound.send(relayMessage.eose(answer.name))
    }
  }

  close(): void {
    for (const name of [...this.#subscriptions.keys()]) this.#end(name)
  }

  #published(type: 'event' | 'auth', event: NostrEvent, affordable: boolean): Handled {
    if (!affordable || !this.#guest.events.take() || !this.#relay.events.take())
      return this.#refuse(relayMessage.ok(event.id, false, 'rate-limited: too much at a time'), 'refused')
    const { accepted, reason } =
      type === 'auth'
        ? this.#prove(event)
        : publish(this.#relay, event, { guest: this.#guest, authenticated: this.#authenticated })
    this.#outbound.send(relayMessage.ok(event.id, accepted, reason))
    const { totals } = this.#relay
    if (!accepted) totals.refused += 1
    else if (type === 'event') totals.accepted += 1
    return reason.startsWith('rate-limited') ? 'refused' : 'done'
  }

  #prove(event: NostrEvent): { readonly accepted: boolean; readonly reason: string } {
    const { limits } = this.#relay
    const reason =
      this.#authenticated.size >= limits.maxAuthenticatedKeys
        ? 'restricted: too many keys on one connection'
        : authRefusal(event, {
            challenge: this.#challenge,
            hostNames: this.#hostNames,
            nowSeconds: nowSecondsOf(this.#relay),
            maxSkewSeconds: limits.maxAuthSkewSeconds,
          })
    if (reason !== undefined) return { accepted: false, reason }
    this.#authenticated.add(event.pubkey)
    return { accepted: true, reason: '' }
  }

  #requested(
    { subscription: name, filters }: Extract<ClientMessage, { type: 'request' }>,
    affordable: boolean,
  ): Handled {
    // The new request takes the place of the old one, whatever becomes of it.
    this.#end(name)
    if (!affordable || !this.#guest.requests.take())
      return this.#refuse(relayMessage.closed(name, 'rate-limited: too much at a time'), 'refused')
    const reason = requestRefusal(filters, this.#authenticated) ?? this.#tooMuch(filters)
    if (reason !== undefined) return this.#refuse(relayMessage.closed(name, reason), 'done')
    let seqs: readonly number[]
    try {
      seqs = this.#find(filters)
    } catch {
      return this.#refuse(relayMessage.closed(name, 'error: could not read the stored events'), 'done')
    }
    // Found and subscribed at the same moment: no event is missed and none comes twice.
    this.#subscribe(name, filters)
    this.#answers.set(name, { name, seqs, next: 0 })
    this.pump()
    return 'done'
  }

  #tooMuch(filters: readonly Filter[]): string | undefined {
    const { limits, subscriptions } = this.#relay
    const values = valuesOf(filters)
    if (this.#subscriptions.size >= limits.maxSubscriptionsPerConnection) return 'rate-limited: too many subscriptions'
    if (this.#values + values > limits.maxValuesPerConnection) return 'rate-limited: too many filter values'
    if (subscriptions.values + values > limits.maxValues) return 'rate-limited: the relay is full'
    return undefined
  }

  #find(filters: readonly Filter[]): readonly number[] {
    const viewer = { nowSeconds: nowSecondsOf(this.#relay), readers: [...this.#authenticated] }
    return [...new Set(filters.flatMap((filter) => this.#relay.store.find(filter, viewer)))]
  }

  #subscribe(name: string, filters: readonly Filter[]): void {
    const subscription: Subscription = {
      filters,
      authenticated: this.#authenticated,
      deliver: (body) => {
        this.#outbound.send(relayMessage.event(name, body))
      },
    }
    this.#values += valuesOf(filters)
    this.#subscriptions.set(name, subscription)
    this.#relay.subscriptions.add(subscription)
  }

  #end(name: string): void {
    const subscription = this.#subscriptions.get(name)
    if (!subscription) return
    this.#values -= valuesOf(subscription.filters)
    this.#subscriptions.delete(name)
    this.#answers.delete(name)
    this.#relay.subscriptions.remove(subscription)
  }

  #sendStored(answer: Answer): void {
    const seq = answer.seqs[answer.next++]
    const body = seq === undefined ? undefined : this.#bodyOf(seq)
    if (body === undefined) return
    this.#relay.totals.delivered += 1
    this.#outbound.send(relayMessage.event(answer.name, body))
  }

  /** What cannot be read is not there. */
  #bodyOf(seq: number): string | undefined {
    try {
      return this.#relay.store.body(seq, nowSecondsOf(this.#relay))
    } catch {
      return undefined
    }
  }

  #refuse(answer: string, handled: Handled): Handled {
    this.#relay.totals.refused += 1
    this.#outbound.send(answer)
    return handled
  }
}
