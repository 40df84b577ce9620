import { TransportError } from '../errors/index.ts'
import { Emitter, type Undo } from '../lifetime/index.ts'
import type {
  Announcement,
  Carrier,
  CarrierAddress,
  CarrierEvents,
  CarrierName,
  CarrierState,
  CarrierStream,
  Topic,
} from './carrier.ts'

interface Waiting {
  readonly topic: Topic
  readonly accept: (stream: CarrierStream) => void
  announcement: Announcement | undefined
}

/**
 * A carrier whose code is loaded when it is first used: what few people need shall not be in everybody's first load. Until then it is
 * `connecting`; a load that fails is tried again with the next use.
 */
export function lazyCarrier(name: CarrierName, load: () => Promise<Carrier>): Carrier {
  return new LazyCarrier(name, load)
}

class LazyCarrier implements Carrier {
  readonly name: CarrierName
  readonly #load: () => Promise<Carrier>
  readonly #events = new Emitter<CarrierEvents>()
  readonly #waiting = new Set<Waiting>()
  #loading: Promise<Carrier> | undefined
  #carrier: Carrier | undefined
  #closed = false

  constructor(name: CarrierName, load: () => Promise<Carrier>) {
    this.name = name
    this.#load = load
  }

  get state(): CarrierState {
    if (this.#closed) return { kind: 'closed' }
    return this.#carrier?.state ?? { kind: 'connecting', attempt: 1 }
  }

  get relayHost(): string | undefined {
    return this.#carrier?.relayHost
  }

  on<K extends keyof CarrierEvents>(event: K, listener: CarrierEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  announce(topic: Topic, accept: (stream: CarrierStream) => void): Announcement {
    const waiting: Waiting = { topic, accept, announcement: this.#carrier?.announce(topic, accept) }
    if (waiting.announcement === undefined && !this.#closed) {
      this.#waiting.add(waiting)
      // Whoever looks somebody up meets the failure; announcing goes on behind.
      this.#loaded().catch(() => undefined)
    }
    return {
      isOurs: (address) => waiting.announcement?.isOurs(address) ?? false,
      withdraw: () => {
        this.#waiting.delete(waiting)
        waiting.announcement?.withdraw()
      },
    }
  }

  async *lookup(topic: Topic, options: { signal: AbortSignal }): AsyncGenerator<CarrierAddress, void, void> {
    options.signal.throwIfAborted()
    const carrier = await this.#loaded()
    options.signal.throwIfAborted()
    yield* carrier.lookup(topic, options)
  }

  async dial(topic: Topic, address: CarrierAddress, options: { signal: AbortSignal }): Promise<CarrierStream> {
    options.signal.throwIfAborted()
    const carrier = await this.#loaded()
    return carrier.dial(topic, address, options)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#waiting.clear()
    if (this.#carrier === undefined) this.#events.emit('stateChanged', { kind: 'closed' })
    else this.#carrier.close()
    this.#events.clear()
  }

  async #loaded(): Promise<Carrier> {
    if (this.#closed) throw lost()
    this.#loading ??= this.#load().then(
      (carrier) => {
        this.#adopt(carrier)
        return carrier
      },
      () => {
        this.#loading = undefined
        throw lost()
      },
    )
    const carrier = await this.#loading
    if (this.#isClosed()) throw lost()
    return carrier
  }

  #adopt(carrier: Carrier): void {
    if (this.#closed) {
      carrier.close()
      return
    }
    this.#carrier = carrier
    carrier.on('stateChanged', (state) => {
      this.#events.emit('stateChanged', state)
    })
    for (const waiting of this.#waiting) waiting.announcement = carrier.announce(waiting.topic, waiting.accept)
    this.#waiting.clear()
    this.#events.emit('stateChanged', carrier.state)
  }

  /** It may have been closed while something was awaited. */
  #isClosed(): boolean {
    return this.#closed
  }
}

function lost(): TransportError {
  return new TransportError('carrier-lost', 'the carrier was lost or closed')
}
