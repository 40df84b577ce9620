import { Allowance, type Clock } from '@p2pigeon/core/node'
import { clientPrefix } from '../../platform/index.ts'

/** Addresses remembered at a time; with more of them, all begin anew. */
const maxRemembered = 4_096

/** One token bucket for each client address. */
export class AddressRates {
  readonly #burst: number
  readonly #perSecond: number
  readonly #clock: Clock
  readonly #buckets = new Map<string, Allowance>()

  constructor(burst: number, perSecond: number, clock: Clock) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#clock = clock
  }

  take(address: string): boolean {
    const source = clientPrefix(address)
    const known = this.#buckets.get(source)
    if (known !== undefined) return known.take()
    if (this.#buckets.size >= maxRemembered) this.#buckets.clear()
    const bucket = new Allowance(this.#clock, this.#burst, this.#perSecond)
    this.#buckets.set(source, bucket)
    return bucket.take()
  }
}
