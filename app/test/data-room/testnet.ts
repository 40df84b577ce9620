import { loadHyperDht, type HyperNode } from '@p2pigeon/core/node'
import type { DhtService } from '../../src/dht/index.ts'

export interface Testnet {
  /** `host:port` of the nodes to join through. */
  readonly bootstrap: readonly string[]
  /** A node of its own on the net, as the data room borrows it. */
  borrow(): Promise<Pick<DhtService, 'hyperNode' | 'onNetworkChanged'>>
  close(): Promise<void>
}

/** A real DHT of a few nodes on loopback. */
export async function startTestnet(): Promise<Testnet> {
  const Dht = await loadHyperDht()
  const host = '127.0.0.1'
  const first = Dht.bootstrapper(0, host, { host })
  await first.fullyBootstrapped()
  const { port } = first.address()
  const bootstrap = [{ host, port }]
  const nodes: HyperNode[] = []
  for (let n = 0; n < 3; n++) {
    const node = new Dht({ host, bootstrap, ephemeral: false, firewalled: false })
    await node.fullyBootstrapped()
    nodes.push(node)
  }
  return {
    bootstrap: [`${host}:${String(port)}`],
    async borrow() {
      const node = new Dht({ host, bootstrap, ephemeral: true, firewalled: false })
      await node.fullyBootstrapped()
      nodes.push(node)
      return { hyperNode: () => node, onNetworkChanged: () => () => undefined }
    },
    async close() {
      for (const node of nodes.reverse()) await node.destroy({ force: true })
      await first.destroy({ force: true })
    },
  }
}
