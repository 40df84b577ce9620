import { toHex } from '../bytes/index.ts'
import type { Scope } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import { fractionOf, type Clock, type Random } from '../runtime/index.ts'
import type { Carrier, CarrierAddress, CarrierStream, Topic } from '../signalling/index.ts'
import { maxAddresses, maxDials, maxTries, searchPausesMs } from './limits.ts'

export interface SearchPorts {
  readonly carrier: Carrier
  readonly keys: RoomKeys
  readonly clock: Clock
  readonly random: Random
  /** Of the call: the search lasts as long. */
  readonly scope: Scope
  /**
   * Uses a stream that was dialled, until it is over. The signal ends a handshake when the search ends.
   */
  use(stream: CarrierStream, signal: AbortSignal): Promise<Outcome>
}

/** Whether an address is to be dialled again in this search: `anew` after it has served, so that its tries do not run out. */
export type Outcome = 'never' | 'again' | 'anew'

interface AddressState {
  readonly topic: Topic
  readonly address: CarrierAddress
  tries: number
  /** From the dial until the stream is over. */
  inUse: boolean
  /** Found in a round and not dialled since. */
  due: boolean
}

/** Dials whoever stands under somebody's ring topic, in rounds, until the scope ends. It announces nothing. */
export class Search {
  readonly #ports: SearchPorts
  /** The address found first comes first. */
  readonly #addresses = new Map<string, AddressState>()
  #rounds = 0

  constructor(ports: SearchPorts) {
    this.#ports = ports
  }

  start(): void {
    // A carrier that fails is back in a later round; so is a platform that fails once.
    void Promise.allSettled([this.#round()]).then(() => {
      const { clock, random, scope } = this.#ports
      if (scope.ended) return
      const pause = searchPausesMs[Math.min(this.#rounds, searchPausesMs.length - 1)] ?? searchPausesMs[0]
      this.#rounds += 1
      const forget = scope.onEnd(
        // Up to a third shorter at random, so that two who search for each other do not do it in step.
        clock.after(pause * (1 - fractionOf(random) / 3), () => {
          forget()
          this.start()
        }),
      )
    })
  }

  /** Today's topic is enough: whoever may be found stands under it too while their own clock is in a neighbouring day. */
  async #round(): Promise<void> {
    const { carrier, keys, clock, scope } = this.#ports
    const topic = await keys.topic(carrier.name, clock.now())
    for await (const address of carrier.lookup(topic, { signal: scope.signal })) this.#consider(topic, address)
  }

  #consider(topic: Topic, address: CarrierAddress): void {
    const name = toHex(address)
    const known = this.#addresses.get(name)
    if (known === undefined && !this.#makeRoom()) return
    const state = known ?? { topic, address, tries: 0, inUse: false, due: false }
    this.#addresses.set(name, state)
    state.due = !state.inUse && state.tries < maxTries
    this.#dialNext()
  }

  /** Uses free places for those who were tried least: many who lie must not keep one who does not waiting. */
  #dialNext(): void {
    if (this.#ports.scope.ended) return
    const states = [...this.#addresses.values()]
    let free = maxDials - states.filter(({ inUse }) => inUse).length
    for (const state of states.filter(({ due }) => due).sort((a, b) => a.tries - b.tries)) {
      if (free-- <= 0) return
      void this.#dial(state)
    }
  }

  async #dial(state: AddressState): Promise<void> {
    const { carrier, scope } = this.#ports
    const attempt = scope.child()
    state.due = false
    state.inUse = true
    state.tries += 1
    try {
      const stream = await carrier.dial(state.topic, state.address, { signal: attempt.signal })
      const outcome = await this.#ports.use(stream, attempt.signal)
      if (outcome === 'never') state.tries = maxTries
      else if (outcome === 'anew') state.tries = 0
    } catch {
      // Gone, unreachable or not theirs: a later round tries again.
    }
    attempt.end()
    state.inUse = false
    this.#dialNext()
  }

  /** Forgets the oldest address without a stream, if that is needed for another; false if there is none. */
  #makeRoom(): boolean {
    if (this.#addresses.size < maxAddresses) return true
    for (const [oldest, { inUse }] of this.#addresses) {
      if (inUse) continue
      this.#addresses.delete(oldest)
      return true
    }
    return false
  }
}
