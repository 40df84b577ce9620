import { randomBytes } from 'node:crypto'
import { bootstrapAnswers, type Clock, type DhtKeyPair, type HyperDht, type HyperNode } from '@p2pigeon/core/node'
import { within } from './within.ts'

const host = '127.0.0.1'
/** Ports tried below the first one, in case a stranger's program sits on it. */
const portsTried = 4
/** Pings before a port whose owner does not answer is given up; an owner that has just bound may need one. */
const pingsPerPort = 2
/** A ping on loopback has this long, in ms: dht-rpc's own second would not leave time to decide within 2 s. */
const pingMs = 400
/** The marker is put again after this time, well before its record expires, in ms. */
const markerMs = 5 * 60_000

/**
 * A DHT that reaches no further than this machine: a bootstrap node on a known port, run by the process that came
 * first, holds all records; each process has a node beside it that stores nothing.
 */
export class LocalNetwork {
  readonly node: HyperNode
  /** `host:port` of the bootstrap node. */
  readonly bootstrap: string
  readonly #bootstrapper: HyperNode | undefined
  /** A record of our own: as long as it is found, the bootstrap node has not lost our others. */
  readonly #marker = randomBytes(32)
  readonly #keyPair: DhtKeyPair
  #markedAt = -Infinity

  private constructor(dht: HyperDht, port: number, bootstrapper: HyperNode | undefined) {
    this.bootstrap = `${host}:${port}`
    this.#bootstrapper = bootstrapper
    this.#keyPair = dht.keyPair()
    this.node = new dht({ host, bootstrap: [{ host, port }], ephemeral: true, firewalled: false })
  }

  /** Starts the bootstrap node, or joins the one that another process runs; undefined when every port is taken. */
  static async open(dht: HyperDht, preferredPort: number, clock: Clock): Promise<LocalNetwork | undefined> {
    for (let port = preferredPort; port > preferredPort - portsTried && port > 0; port--) {
      const bootstrapper = await startBootstrapper(dht, port)
      if (!bootstrapper && !(await answers(dht, `${host}:${port}`, clock))) continue
      const network = new LocalNetwork(dht, port, bootstrapper)
      await network.node.fullyBootstrapped()
      await network.#mark().catch(() => undefined)
      return network
    }
    return undefined
  }

  /** True when another process runs the bootstrap node. */
  get shared(): boolean {
    return this.#bootstrapper === undefined
  }

  /** False when the bootstrap node is gone, or is a new one that does not know our records. */
  async intact(): Promise<boolean> {
    if (this.#bootstrapper) return true
    if (!(await bootstrapAnswers(this.node, [this.bootstrap]))) return false
    try {
      for await (const { peers } of this.node.lookup(this.#marker)) {
        if (!peers?.length) continue
        if (performance.now() - this.#markedAt > markerMs) await this.#mark()
        return true
      }
    } catch {
      // Lost between the ping and the search.
    }
    return false
  }

  /** Ends the bootstrap node; our own is closed by whoever uses it. */
  async close(): Promise<void> {
    await this.#bootstrapper?.destroy().catch(() => undefined)
  }

  async #mark(): Promise<void> {
    await this.node.announce(this.#marker, this.#keyPair, []).finished()
    this.#markedAt = performance.now()
  }
}

/** Undefined when the port is taken. */
async function startBootstrapper(dht: HyperDht, port: number): Promise<HyperNode | undefined> {
  const node = dht.bootstrapper(port, host, { host })
  try {
    await node.fullyBootstrapped()
    return node
  } catch {
    await node.destroy().catch(() => undefined)
    return undefined
  }
}

async function answers(dht: HyperDht, address: string, clock: Clock): Promise<boolean> {
  const probe = new dht({ host, bootstrap: [] })
  try {
    for (let ping = 0; ping < pingsPerPort; ping++) {
      if (await within(clock, pingMs, bootstrapAnswers(probe, [address]))) return true
    }
    return false
  } finally {
    await probe.destroy().catch(() => undefined)
  }
}
