import { isIPv4 } from 'node:net'
import {
  bootstrapAnswers,
  DhtNode,
  parseBootstrap,
  TransportError,
  webRandom,
  type HyperDht,
  type HyperNode,
} from '@p2pigeon/core/node'
import type { DhtNetwork, DhtOptions, DhtService, DhtStatus } from './contract.ts'
import { LocalNetwork } from './local-network.ts'
import { within } from './within.ts'
import { localStatus, publicStatus } from './words.ts'

/** Where nodes of one machine meet; next to hyperdht's own 49737. */
const defaultLocalPort = 49_736
const defaultRecheckMs = 30_000
/** A local network hangs on one process; checking it costs two packets on loopback. */
const localRecheckMs = 5_000
/** The public network has this long to answer at the start; opening the local one takes far less than the rest of 2 s. */
const decideMs = 1_100
/** A node that answers is waited for this long to find its place; it goes on finding it after that. */
const joinMs = 600
/** A former node stays this long even without streams: to finish searches, and to take records back. */
const graceMs = 5_000
/** Bound to this address a node reaches no further than its machine. */
const machine = '127.0.0.1'
/** Checks in a row that must fail before a network that worked is called unreachable: single pings get lost. */
const failuresForgiven = 2

interface Current {
  readonly network: DhtNetwork
  readonly raw: HyperNode
  readonly node: DhtNode
  readonly local: LocalNetwork | undefined
}

/** The node in use, and the moves from one network to another. */
export class DhtSwitch implements DhtService {
  readonly #dht: HyperDht
  readonly #options: DhtOptions
  readonly #bootstrap: readonly string[]
  readonly #networkListeners = new Set<(network: DhtNetwork) => void>()
  readonly #statusListeners = new Set<(status: DhtStatus) => void>()
  /** The present one, and former ones whose streams have not ended. */
  readonly #open = new Set<Current>()
  readonly #graces = new Set<() => void>()
  #current: Current | undefined
  #status: DhtStatus = publicStatus(false)
  #failures = 0
  #sinceProbeMs = 0
  #closed = false
  #checking: Promise<void> = Promise.resolve()
  #cancelTimer: () => void = () => undefined

