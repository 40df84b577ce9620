import { Allowance, type Clock } from '@p2pigeon/core/node'
import type { HypernatLimits } from './limits.ts'
import { clientPrefix } from '../platform/index.ts'

/** Addresses remembered before those without a connection are forgotten. */
const maxRemembered = 16_384

/** What one client address may still do. */
export interface Guest {
  readonly requests: Allowance
  leave(): void
}

interface Visitor {
  connections: number
  readonly arrivals: Allowance
  readonly requests: Allowance
}

/** Counts connections and requests by client address. Addresses stay in here: no log, no statistic. */
export class Guests {
  readonly #visitors = new Map<string, Visitor>()
  readonly #limits: HypernatLimits
  readonly #clock: Clock

  constructor(limits: HypernatLimits, clock: Clock) {
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
    const { connectionBurst, connectionsPerSecond, requestBurst, requestsPerSecond } = this.#limits
    const visitor: Visitor = {
      connections: 0,
      arrivals: new Allowance(this.#clock, connectionBurst, connectionsPerSecond),
      requests: new Allowance(this.#clock, requestBurst, requestsPerSecond),
    }
    this.#visitors.set(name, visitor)
    return visitor
  }

  /** Whoever is gone and has its buckets full again is a stranger again. */
  #forget(): void {
    for (const [name, { connections, arrivals, requests }] of this.#visitors) {
      if (connections === 0 && arrivals.full && requests.full) this.#visitors.delete(name)
    }
  }
}
