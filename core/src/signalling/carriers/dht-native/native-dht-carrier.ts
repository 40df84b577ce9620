import { TransportError, UsageError } from '../../../errors/index.ts'
import { Emitter, Scope, type Undo } from '../../../lifetime/index.ts'
import { systemClock } from '../../../runtime/platform/index.ts'
import type { Clock } from '../../../runtime/index.ts'
import type {
  Announcement,
  Carrier,
  CarrierAddress,
  CarrierEvents,
  CarrierState,
  CarrierStream,
  Topic,
} from '../../carrier.ts'
import { FramedStream } from '../framing/index.ts'
import { OwnAddresses } from '../own-addresses.ts'
import { bootstrapAnswers, parseBootstrap } from './bootstrap.ts'
import { DhtNode, type DhtStream } from './dht-node.ts'
import { DhtPipe, maxPieceBytes, pauseAtBytes } from './dht-pipe.ts'
import { loadHyperDht, type HyperDht, type HyperNode } from './hyperdht.ts'
import { IncomingStreams } from './incoming-streams.ts'

/** How often a network that does not answer is asked again, in ms. */
const retryMs = 5_000
/** Bound to this address a node reaches no further than its machine. */
const machine = '127.0.0.1'

export interface NativeDhtCarrierOptions {
  /** `host:port` of the nodes to join through; the public ones by default. */
  readonly bootstrap?: readonly string[]
  /** Address of the interface to bind to; all of them by default. On 127.0.0.1 nobody beyond this machine is met. */
  readonly host?: string
  readonly clock?: Clock
}

/**
 * The DHT itself, over UDP: for Node. Needs the optional peer dependency `hyperdht`, which is loaded here; when it is
 * missing, lookups and dials throw UsageError `hyperdht-missing`.
 */
export function nativeDhtCarrier(options: NativeDhtCarrierOptions = {}): Carrier {
  return new NativeDhtCarrier(options)
}

class NativeDhtCarrier implements Carrier {
  readonly name = 'dht'
  readonly relayHost = undefined
  readonly #emitter = new Emitter<CarrierEvents>()
  readonly #scope = new Scope()
  readonly #clock: Clock
  readonly #own = new OwnAddresses()
  readonly #live = new Set<FramedStream>()
  readonly #incoming = new IncomingStreams()
  readonly #withdrawals = new Set<() => Promise<void>>()
  readonly #node: Promise<DhtNode>
  /** Settles when the network has answered for the first time. */
  readonly #ready: Promise<DhtNode>
  #state: CarrierState = { kind: 'connecting', attempt: 1 }

