import { Allowance, type Clock } from '@p2pigeon/core/node'
import { clientPrefix } from '../platform/index.ts'
import type { BlobLimits } from './limits.ts'

/** Addresses remembered before those that use nothing are forgotten. */
const maxRemembered = 16_384

/** What one client address may still do. */
export class Guest {
  uploads = 0
  downloads = 0
  readonly requests: Allowance
  readonly brought: Allowance
  readonly fetched: Allowance

  constructor(limits: BlobLimits, clock: Clock) {
    this.requests = new Allowance(clock, limits.requestBurst, limits.requestsPerSecond)
    this.brought = new Allowance(clock, limits.uploadBurst, limits.uploadPerSecond)
    this.fetched = new Allowance(clock, limits.downloadBurst, limits.downloadPerSecond)
  }

  get isStranger(): boolean {
    return this.uploads === 0 && this.downloads === 0 && this.requests.full && this.brought.full && this.fetched.full
  }
}

/** Rates by client address. Addresses stay in here: no log, no statistic. */
export class Guests {
  readonly #guests = new Map<string, Guest>()
  readonly #limits: BlobLimits
  readonly #clock: Clock

  constructor(limits: BlobLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Undefined when too many are about, or this one asks too fast. */
  admit(address: string): Guest | undefined {
    const name = clientPrefix(address)
    const known = this.#guests.get(name)
    if (known === undefined && this.#guests.size >= maxRemembered) this.#forget()
    if (known === undefined && this.#guests.size >= maxRemembered) return undefined
    const guest = known ?? new Guest(this.#limits, this.#clock)
    this.#guests.set(name, guest)
    return guest.requests.take() ? guest : undefined
  }

  #forget(): void {
    for (const [name, guest] of this.#guests) if (guest.isStranger) this.#guests.delete(name)
  }
}
