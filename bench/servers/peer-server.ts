import { PeerServer } from 'peer'
import type { Server } from 'node:http'
import { BenchFault } from '../page/fault.ts'
import { closeServer, type Service } from './service.ts'

/** PeerJS's own server. Its housekeeping timers have no stop: they end with this process. */
export async function startPeerServer(): Promise<Service> {
  const server = await new Promise<Server>((resolve) => {
    PeerServer({ port: 0, host: '127.0.0.1', path: '/peerjs' }, (started) => resolve(started))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new BenchFault('the PeerJS server has no port')
  return { url: `http://127.0.0.1:${address.port}/peerjs`, close: () => closeServer(server) }
}
