import { Allowance, type Clock } from '@p2pigeon/core/node'
import { clientPrefix } from '../../platform/index.ts'
import type { TurnLimits } from '../limits.ts'

/** Sources remembered in each of two generations. Forgetting is one step, so that forged sources cost no search. */
const maxRemembered = 8_192

/** How much is done for whoever has not proved who they are: by source and in all. Sources stay in here. */
export class Strangers {
  readonly #limits: TurnLimits
  readonly #clock: Clock
  readonly #all: Allowance
  #recent = new Map<string, Allowance>()
  #older = new Map<string, Allowance>()

  constructor(limits: TurnLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
    this.#all = new Allowance(clock, limits.totalStrangerBurst, limits.totalStrangersPerSecond)
  }

  /** May one more message of this source be looked at? */
  admit(address: string): boolean {
    return this.#bucket(clientPrefix(address)).take() && this.#all.take()
  }

  #bucket(source: string): Allowance {
    const known = this.#recent.get(source) ?? this.#older.get(source)
    const bucket = known ?? new Allowance(this.#clock, this.#limits.strangerBurst, this.#limits.strangersPerSecond)
    if (this.#recent.size >= maxRemembered) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(source, bucket)
    return bucket
  }
}