  constructor(dht: HyperDht, options: DhtOptions) {
    this.#dht = dht
    this.#options = options
    this.#bootstrap = options.bootstrap ?? dht.BOOTSTRAP
    for (const text of this.#bootstrap) parseBootstrap(text)
  }

  get network(): DhtNetwork {
    return this.#now().network
  }

  get status(): DhtStatus {
    return this.#status
  }

  get bootstrap(): readonly string[] {
    const { local } = this.#now()
    return local ? [local.bootstrap] : this.#bootstrap
  }

  node(): DhtNode {
    return this.#now().node
  }

  hyperNode(): HyperNode {
    return this.#now().raw
  }

  onNetworkChanged(changed: (network: DhtNetwork) => void): () => void {
    this.#networkListeners.add(changed)
    return () => this.#networkListeners.delete(changed)
  }

  onStatusChanged(changed: (status: DhtStatus) => void): () => void {
    this.#statusListeners.add(changed)
    return () => this.#statusListeners.delete(changed)
  }

  async start(): Promise<void> {
    const { mode } = this.#options
    const reachable = mode !== 'local' && (await within(this.#options.clock, decideMs, this.#probe()))
    if (mode === 'public' || reachable) {
      await this.#use(this.#joinPublic())
      this.#say(publicStatus(reachable))
    } else {
      await this.#useLocal()
    }
    this.#schedule()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#cancelTimer()
    for (const cancel of this.#graces) cancel()
    this.#networkListeners.clear()
    this.#statusListeners.clear()
    await this.#checking
    await Promise.all([...this.#open].map((current) => this.#end(current)))
  }

  #now(): Current {
    if (!this.#current) throw new TransportError('dht-not-started', 'the node has not started')
    return this.#current
  }

  /** A method, because a field would count as unchanged over an await. */
  #isClosed(): boolean {
    return this.#closed
  }

  #schedule(): void {
    if (this.#closed) return
    const recheckMs = this.#options.recheckMs ?? defaultRecheckMs
    const everyMs = this.#current?.local ? Math.min(recheckMs, localRecheckMs) : recheckMs
    const jitter = 0.8 + (0.4 * (webRandom.bytes(1)[0] ?? 0)) / 255
    this.#sinceProbeMs += everyMs
    this.#cancelTimer = this.#options.clock.after(everyMs * jitter, () => {
      this.#checking = this.#check()
        .catch(() => undefined)
        .then(() => {
          this.#schedule()
        })
    })
  }

  async #check(): Promise<void> {
    const { mode } = this.#options
    const current = this.#now()
    if (current.local && !(await current.local.intact()) && !this.#isClosed()) await this.#useLocal()
    const due = this.#sinceProbeMs >= (this.#options.recheckMs ?? defaultRecheckMs)
    if (mode === 'local' || !due || this.#isClosed()) return
    this.#sinceProbeMs = 0
    const reachable = await this.#probe()
    if (this.#isClosed()) return
    this.#failures = reachable ? 0 : this.#failures + 1
    const was = this.#status.kind
    if (reachable && was !== 'public') {
      // Also from an unreachable public network: a node that started in silence knows neither peers nor its own address.
      await this.#use(this.#joinPublic())
      this.#say(publicStatus(true))
    } else if (!reachable && was === 'public' && this.#failures >= failuresForgiven) {
      this.#say(publicStatus(false))
    }
  }

  async #useLocal(): Promise<void> {
    const current = await this.#joinLocal()
    await this.#use(current)
    this.#say(localStatus(this.#options.mode, current.local?.shared ?? true))
  }

  #joinPublic(): Current {
    if (this.#bootstrap.length > 0 && this.#bootstrap.every(isOnMachine)) return this.#joinOnMachine('public')
    const raw = new this.#dht({ bootstrap: this.#bootstrap.map(parseBootstrap) })
    return { network: 'public', raw, node: this.#wrap(raw, 'world'), local: undefined }
  }

  /** No NAT between processes of one machine; a handful of nodes could not tell, and dials would wait for it. */
  #joinOnMachine(network: DhtNetwork): Current {
    const bootstrap = this.#bootstrap.map(parseBootstrap)
    const raw = new this.#dht({ host: machine, bootstrap, ephemeral: true, firewalled: false })
    return { network, raw, node: this.#wrap(raw, 'machine'), local: undefined }
  }

  async #joinLocal(): Promise<Current> {
    const { mode, bootstrap } = this.#options
    if (mode === 'local' && bootstrap) return this.#joinOnMachine('local')
    const local = await LocalNetwork.open(this.#dht, this.#options.localPort ?? defaultLocalPort, this.#options.clock)
    if (!local) throw new TransportError('no-local-port', 'every UDP port for the local DHT is taken')
    return { network: 'local', raw: local.node, node: this.#wrap(local.node, 'machine'), local }
  }

  #wrap(raw: HyperNode, reach: 'world' | 'machine'): DhtNode {
    return new DhtNode(this.#dht, raw, this.#options.clock, reach)
  }

  /** Makes `next` the node in use; the former one ends with its last stream. */
  async #use(next: Current): Promise<void> {
    this.#open.add(next)
    await within(
      this.#options.clock,
      joinMs,
      next.raw.fullyBootstrapped().then(() => true),
    )
    const former = this.#current
    this.#current = next
    if (!former || this.#closed) return
    for (const changed of [...this.#networkListeners]) changed(next.network)
    const cancel = this.#options.clock.after(graceMs, () => {
      this.#graces.delete(cancel)
      void former.node.idle().then(() => this.#end(former))
    })
    this.#graces.add(cancel)
  }

  async #end(current: Current): Promise<void> {
    if (!this.#open.delete(current)) return
    await current.node.close()
    await current.local?.close()
  }

  #say(status: DhtStatus): void {
    this.#status = status
    if (status.kind === 'public-unreachable') this.#options.log.warn(status.words)
    else this.#options.log.info(status.words)
    for (const changed of [...this.#statusListeners]) changed(status)
  }

  async #probe(): Promise<boolean> {
    if (this.#options.probe) return await this.#options.probe(this.#bootstrap)
    const probe = new this.#dht({ bootstrap: [] })
    try {
      return await bootstrapAnswers(probe, this.#bootstrap)
    } finally {
      await probe.destroy().catch(() => undefined)
    }
  }
}

function isOnMachine(bootstrap: string): boolean {
  const { host } = parseBootstrap(bootstrap)
  return host === 'localhost' || (isIPv4(host) && host.startsWith('127.'))
}
