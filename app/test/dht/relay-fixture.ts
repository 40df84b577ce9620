import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { dhtRelayCarrier, type Carrier } from '@p2pigeon/core'
import { nodeRuntime, systemClock } from '@p2pigeon/core/node'
import { startDht, type DhtOptions, type DhtService } from '../../src/dht/index.ts'
import { createHypernat, type Hypernat, type HypernatOptions } from '../../src/hypernat/index.ts'

export const silentLog = { info: () => undefined, warn: () => undefined }

/** A real relay behind a real HTTP server on a free port. */
export interface RelayFixture {
  readonly url: string
  readonly dht: DhtService
  readonly hypernat: Hypernat
  /** Destroys every TCP connection, as a failing network would. */
  cut(): void
  close(): Promise<void>
}

export async function startRelay(
  dht: Partial<DhtOptions>,
  hypernat: Partial<HypernatOptions> = {},
): Promise<RelayFixture> {
  const service = await startDht({ mode: 'local', clock: systemClock, log: silentLog, ...dht })
  // Tests look again at once until somebody is found, which would use up what the relay allows one address.
  const limits = { requestBurst: 1e6, ...hypernat.limits }
  const relay = createHypernat({ beyond: service, clock: systemClock, log: silentLog, ...hypernat, limits })
  const server = createServer()
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => {
    relay.handleUpgrade(request, socket, head)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/dht`,
    dht: service,
    hypernat: relay,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      await relay.close()
      await new Promise((closed) => server.close(closed))
      await service.close()
    },
  }
}

export function relayCarrier(...urls: string[]): Carrier {
  return dhtRelayCarrier({ urls, ...nodeRuntime() })
}
