import type { Scope, Undo } from '../lifetime/index.ts'
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
 * Reads our mail at each relay: what comes, and what came while we were away or not connected, to the last letter: a relay gives a few hundred at
 * once. A relay is only asked for less than everything once all of it has been read there, so one that was out of reach for weeks loses nothing.
 */
export class Mailbox {
  readonly #ports: MailboxPorts
  readonly #met = new SeenIds(maxSeen)
  readonly #queue: NostrEvent[] = []
  /** True once something could not be taken: then no relay counts as read. */
  #missed = false
  #draining = false
  #idle: (() => void)[] = []
  /** Relays whose mail is read. */
  readonly #followed = new Map<string, Scope>()
  /** When all of it had last been read, since the start. */
  readonly #readUntil: Record<string, number>

  constructor(ports: MailboxPorts) {
    this.#ports = ports
    this.#readUntil = { ...ports.readUntil }
    const settle = (): void => {
      this.#settle()
    }
    const stop = ports.relays.onUrls?.(settle)
    if (stop !== undefined) ports.scope.onEnd(stop)
    settle()
  }

  /** Reads the mail of the relays that are ours now. */
  #settle(): void {
    const { relays, scope } = this.#ports
    if (scope.ended) return
    const urls = new Set(relays.urls)
    for (const [url, following] of this.#followed) {
      if (urls.has(url)) continue
      following.end()
      this.#followed.delete(url)
    }
    for (const url of urls) {
      if (this.#followed.has(url)) continue
      const following = scope.child()
      this.#followed.set(url, following)
      this.#follow(url, following)
    }
  }

  #follow(url: string, scope: Scope): void {
    const { relays, signer, clock } = this.#ports
    const mail: Filter = { kinds: [wrapKinds.kept], '#p': [signer.publicKey] }
    const beganSeconds = Math.floor(clock.now() / 1_000)
    const known = this.#readUntil[url]
    let filter = known === undefined ? mail : sinceBefore(mail, Math.min(known, beganSeconds))
    /** Something has come since all of it was last read: there may be more than the relay has told. */
    let isBehind = true
    let reading: 'no' | 'once' | 'again' = 'no'
    const event = (letter: NostrEvent): void => {
      isBehind = true
      this.#enqueue(letter)
    }
    const read = async (): Promise<void> => {
      do {
        reading = 'once'
        isBehind = false
        const untilSeconds = Math.floor(clock.now() / 1_000)
        const isAll = (await this.#readAll(url, filter, scope)) && !this.#missed
        if (scope.ended) return
        if (isAll) {
          filter = sinceBefore(mail, untilSeconds)
          this.#readUntil[url] = untilSeconds
          this.#ports.advanced(url, untilSeconds)
        } else isBehind = true
      } while (isAgain())
      reading = 'no'
    }
    const isAgain = (): boolean => reading === 'again'
    // With every connection: before it, more may have come than the relay tells at once.
    const stored = (): void => {
      if (!isBehind) return
      if (reading === 'no') void read()
      else reading = 'again'
    }
    scope.onEnd(relays.subscribe([filter], { event, stored }, [url]))
  }

  /**
   * Asks for everything, the latest first, until there is nothing more; from the top, as what has come by itself may be of any date. False if that was
   * not to be had.
   */
  async #readAll(url: string, filter: Filter, scope: Scope): Promise<boolean> {
    let until = Infinity
    for (let pass = 0; pass < maxPasses; pass++) {
      await this.#drained()
      if (scope.ended) return false
      if (until < (filter.since ?? 0)) return true
      const oldest = await this.#ask(url, until === Infinity ? filter : { ...filter, until }, scope)
      if (oldest === undefined) return !scope.ended
      // Others of that second may not have been told yet. But of one second nobody gets more than a relay tells at once, and somebody may have
      // filled it, so that what is older would never be told.
      until = oldest < until ? oldest : until - 1
    }
    return false
  }

  /** When the oldest letter of the answer was dated; undefined if there was none. */
  async #ask(url: string, filter: Filter, scope: Scope): Promise<number | undefined> {
    let oldest: number | undefined
    await new Promise<void>((resolve) => {
      let stop: Undo = () => undefined
      const over = (): void => {
        stop()
        forget()
        resolve()
      }
      const forget = scope.onEnd(over)
      const event = (letter: NostrEvent): void => {
        oldest = Math.min(oldest ?? Infinity, letter.created_at)
        this.#enqueue(letter)
      }
      // One that will not tell now is asked again by the pool.
      const stored = (_: string, isRefused?: true): void => {
        if (isRefused !== true) over()
      }
      stop = this.#ports.relays.subscribe([filter], { event, stored }, [url])
    })
    return oldest
  }

  #enqueue(letter: NostrEvent): void {
    if (!this.#met.add(letter.id)) return
    if (this.#queue.length >= maxQueue) {
      this.#missed = true
      return
    }
    this.#queue.push(letter)
    if (!this.#draining) void this.#drain()
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

/** What was published from then on: wraps are dated back. */
function sinceBefore(mail: Filter, readSeconds: number): Filter {
  return { ...mail, since: readSeconds - inboxSinceSeconds }
}
