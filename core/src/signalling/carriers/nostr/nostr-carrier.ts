import { toHex } from '../../../bytes/index.ts'
import { TransportError, UsageError } from '../../../errors/index.ts'
import { Emitter, Scope, type Undo } from '../../../lifetime/index.ts'
import { RelayPool } from '../../../nostr/index.ts'
import type { Clock, Random, TextSockets } from '../../../runtime/index.ts'
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
import { Inbox } from '../inbox.ts'
import { OwnAddresses } from '../own-addresses.ts'
import { Correspondence, type Accept } from './correspondence.ts'

export interface NostrCarrierOptions {
  /** WebSocket addresses of relays; all are used at once, and one that works is enough. */
  readonly urls: readonly string[]
  readonly sockets: TextSockets
  readonly clock: Clock
  readonly random: Random
}

/** How long one lookup waits for answers, and when it asks again, in ms. */
const lookupMs = 1_200
const askAgainMs = [300, 600, 900]
/** Addresses that one lookup gives, at most: whoever knows the topic can invent them. */
const maxFoundPerLookup = 256

/**
 * Nostr relays as a road (docs/protocol/nostr-carrier.md): ephemeral gift wraps to mailboxes that nobody can link to a room or a person.
 * @throws {UsageError} `no-relay` without a URL.
 */
export function nostrCarrier(options: NostrCarrierOptions): Carrier {
  if (options.urls.length === 0) throw new UsageError('no-relay', 'at least one relay URL is needed')
  return new NostrCarrier(options)
}

interface Announced {
  readonly topic: Topic
  readonly accept: Accept
  undo: Undo
}

class NostrCarrier implements Carrier {
  readonly name: CarrierName = 'nostr'
  readonly #options: NostrCarrierOptions
  readonly #scope = new Scope()
  readonly #pool: RelayPool
  readonly #events = new Emitter<CarrierEvents>()
  readonly #announced = new Set<Announced>()
  readonly #own = new OwnAddresses()
  readonly #waiting = new Set<(open: Correspondence | undefined) => void>()
  /** Lives as long as at least one relay is connected. */
  #open: Correspondence | undefined
  #state: CarrierState = { kind: 'connecting', attempt: 1 }

  constructor(options: NostrCarrierOptions) {
    this.#options = options
    this.#pool = new RelayPool({ ...options, scope: this.#scope })
    this.#pool.onHealth(() => {
      this.#followHealth()
    })
  }

  get state(): CarrierState {
    return this.#state
  }

  get relayHost(): string | undefined {
    const ready = this.#pool.health().find(({ state }) => state === 'ready')
    return ready !== undefined && URL.canParse(ready.url) ? new URL(ready.url).hostname : undefined
  }

  on<K extends keyof CarrierEvents>(event: K, listener: CarrierEvents[K]): Undo {
    return this.#events.on(event, listener)
  }

  announce(topic: Topic, accept: Accept): Announcement {
    const announced: Announced = { topic, accept, undo: () => undefined }
    if (!this.#scope.ended) this.#announced.add(announced)
    if (this.#open !== undefined) this.#put(announced, this.#open)
    return {
      isOurs: (address) => this.#own.has(address),
      withdraw: () => {
        if (this.#announced.delete(announced)) announced.undo()
      },
    }
  }

  async *lookup(topic: Topic, { signal }: { signal: AbortSignal }): AsyncGenerator<CarrierAddress, void, void> {
    const open = await this.#opened(signal)
    signal.throwIfAborted()
    const inbox = new Inbox<CarrierAddress>()
    const found = new Set<string>()
    const question = await open.seek(topic, (address) => {
      const name = toHex(address)
      if (found.size >= maxFoundPerLookup || found.has(name) || this.#own.has(address)) return
      found.add(name)
      inbox.push(address)
    })
    const { clock } = this.#options
    const undoings = [
      question.forget,
      ...askAgainMs.map((ms) => clock.after(ms, question.repeat)),
      clock.after(lookupMs, () => {
        inbox.end()
      }),
      open.onEnd(() => {
        inbox.fail(lost())
      }),
    ]
    const aborted = (): void => {
      inbox.fail(signal.reason)
    }
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
    try {
      for await (const address of inbox.read()) {
        signal.throwIfAborted()
        yield address
      }
    } finally {
      signal.removeEventListener('abort', aborted)
      for (const undo of undoings) undo()
    }
  }

  async dial(topic: Topic, address: CarrierAddress, { signal }: { signal: AbortSignal }): Promise<CarrierStream> {
    const open = await this.#opened(signal)
    signal.throwIfAborted()
    const stream = open.dial(topic, address)
    if (stream === undefined) throw new TransportError('unreachable', 'this is no address')
    return stream
  }

  close(): void {
    if (this.#scope.ended) return
    this.#announced.clear()
    this.#open?.close()
    this.#open = undefined
    this.#scope.end()
    this.#state = { kind: 'closed' }
    this.#events.emit('stateChanged', this.#state)
    this.#wake(undefined)
    this.#events.clear()
  }

  #followHealth(): void {
    if (this.#scope.ended) return
    const isReady = this.#pool.isReady
    if (isReady && this.#open === undefined) {
      const open = new Correspondence({ ...this.#options, pool: this.#pool, scope: this.#scope.child() })
      this.#open = open
      for (const announced of this.#announced) this.#put(announced, open)
      this.#enter({ kind: 'ready', network: 'unknown' })
      this.#wake(open)
    } else if (!isReady) {
      const open = this.#open
      this.#open = undefined
      open?.lost()
      this.#enter(stateWithout(this.#pool))
    }
  }

  #put(announced: Announced, open: Correspondence): void {
    const { address, undo } = open.announce(announced.topic, announced.accept)
    this.#own.add(address)
    announced.undo = undo
  }

  async #opened(signal: AbortSignal): Promise<Correspondence> {
    signal.throwIfAborted()
    if (this.#open !== undefined) return this.#open
    if (this.#scope.ended) throw lost()
    const open = await new Promise<Correspondence | undefined>((resolve) => {
      const woken = (opened: Correspondence | undefined): void => {
        this.#waiting.delete(woken)
        signal.removeEventListener('abort', aborted)
        resolve(opened)
      }
      const aborted = (): void => {
        woken(undefined)
      }
      signal.addEventListener('abort', aborted)
      this.#waiting.add(woken)
    })
    if (open !== undefined) return open
    signal.throwIfAborted()
    throw lost()
  }

  #wake(open: Correspondence | undefined): void {
    for (const woken of [...this.#waiting]) woken(open)
  }

  #enter(state: CarrierState): void {
    const before = this.#state
    this.#state = state
    if (JSON.stringify(before) !== JSON.stringify(state)) this.#events.emit('stateChanged', state)
  }
}

/** No relay is connected: the one that is nearest to it counts. */
function stateWithout(pool: RelayPool): CarrierState {
  const health = pool.health()
  const attempt = Math.min(...health.map(({ failures }) => failures), 1_000) + 1
  const isTrying = health.some(({ state }) => state === 'connecting')
  return isTrying ? { kind: 'connecting', attempt } : { kind: 'waiting', attempt, retryInMs: 1_000 }
}

function lost(): TransportError {
  return new TransportError('carrier-lost', 'the carrier was lost or closed')
}
