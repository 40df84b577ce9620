/*
 * A signalling server as a process of its own: `ours` with the rates lifted, so that the machine is the bound and not the limits, or npm's `peer`.
 * Says its URL in one line.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@p2pigeon/core/node'
import { createSignalling, LocalBus } from '../../app/src/signalling/index.ts'
import { startPeerServer } from '../servers/index.ts'

async function startOurs(): Promise<string> {
  const unbounded = 1e9
  const signalling = createSignalling({
    bus: new LocalBus(),
    clock: systemClock,
    log: { info: () => undefined, warn: (line) => console.error(line) },
    limits: {
      maxConnectionsPerAddress: unbounded,
      connectionBurst: unbounded,
      requestBurst: unbounded,
      maxConnections: unbounded,
      maxStreams: unbounded,
      maxAnnouncements: unbounded,
      maxLookups: unbounded,
    },
  })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    signalling.handleUpgrade(request, socket, head)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

console.log(process.argv[2] === 'ours' ? await startOurs() : (await startPeerServer()).url)
process.stdin.resume().once('end', () => process.exit())