  constructor(options: NativeDhtCarrierOptions) {
    this.#clock = options.clock ?? systemClock
    const joined = this.#join(options)
    this.#node = joined.then(({ node }) => node)
    this.#ready = joined.then(async ({ dht, raw, node }) => {
      await this.#answered(raw, options.bootstrap ?? dht.BOOTSTRAP)
      this.#enter({ kind: 'ready', network: networkOf(options) })
      return node
    })
    // Failures are told to whoever looks up or dials.
    this.#node.catch(() => undefined)
    this.#ready.catch(() => undefined)
  }

  get state(): CarrierState {
    return this.#state
  }

  on<K extends keyof CarrierEvents>(event: K, listener: CarrierEvents[K]): Undo {
    return this.#emitter.on(event, listener)
  }

  announce(topic: Topic, accept: (stream: CarrierStream) => void): Announcement {
    let withdraw: () => Promise<void> = () => Promise.resolve()
    let withdrawn = false
    const put = (node: DhtNode) => {
      if (withdrawn || this.#scope.ended) return
      const keyPair = node.newKeyPair()
      this.#own.add(new Uint8Array(keyPair.publicKey))
      const announcement = node.announce(topic, keyPair, (stream) => {
        if (this.#incoming.admit(stream)) accept(this.#stream(topic, stream))
      })
      withdraw = () => announcement.withdraw()
      this.#withdrawals.add(withdraw)
    }
    this.#node.then(put, () => undefined)
    return {
      isOurs: (address) => this.#own.has(address),
      withdraw: () => {
        withdrawn = true
        if (this.#withdrawals.delete(withdraw)) void withdraw()
      },
    }
  }

  async *lookup(topic: Topic, { signal }: { signal: AbortSignal }): AsyncGenerator<CarrierAddress, void, void> {
    try {
      const node = await this.#wanted(signal)
      for await (const address of node.lookup(topic, { signal: this.#until(signal) })) {
        if (!this.#own.has(address)) yield address
      }
    } catch (error) {
      throw this.#reason(error, signal)
    }
  }

  async dial(topic: Topic, address: CarrierAddress, { signal }: { signal: AbortSignal }): Promise<CarrierStream> {
    try {
      const node = await this.#wanted(signal)
      return this.#stream(topic, await node.dial(address, { signal: this.#until(signal) }))
    } catch (error) {
      throw this.#reason(error, signal)
    }
  }

  close(): void {
    if (this.#scope.ended) return
    this.#enter({ kind: 'closed' })
    this.#scope.end()
    this.#emitter.clear()
    for (const stream of [...this.#live]) stream.end('carrier-lost')
    this.#live.clear()
    void this.#leave()
  }

  async #leave(): Promise<void> {
    await Promise.all([...this.#withdrawals].map((withdraw) => withdraw()))
    const node = await this.#node.catch(() => undefined)
    await node?.close()
  }

  async #join(options: NativeDhtCarrierOptions): Promise<{ dht: HyperDht; raw: HyperNode; node: DhtNode }> {
    const dht = await loadHyperDht().catch((cause: unknown) => {
      throw new UsageError('hyperdht-missing', 'install the package hyperdht to use this carrier', { cause })
    })
    const onMachine = options.host === machine
    const raw = new dht({
      ...(options.bootstrap && { bootstrap: options.bootstrap.map(parseBootstrap) }),
      ...(options.host !== undefined && { host: options.host }),
      // No NAT between processes of one machine; a handful of nodes could not tell, and dials would wait for it.
      ...(onMachine && { ephemeral: true, firewalled: false }),
    })
    const node = new DhtNode(dht, raw, this.#clock, onMachine ? 'machine' : 'world')
    return { dht, raw, node }
  }

  /** hyperdht does not say when nobody answers, so the bootstrap nodes are asked, again and again until one does. */
  async #answered(raw: HyperNode, bootstrap: readonly string[]): Promise<void> {
    for (let attempt = 1; !(await bootstrapAnswers(raw, bootstrap)); attempt++) {
      if (this.#scope.ended) throw lost()
      this.#enter({ kind: 'waiting', attempt, retryInMs: retryMs })
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(retryMs, () => {
          forget()
          resolve()
        })
        const forget = this.#scope.onEnd(() => {
          cancel()
          resolve()
        })
      })
      this.#enter({ kind: 'connecting', attempt: attempt + 1 })
    }
    await raw.fullyBootstrapped()
  }

  #stream(topic: Topic, stream: DhtStream): CarrierStream {
    const pipe = new DhtPipe(stream, this.#clock)
    const framed: FramedStream = new FramedStream(
      this.name,
      topic,
      {
        write: (bytes) => pipe.write(bytes),
        consumed: (count) => {
          pipe.consumed(count)
        },
        close: () => {
          this.#live.delete(framed)
          pipe.close()
        },
      },
      pauseAtBytes + maxPieceBytes,
    )
    this.#live.add(framed)
    pipe.start({
      received: (bytes) => {
        framed.receive(bytes)
      },
      ended: () => {
        this.#live.delete(framed)
        framed.end('remote')
      },
    })
    return framed
  }

  async #wanted(signal: AbortSignal): Promise<DhtNode> {
    const until = this.#until(signal)
    until.throwIfAborted()
    let aborted: Undo = () => undefined
    const never = new Promise<undefined>((resolve) => {
      aborted = () => {
        resolve(undefined)
      }
      until.addEventListener('abort', aborted)
    })
    try {
      const node = await Promise.race([this.#ready, never])
      if (node) return node
    } finally {
      until.removeEventListener('abort', aborted)
    }
    throw lost()
  }

  #until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#scope.signal])
  }

  #reason(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason
    return this.#scope.ended ? lost() : error
  }

  #enter(state: CarrierState): void {
    if (this.#scope.ended) return
    this.#state = state
    this.#emitter.emit('stateChanged', state)
  }
}

function networkOf({ host, bootstrap }: NativeDhtCarrierOptions): 'public' | 'local' | 'unknown' {
  if (host === machine) return 'local'
  return bootstrap === undefined ? 'public' : 'unknown'
}

function lost(): TransportError {
  return new TransportError('carrier-lost', 'the carrier was closed')
}
