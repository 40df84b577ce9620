import { toHex } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { RoomKeys } from '../link/index.ts'
import { fractionOf, type Clock, type Random } from '../runtime/index.ts'
import type { Carrier, CarrierAddress, CarrierStream, Topic } from '../signalling/index.ts'
import { Announcements } from './announcements.ts'

/** Pauses between searches: quick while a room forms, calm later. Two who search at the same moment miss each other once. */
const searchPausesMs = [400, 800, 1_500, 3_000, 6_000, 12_000, 25_000] as const
/** Part of a pause that is random, so that members do not search in step. */
const pauseJitter = 0.3
/** After a failed dial an address rests; doubled with each failure. */
const firstRestMs = 1_500
const maxRestMs = 60_000
/** Dials under way at once, and addresses remembered: whoever knows the topic may announce many. */
const maxDials = 12
const maxAddresses = 256

interface AddressState {
  failures: number
  restsUntilMs: number
  dialling: boolean
  /** Who answered there, once somebody did. */
  answeredBy: PeerId | undefined
}

export interface DiscoveryPorts {
  readonly carrier: Carrier
  readonly keys: RoomKeys
  readonly clock: Clock
  readonly random: Random
  readonly scope: Scope
  /** A stream that somebody under our topic opened to us. */
  readonly incoming: (stream: CarrierStream) => void
  /** True while there is a session with this participant that works or is about to: no need to dial. */
  isReached(peerId: PeerId): boolean
  /** Takes a dialled stream through handshake and tells who answered; resolves false if that failed. */
  dialled(stream: CarrierStream, met: (peerId: PeerId) => void): Promise<boolean>
  /** A search has ended. */
  searched(): void
}

/** Keeps this device findable under the room's topics on one road, and dials whoever else is. */
export class Discovery {
  readonly #ports: DiscoveryPorts
  readonly #announcements: Announcements
  readonly #addresses = new Map<string, AddressState>()
  #searches = 0
  #searching = false
  #resting = false
  #cancelNext: Undo = () => undefined

  constructor(ports: DiscoveryPorts) {
    this.#ports = ports
    const { carrier, scope } = ports
    this.#announcements = new Announcements({ ...ports, accept: ports.incoming })
    scope.onEnd(
      carrier.on('stateChanged', (state) => {
        if (state.kind === 'ready') this.hurry()
      }),
    )
    scope.onEnd(() => {
      this.#cancelNext()
    })
  }

  async start(): Promise<void> {
    await this.#announcements.start()
    this.#search()
  }

  /** Searches soon and often again: somebody was lost, or the carrier is back. */
  hurry(): void {
    this.#searches = 0
    for (const state of this.#addresses.values()) state.restsUntilMs = 0
    if (!this.#searching) this.#schedule(0)
  }

  /** Stays findable and looks for nobody any more: the others have moved on, and know it. */
  rest(): void {
    this.#resting = true
    this.#cancelNext()
  }

  #schedule(pauseMs: number): void {
    this.#cancelNext()
    if (this.#ports.scope.ended || this.#resting) return
    this.#cancelNext = this.#ports.clock.after(pauseMs, () => {
      this.#search()
    })
  }

  #search(): void {
    this.#searching = true
    void Promise.allSettled(this.#announcements.topics.map((topic) => this.#searchTopic(topic))).then((results) => {
      this.#searching = false
      if (this.#ports.scope.ended) return
      if (results.some(({ status }) => status === 'fulfilled')) this.#ports.searched()
      const pause = searchPausesMs[Math.min(this.#searches, searchPausesMs.length - 1)] ?? searchPausesMs[0]
      this.#searches += 1
      this.#schedule(pause * (1 - pauseJitter * fractionOf(this.#ports.random)))
    })
  }

  async #searchTopic(topic: Topic): Promise<void> {
    const { carrier, scope } = this.#ports
    for await (const address of carrier.lookup(topic, { signal: scope.signal })) this.#consider(topic, address)
  }

  #consider(topic: Topic, address: CarrierAddress): void {
    const name = toHex(address)
    const { clock } = this.#ports
    if (this.#announcements.isOurs(address)) return
    const state = this.#addresses.get(name) ?? { failures: 0, restsUntilMs: 0, dialling: false, answeredBy: undefined }
    if (state.dialling || clock.now() < state.restsUntilMs) return
    if (state.answeredBy !== undefined && this.#ports.isReached(state.answeredBy)) return
    if (this.dialling >= maxDials) return
    this.#remember(name, state)
    state.dialling = true
    void this.#dial(topic, address, state).then((succeeded) => {
      state.dialling = false
      state.failures = succeeded ? 0 : state.failures + 1
      const restMs = succeeded ? 0 : Math.min(firstRestMs * 2 ** (state.failures - 1), maxRestMs)
      state.restsUntilMs = clock.now() + restMs
    })
  }

  /** How many of those that were found are being dialled now. */
  get dialling(): number {
    return [...this.#addresses.values()].filter(({ dialling }) => dialling).length
  }

  async #dial(topic: Topic, address: CarrierAddress, state: AddressState): Promise<boolean> {
    const { carrier, scope } = this.#ports
    try {
      const stream = await carrier.dial(topic, address, { signal: scope.signal })
      return await this.#ports.dialled(stream, (peerId) => {
        state.answeredBy = peerId
      })
    } catch {
      // Gone, unreachable or not one of ours: it rests, and a later search tries again.
      return false
    }
  }

  #remember(name: string, state: AddressState): void {
    this.#addresses.delete(name)
    this.#addresses.set(name, state)
    if (this.#addresses.size <= maxAddresses) return
    for (const [oldest, { dialling }] of this.#addresses) {
      if (dialling) continue
      this.#addresses.delete(oldest)
      return
    }
  }
}
