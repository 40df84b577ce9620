import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import DHT from 'hyperdht'

/** A DHT of this test alone, so that no journey meets another one or the public network. */
export interface DhtBootstrap {
  /** `host:port` to join through. */
  readonly address: string
  close(): Promise<void>
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  await once(socket, 'close')
  return port
}

export async function startDhtBootstrap(): Promise<DhtBootstrap> {
  const port = await freeUdpPort()
  const dht = DHT.bootstrapper(port, '127.0.0.1', { host: '127.0.0.1' })
  await dht.fullyBootstrapped()
  return { address: `127.0.0.1:${port}`, close: () => dht.destroy() }
}
