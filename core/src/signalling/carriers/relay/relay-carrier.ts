import { toHex } from '../../../bytes/index.ts'
import { TransportError, UsageError } from '../../../errors/index.ts'
import { Emitter, type Undo } from '../../../lifetime/index.ts'
import type { Clock, Random, Sockets } from '../../../runtime/index.ts'
import type {
  Announcement,
  Carrier,
  CarrierAddress,
  CarrierEvents,
  CarrierName,
  CarrierState,
  CarrierStream,
  Topic,
} from '../../carrier.ts'
import { OwnAddresses } from '../own-addresses.ts'
import { retryDelayMs } from './backoff.ts'
import { Inbox } from '../inbox.ts'
import { RelaySession } from './relay-session.ts'

/** A connection that lasted this long counts as a good one: the next retry is a fast first one again. */
const stableAfterMs = 5_000

export interface RelayCarrierOptions {
  /** WebSocket addresses of servers; one at a time is used, the next one when it fails. */
  readonly urls: readonly string[]
  readonly sockets: Sockets
  readonly clock: Clock
  readonly random: Random
}

/** What tells the roads by such servers apart. */
export interface RelayRoad {
  readonly name: CarrierName
  /** WebSocket subprotocol; names the kind of server and the major version. */
  readonly subprotocol: string
}

/**
 * A road by a server that speaks the relay protocol (docs/protocol/hypernat.md). Connects at once and again after each loss until it is closed.
 * @throws {UsageError} `no-relay` without a URL.
 */
export function relayCarrier(road: RelayRoad, options: RelayCarrierOptions): Carrier {
  if (options.urls.length === 0) throw new UsageError('no-relay', 'at least one relay URL is needed')
  return new RelayCarrier(road, options)
}

interface Announced {
  readonly topic: Topic
  readonly accept: (stream: CarrierStream) => void
  undo: Undo
}

class RelayCarrier implements Carrier {
  readonly #road: RelayRoad
  readonly #options: RelayCarrierOptions
  readonly #emitter = new Emitter<CarrierEvents>()
  readonly #announced = new Set<Announced>()
  readonly #own = new OwnAddresses()
  /** Called with the session once its socket is open, or with nothing when the carrier closes. */
  readonly #waiting = new Set<(session: RelaySession | undefined) => void>()
  #state: CarrierState = { kind: 'connecting', attempt: 1 }
  #session: RelaySession | undefined
  #open: RelaySession | undefined
  #urlIndex = 0
  /** Losses since the last connection that was good. */
  #failures = 0
  #cancelTimer: Undo = () => undefined

  constructor(road: RelayRoad, options: RelayCarrierOptions) {
    this.#road = road
    this.#options = options
    this.#connect()
  }

  get name(): CarrierName {
    return this.#road.name
  }

  get state(): CarrierState {
    return this.#state
  }

