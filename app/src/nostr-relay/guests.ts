import { Allowance, type Clock } from '@p2pigeon/core/node'
import { clientPrefix } from '../platform/index.ts'
import type { NostrRelayLimits } from './limits.ts'
import { WorkBudget } from './work-budget.ts'

/** Addresses remembered before those without a connection are forgotten. */
const maxRemembered = 16_384
/** Recipients remembered for one address. */
const maxRecipients = 1_024

/** What one client address may still do. */
export interface Guest {
  readonly requests: Allowance
  readonly events: Allowance
  readonly bytes: Allowance
  readonly work: WorkBudget
  /** One more gift wrap from here to this recipient. */
  takeMail(recipient: string): boolean
  leave(): void
}

/** Counts connections and rates by client address. Addresses stay in here: no log, no statistic. */
export class Guests {
  readonly #visitors = new Map<string, Visitor>()
  readonly #limits: NostrRelayLimits
  readonly #clock: Clock

  constructor(limits: NostrRelayLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Undefined when the address has too many connections or opens them too fast. */
  admit(address: string | undefined): Guest | undefined {
    const visitor = this.#visitor(address === undefined ? '' : clientPrefix(address))
    if (!visitor || visitor.connections >= this.#limits.maxConnectionsPerAddress || !visitor.arrivals.take()) {
      return undefined
    }
    visitor.connections += 1
    let left = false
    return {
      requests: visitor.requests,
      events: visitor.events,
      bytes: visitor.bytes,
      work: visitor.work,
      takeMail: (recipient) => visitor.takeMail(recipient),
      leave: () => {
        if (!left) visitor.connections -= 1
        left = true
      },
    }
  }

  #visitor(name: string): Visitor | undefined {
    const known = this.#visitors.get(name)
    if (known) return known
    if (this.#visitors.size >= maxRemembered) this.#forget()
    if (this.#visitors.size >= maxRemembered) return undefined
    const visitor = new Visitor(this.#limits, this.#clock)
    this.#visitors.set(name, visitor)
    return visitor
  }

  #forget(): void {
    for (const [name, visitor] of this.#visitors) if (visitor.isStranger) this.#visitors.delete(name)
  }
}

class Visitor {
  connections = 0
  readonly arrivals: Allowance
  readonly requests: Allowance
  readonly events: Allowance
  readonly bytes: Allowance
  readonly work: WorkBudget
  readonly #mail = new Map<string, Allowance>()
  readonly #limits: NostrRelayLimits
  readonly #clock: Clock

  constructor(limits: NostrRelayLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.arrivals = new Allowance(clock, limits.connectionBurst, limits.connectionsPerSecond)
    this.requests = new Allowance(clock, limits.requestBurst, limits.requestsPerSecond)
    this.events = new Allowance(clock, limits.eventBurst, limits.eventsPerSecond)
    this.bytes = new Allowance(clock, limits.byteBurst, limits.bytesPerSecond)
    this.work = new WorkBudget(limits.workBurstMs, limits.workMsPerSecond, clock)
  }

  /** Whoever is gone and has everything full again need not be known. */
  get isStranger(): boolean {
    const full = [this.arrivals, this.requests, this.events, this.bytes, this.work].every((budget) => budget.full)
    return this.connections === 0 && full && [...this.#mail.values()].every((bucket) => bucket.full)
  }

  takeMail(recipient: string): boolean {
    let bucket = this.#mail.get(recipient)
    if (!bucket) {
      if (this.#mail.size >= maxRecipients) this.#forgetRecipients()
      if (this.#mail.size >= maxRecipients) return false
      bucket = new Allowance(this.#clock, this.#limits.mailBurst, this.#limits.mailPerSecond)
      this.#mail.set(recipient, bucket)
    }
    return bucket.take()
  }

  #forgetRecipients(): void {
    for (const [recipient, bucket] of this.#mail) if (bucket.full) this.#mail.delete(recipient)
  }
}
