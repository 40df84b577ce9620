import { UsageError } from '../errors/index.ts'
import { Emitter, type Scope, type Undo } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { Carrier, CarrierName, CarrierState } from './carrier.ts'

/**
 * How much later than the preferred road the others set out, by their place in the order, in ms: enough that a good road is not crowded by the rest,
 * little beside what joining takes. Nobody waits for a first road that does not work, or is not open yet when theirs is.
 */
const headStartMs: readonly number[] = [0, 40, 60]

/** One road as people see it. */
export interface RoadView {
  readonly name: CarrierName
  readonly state: CarrierState
  /** Host name of the server that it goes through now; undefined if there is none. */
  readonly host: string | undefined
  /** False while another road is pinned. */
  readonly inUse: boolean
}

export interface RoadsEvents {
  /** A state, or which roads are in use. */
  changed: () => void
}

interface OwnEvents extends RoadsEvents {
  pinned: () => void
}

/**
 * All carriers of a device, the preferred one first. Whoever meets others uses every road at once, so that people meet whichever of them
 * each can reach; one may be pinned, and then nothing goes by another.
 */
export class Roads {
  readonly #carriers: readonly Carrier[]
  readonly #events = new Emitter<OwnEvents>()
  readonly #undoings: readonly Undo[]
  #pinned: CarrierName | undefined

  /** @throws {UsageError} `no-relay` without a carrier. */
  constructor(carriers: readonly Carrier[], pinned?: CarrierName) {
    if (carriers.length === 0) throw new UsageError('no-relay', 'at least one road is needed')
    this.#carriers = carriers
    this.#undoings = carriers.map((carrier) =>
      carrier.on('stateChanged', () => {
        this.#events.emit('changed')
      }),
    )
    if (carriers.some(({ name }) => name === pinned)) this.#pinned = pinned
  }

  /** Those in use now, the preferred one first. Never empty. */
  get inUse(): readonly Carrier[] {
    return this.#pinned === undefined ? this.#carriers : this.#carriers.filter(({ name }) => name === this.#pinned)
  }

  get pinned(): CarrierName | undefined {
    return this.#pinned
  }

  /** The best state among the roads in use: `ready` as soon as one of them is. */
  get state(): CarrierState {
    const states = this.inUse.map(({ state }) => state)
    const order: readonly CarrierState['kind'][] = ['ready', 'connecting', 'waiting', 'closed']
    for (const kind of order) {
      const found = states.find((state) => state.kind === kind)
      if (found !== undefined) return found
    }
    return { kind: 'closed' }
  }

  view(): readonly RoadView[] {
    const inUse = this.inUse
    return this.#carriers.map((carrier) => ({
      name: carrier.name,
      state: carrier.state,
      host: carrier.relayHost,
      inUse: inUse.includes(carrier),
    }))
  }

  on<K extends keyof RoadsEvents>(event: K, listener: RoadsEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  /** Uses this road alone from now on, or all of them again. Sessions that stand stay. @throws {UsageError} `unknown-road`. */
  pin(name: CarrierName | undefined): void {
    if (name !== undefined && !this.#carriers.some((carrier) => carrier.name === name)) {
      throw new UsageError('unknown-road', 'there is no such road')
    }
    if (name === this.#pinned) return
    this.#pinned = name
    this.#events.emit('pinned')
    this.#events.emit('changed')
  }

  /**
   * Calls `use` for every road in use, now or when it comes into use, the preferred one with a small head start. The scope that it is given ends when
   * the road goes out of use, with `scope` at the latest.
   */
  follow(scope: Scope, clock: Clock, use: (carrier: Carrier, scope: Scope) => void): void {
    const running = new Map<CarrierName, Scope>()
    const settle = (): void => {
      const wanted = this.inUse
      for (const [name, own] of running) {
        if (wanted.some((carrier) => carrier.name === name)) continue
        running.delete(name)
        own.end()
      }
      for (const carrier of wanted) {
        if (running.has(carrier.name)) continue
        const own = scope.child()
        running.set(carrier.name, own)
        whenDue(wanted, carrier, own, clock, () => {
          use(carrier, own)
        })
      }
    }
    scope.onEnd(this.#events.on('pinned', settle))
    settle()
  }

  /** Closes every carrier. */
  close(): void {
    for (const undo of this.#undoings) undo()
    for (const carrier of this.#carriers) carrier.close()
    this.#events.clear()
  }
}

/** Begins when the head start of the first road is over, or as soon as that road turns out not to work, or is not open while this one is. */
function whenDue(roads: readonly Carrier[], carrier: Carrier, scope: Scope, clock: Clock, begin: () => void): void {
  const delayMs = headStartMs[Math.min(roads.indexOf(carrier), headStartMs.length - 1)] ?? 0
  const [first] = roads
  if (delayMs === 0 || first === undefined || isInTrouble(first.state) || isAhead(carrier, first)) {
    begin()
    return
  }
  const waiting = scope.child()
  const due = (): void => {
    if (waiting.ended) return
    waiting.end()
    begin()
  }
  waiting.onEnd(clock.after(delayMs, due))
  waiting.onEnd(
    first.on('stateChanged', (state) => {
      if (isInTrouble(state)) due()
    }),
  )
  waiting.onEnd(
    carrier.on('stateChanged', () => {
      if (isAhead(carrier, first)) due()
    }),
  )
}

function isAhead(carrier: Carrier, first: Carrier): boolean {
  return carrier.state.kind === 'ready' && first.state.kind !== 'ready'
}

function isInTrouble(state: CarrierState): boolean {
  return state.kind === 'waiting' || state.kind === 'closed' || (state.kind === 'connecting' && state.attempt > 1)
}