  get relayHost(): string | undefined {
    const { urls } = this.#options
    return hostOf(urls[this.#urlIndex % urls.length] ?? '')
  }

  on<K extends keyof CarrierEvents>(event: K, listener: CarrierEvents[K]): Undo {
    return this.#emitter.on(event, listener)
  }

  announce(topic: Topic, accept: (stream: CarrierStream) => void): Announcement {
    const announced: Announced = { topic, accept, undo: () => undefined }
    if (this.#state.kind !== 'closed') this.#announced.add(announced)
    if (this.#open) this.#put(announced, this.#open)
    return {
      isOurs: (address) => this.#own.has(address),
      withdraw: () => {
        if (this.#announced.delete(announced)) announced.undo()
      },
    }
  }

  async *lookup(topic: Topic, { signal }: { signal: AbortSignal }): AsyncGenerator<CarrierAddress, void, void> {
    const session = await this.#opened(signal)
    signal.throwIfAborted()
    const inbox = new Inbox<CarrierAddress>()
    const found = new Set<string>()
    const undo = session.lookup(topic, {
      peer: (address) => {
        const name = toHex(address)
        if (found.has(name) || this.#own.has(address)) return
        found.add(name)
        inbox.push(address)
      },
      done: () => {
        inbox.end()
      },
      lost: () => {
        inbox.fail(lost())
      },
    })
    const aborted = () => {
      inbox.fail(signal.reason)
    }
    signal.addEventListener('abort', aborted)
    try {
      for await (const address of inbox.read()) {
        signal.throwIfAborted()
        yield address
      }
    } finally {
      signal.removeEventListener('abort', aborted)
      undo()
    }
  }

  async dial(topic: Topic, address: CarrierAddress, { signal }: { signal: AbortSignal }): Promise<CarrierStream> {
    const session = await this.#opened(signal)
    signal.throwIfAborted()
    const stream = session.connect(topic, address)
    if (!stream) throw lost()
    return stream
  }

  close(): void {
    if (this.#state.kind === 'closed') return
    this.#cancelTimer()
    this.#enter({ kind: 'closed' })
    this.#announced.clear()
    this.#session?.close()
    this.#wake(undefined)
    this.#emitter.clear()
  }

  #connect(): void {
    this.#enter({ kind: 'connecting', attempt: this.#failures + 1 })
    const { urls, sockets, clock } = this.#options
    let ready = false
    const session = new RelaySession(
      urls[this.#urlIndex % urls.length] ?? '',
      { ...this.#road, sockets, clock },
      {
        opened: () => {
          this.#open = session
          for (const announced of this.#announced) this.#put(announced, session)
          this.#wake(session)
        },
        ready: (network) => {
          if (!ready) {
            this.#cancelTimer = clock.after(stableAfterMs, () => {
              this.#failures = 0
            })
          }
          ready = true
          this.#enter({ kind: 'ready', network })
        },
        goingAway: () => {
          // Counts as a failure of this relay: the next one, if there is one, is tried after the first, short delay.
          ready = false
          session.close()
        },
        closed: () => {
          this.#lost(ready)
        },
      },
    )
    this.#session = session
  }

  /** A relay that served us well gets the first retry itself. */
  #lost(wasReady: boolean): void {
    this.#cancelTimer()
    this.#session = this.#open = undefined
    for (const announced of this.#announced) announced.undo = () => undefined
    if (this.#state.kind === 'closed') return
    if (!wasReady || this.#failures > 0) this.#urlIndex += 1
    this.#failures += 1
    const retryInMs = retryDelayMs(this.#failures, this.#options.random)
    this.#enter({ kind: 'waiting', attempt: this.#failures, retryInMs })
    this.#cancelTimer = this.#options.clock.after(retryInMs, () => {
      this.#connect()
    })
  }

  #put(announced: Announced, session: RelaySession): void {
    announced.undo = session.announce(announced.topic, {
      announced: (publicKey) => {
        this.#own.add(publicKey)
      },
      incoming: (stream) => {
        announced.accept(stream)
      },
    })
  }

  async #opened(signal: AbortSignal): Promise<RelaySession> {
    signal.throwIfAborted()
    if (this.#open) return this.#open
    if (this.#state.kind === 'closed') throw lost()
    const session = await new Promise<RelaySession | undefined>((resolve) => {
      const woken = (opened: RelaySession | undefined) => {
        this.#waiting.delete(woken)
        signal.removeEventListener('abort', aborted)
        resolve(opened)
      }
      const aborted = () => {
        woken(undefined)
      }
      signal.addEventListener('abort', aborted)
      this.#waiting.add(woken)
    })
    if (!session) {
      signal.throwIfAborted()
      throw lost()
    }
    return session
  }

  #wake(session: RelaySession | undefined): void {
    for (const woken of [...this.#waiting]) woken(session)
  }

  #enter(state: CarrierState): void {
    if (this.#state.kind === 'closed') return
    this.#state = state
    this.#emitter.emit('stateChanged', state)
  }
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

function lost(): TransportError {
  return new TransportError('carrier-lost', 'the carrier was lost or closed')
}
