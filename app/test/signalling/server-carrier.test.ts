import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { describe } from 'vitest'
import { runCarrierSuite } from '@p2pigeon/core/testing'
import { serverCarrier } from '@p2pigeon/core'
import { nodeRuntime, systemClock } from '@p2pigeon/core/node'
import { createSignalling, LocalBus, openRedisBus, type Bus } from '../../src/signalling/index.ts'
import { silentLog } from '../dht/relay-fixture.ts'
import { findRedis, startRedis } from './redis-server.ts'

interface Server {
  readonly url: string
  cut(): void
  close(): Promise<void>
}

async function startServer(bus: Bus): Promise<Server> {
  // Tests look again at once until somebody is found, which would use up what the server allows one address.
  const signalling = createSignalling({ bus, clock: systemClock, log: silentLog, limits: { requestBurst: 1e6 } })
  const http = createServer()
  const sockets = new Set<Socket>()
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  http.on('upgrade', (request, socket, head) => {
    signalling.handleUpgrade(request, socket, head)
  })
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening))
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/signalling`,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      await signalling.close()
      await new Promise((closed) => http.close(closed))
    },
  }
}

function worldOf(servers: readonly Server[], close: () => Promise<void>) {
  let turn = 0
  return {
    carrier: () => serverCarrier({ urls: [servers[turn++ % servers.length]?.url ?? ''], ...nodeRuntime() }),
    interrupt: () => {
      for (const server of servers) server.cut()
      return Promise.resolve()
    },
    close: async () => {
      for (const server of servers) await server.close()
      await close()
    },
  }
}

runCarrierSuite(
  'server, one alone',
  async () => {
    const bus = new LocalBus()
    return worldOf([await startServer(bus)], () => bus.close())
  },
  { reconnects: true },
)

runCarrierSuite(
  'server, two that share a bus in their process',
  async () => {
    const bus = new LocalBus()
    return worldOf([await startServer(bus), await startServer(bus)], () => bus.close())
  },
  { reconnects: true },
)

const redis = findRedis()
describe.skipIf(redis === undefined)('with redis-server, where it is installed', () => {
  runCarrierSuite(
    'server, two that share a Redis',
    async () => {
      const server = await startRedis(redis ?? '')
      const buses = [openRedisBus(server.url, { log: silentLog }), openRedisBus(server.url, { log: silentLog })]
      const servers = await Promise.all(buses.map((bus) => startServer(bus)))
      return worldOf(servers, async () => {
        for (const bus of buses) await bus.close()
        await server.kill()
      })
    },
    { reconnects: true },
  )
})
