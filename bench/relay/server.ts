/*
 * A Nostr relay as a process of its own: `ours` with the rates lifted, so that the machine is the bound and not the limits, or the
 * `floor`, which passes events on without verifying or storing any. Says its URL in one line; ends with its standard input.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@p2pigeon/core/node'
import { createNostrRelay } from '../../app/src/nostr-relay/index.ts'
import { startNostrRelay } from '../servers/index.ts'

const [which, file = ':memory:'] = process.argv.slice(2)

async function startOurs(): Promise<string> {
  const unbounded = 1e12
  const relay = createNostrRelay({
    clock: systemClock,
    log: { info: () => undefined, warn: (line) => console.error(line) },
    file,
    limits: {
      maxConnectionsPerAddress: 1_000,
      connectionBurst: unbounded,
      requestBurst: unbounded,
      eventBurst: unbounded,
      totalEventBurst: unbounded,
      byteBurst: unbounded,
      workBurstMs: unbounded,
      mailBurst: unbounded,
    },
  })
  const server = createServer()
  server.on('upgrade', (request, socket, head) => {
    relay.handleUpgrade(request, socket, head)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

console.log(which === 'ours' ? await startOurs() : (await startNostrRelay()).url)
process.stdin.resume().once('end', () => process.exit())
