import DHT from 'hyperdht'
import type { Service } from './service.ts'

/** A DHT of this run alone: nodes of other programs on this machine must not take part. `url` is `host:port`. */
export async function startDhtBootstrap(): Promise<Service> {
  const node = new DHT({ bootstrap: [], ephemeral: false, firewalled: false, host: '127.0.0.1', port: 0 })
  await node.fullyBootstrapped()
  return { url: `127.0.0.1:${node.address().port}`, close: () => node.destroy({ force: true }) }
}
