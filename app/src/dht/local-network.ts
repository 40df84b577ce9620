import { bootstrapAnswers, type HyperDht, type HyperNode } from '@p2pigeon/core/node'

const host = '127.0.0.1'
/** Ports tried below the first one, in case a stranger's program sits on it. */
const portsTried = 4
/** Pings before a port whose owner does not answer is given up; an owner that has just bound may need one. */
const pingsPerPort = 2

/** A DHT that reaches no further than this machine: one bootstrap node on a known port, and our node beside it. */
export class LocalNetwork {
  readonly node: HyperNode
  readonly #dht: HyperDht
  readonly #port: number
  #bootstrapper: HyperNode | undefined

  private constructor(dht: HyperDht, port: number, bootstrapper: HyperNode | undefined) {
    this.#dht = dht
    this.#port = port
    this.#bootstrapper = bootstrapper
    // Our node stores records too, so that they outlive a restart of the process that runs the bootstrap node.
    this.node = new dht({ host, bootstrap: [{ host, port }], ephemeral: false, firewalled: false })
  }

  /** Starts the bootstrap node, or joins the one that another process of this machine runs. */
  static async open(dht: HyperDht, preferredPort: number): Promise<LocalNetwork | undefined> {
    for (let port = preferredPort; port > preferredPort - portsTried && port > 0; port--) {
      const bootstrapper = await startBootstrapper(dht, port, [])
      if (bootstrapper || (await LocalNetwork.#answers(dht, port))) {
        const network = new LocalNetwork(dht, port, bootstrapper)
        await network.node.fullyBootstrapped()
        return network
      }
    }
    return undefined
  }

  /** True when another process runs the bootstrap node. */
  get shared(): boolean {
    return this.#bootstrapper === undefined
  }

  /** Takes the bootstrap node over if the process that ran it is gone. Our own node and its records stay. */
  async heal(): Promise<void> {
    if (!this.shared || (await bootstrapAnswers(this.node, [`${host}:${this.#port}`]))) return
    const address = this.node.address()
    this.#bootstrapper = await startBootstrapper(this.#dht, this.#port, address ? [{ host, port: address.port }] : [])
  }

  /** Ends the bootstrap node; our own is closed by whoever uses it. */
  async close(): Promise<void> {
    await this.#bootstrapper?.destroy().catch(() => undefined)
  }

  static async #answers(dht: HyperDht, port: number): Promise<boolean> {
    const probe = new dht({ host, bootstrap: [] })
    try {
      for (let ping = 0; ping < pingsPerPort; ping++) {
        if (await bootstrapAnswers(probe, [`${host}:${port}`])) return true
      }
      return false
    } finally {
      await probe.destroy().catch(() => undefined)
    }
  }
}

/** Undefined when the port is taken. */
async function startBootstrapper(
  dht: HyperDht,
  port: number,
  bootstrap: readonly { host: string; port: number }[],
): Promise<HyperNode | undefined> {
  const node = dht.bootstrapper(port, host, { host, bootstrap })
  try {
    await node.fullyBootstrapped()
    return node
  } catch {
    await node.destroy().catch(() => undefined)
    return undefined
  }
}
