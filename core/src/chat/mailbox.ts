import type { Undo } from '../lifetime/index.ts'
import { SeenIds, wrapKinds, type Filter, type NostrEvent } from '../nostr/index.ts'
import { inboxSinceSeconds, maxSeen } from './limits.ts'
import type { MessengerPorts } from './ports.ts'

/** Letters that wait to be opened. More are asked for again the next time. */
const maxQueue = 20_000
/** Requests for what is older, to one relay in one go: each brings as many letters as that relay gives at once. */
const maxPasses = 200

export interface MailboxPorts extends Pick<MessengerPorts, 'relays' | 'signer' | 'clock' | 'scope'> {
  /** When all the mail of each relay had last been read. */
  readonly readUntil: Readonly<Record<string, number>>
  /** Opens and keeps one letter; rejects if it could not be kept, and is to be asked for again. */
  take(letter: NostrEvent): Promise<void>
  /** A relay's mail has been read up to now. */
  advanced(url: string, untilSeconds: number): void
}

/**
 * Reads our mail at each relay: what comes, and what came while we were away, to the last letter: a relay gives a few hundred at once. A relay is
 * only asked for less than everything once all of it has been read there, so one that was out of reach for weeks loses nothing.
 */
export class Mailbox {
  readonly #ports: MailboxPorts
  readonly #met = new SeenIds(maxSeen)
  readonly #queue: NostrEvent[] = []
  /** True once something could not be taken: then no relay counts as read. */
  #missed = false
  #draining = false
  #idle: (() => void)[] = []

  constructor(ports: MailboxPorts) {
    this.#ports = ports
    for (const url of ports.relays.urls) this.#follow(url)
  }

  #follow(url: string): void {
    const { relays, signer, clock, scope, readUntil } = this.#ports
    const beganSeconds = Math.floor(clock.now() / 1_000)
    const known = readUntil[url]
    const since = known === undefined ? {} : { since: Math.min(known, beganSeconds) - inboxSinceSeconds }
    const filter: Filter = { kinds: [wrapKinds.kept], '#p': [signer.publicKey], ...since }
    let oldest = Infinity
    let isBehind = true
    const event = (letter: NostrEvent): void => {
      oldest = Math.min(oldest, letter.created_at)
      this.#enqueue(letter)
    }
    const stored = (): void => {
      if (!isBehind) return
      isBehind = false
      void this.#older(url, filter, oldest, maxPasses).then((all) => {
        if (all && !this.#missed && !scope.ended) this.#ports.advanced(url, beganSeconds)
      })
    }
    scope.onEnd(relays.subscribe([filter], { event, stored }, [url]))
  }

  /** Asks for what is older than what came, until nothing new comes. False if that was not to be had. */
  async #older(url: string, filter: Filter, until: number, passes: number): Promise<boolean> {
    await this.#drained()
    if (until === Infinity) return true
    if (passes === 0 || this.#ports.scope.ended) return false
    let oldest = until
    let fresh = 0
    await new Promise<void>((resolve) => {
      let stop: Undo = () => undefined
      const over = (): void => {
        stop()
        forget()
        resolve()
      }
      const forget = this.#ports.scope.onEnd(over)
      const event = (letter: NostrEvent): void => {
        oldest = Math.min(oldest, letter.created_at)
        if (this.#enqueue(letter)) fresh += 1
      }
      stop = this.#ports.relays.subscribe([{ ...filter, until }], { event, stored: over }, [url])
    })
    return fresh === 0 ? !this.#ports.scope.ended : this.#older(url, filter, oldest, passes - 1)
  }

  /** False for a letter that was met before. */
  #enqueue(letter: NostrEvent): boolean {
    if (!this.#met.add(letter.id)) return false
    if (this.#queue.length >= maxQueue) {
      this.#missed = true
      return true
    }
    this.#queue.push(letter)
    if (!this.#draining) void this.#drain()
    return true
  }

  /** One after the other: each waits for the platform's own cryptography, so that a flood does not hold the page. */
  async #drain(): Promise<void> {
    this.#draining = true
    for (;;) {
      const letter = this.#queue.shift()
      if (letter === undefined || this.#ports.scope.ended) break
      await this.#ports.take(letter).catch(() => {
        this.#missed = true
      })
    }
    this.#draining = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  async #drained(): Promise<void> {
    if (this.#draining) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }
}
