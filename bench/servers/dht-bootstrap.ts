import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import DHT from 'hyperdht'
import type { Service } from './service.ts'

const host = '127.0.0.1'

/**
 * A DHT of this run alone: nodes of other programs on this machine must not take part. `url` is `host:port`.
 * Only a bootstrapper knows its address from the start and so stores records for others.
 */
export async function startDhtBootstrap(): Promise<Service> {
  const port = await freeUdpPort()
  const node = DHT.bootstrapper(port, host, { host })
  await node.fullyBootstrapped()
  return { url: `${host}:${port}`, close: () => node.destroy({ force: true }) }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}
