/*
 * How long joining takes by each road, and by the next one when the preferred road is dead. `tsx roads/run.ts [rounds]` in bench/; prints a Markdown
 * table. Headless people, one node as a process of its own; a row and the one that it is compared with are measured in the same round.
 */
import { createServer, type Server } from 'node:net'
import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import { ProtocolManager, type ProtocolConfigs, type Room } from '@p2pigeon/core'
import { nodeRuntime } from '@p2pigeon/core/node'
import { connected, seen } from '../authority/gathering.ts'
import { BenchFault } from '../page/fault.ts'
import { median } from '../report/index.ts'
import { startDhtBootstrap, startPigeonNode } from '../servers/index.ts'

const rounds = Number(process.argv[2] ?? 9)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 50)
  throw new BenchFault('rounds is a whole number from 1 to 50')

type Roads = Pick<ProtocolConfigs, 'serverlessMesh' | 'webrtc' | 'nostr'>

async function join(link: string, roads: Roads, host: Room): Promise<number> {
  const manager = new ProtocolManager()
  const start = performance.now()
  await manager.initialize({ displayName: 'joiner', runtime: nodeRuntime(), ...roads })
  const room = await manager.joinRoom(link)
  await seen(room, (view) => connected(view) === 1)
  const took = performance.now() - start
  await manager.close()
  await seen(host, (view) => connected(view) === 0)
  return took
}

/** Accepts and says nothing, as a network that drops packets does. */
async function startBlackHole(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return server
}

const bootstrap = await startDhtBootstrap()
const node = await startPigeonNode({ PIGEON_DHT_BOOTSTRAP: bootstrap.url, PIGEON_NOSTR: 'on' })
const hole = await startBlackHole()
const host = new ProtocolManager()
const taken = new Map<string, number[]>()
try {
  const base = node.url.replace(/^http/, 'ws')
  const address = hole.address()
  const silent = `ws://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}/dht`
  const dht = { serverlessMesh: { relayUrls: [`${base}/dht`] } }
  const server = { webrtc: { urls: [`${base}/signalling`] } }
  const nostr = { nostr: { relayUrls: [`${base}/nostr`] } }
  const refused = { serverlessMesh: { relayUrls: ['ws://127.0.0.1:1/dht'] } }
  const dropped = { serverlessMesh: { relayUrls: [silent] } }
  const cases: readonly (readonly [string, Roads])[] = [
    ['DHT relay alone', dht],
    ['signalling server alone', server],
    ['Nostr relay alone', nostr],
    ['all three', { ...dht, ...server, ...nostr }],
    ['DHT refused, then the server', { ...refused, ...server }],
    ['DHT silent, then the server', { ...dropped, ...server }],
    ['DHT refused, then Nostr', { ...refused, ...nostr }],
    ['DHT silent, then Nostr', { ...dropped, ...nostr }],
  ]
  await host.initialize({ displayName: 'host', runtime: nodeRuntime(), ...dht, ...server, ...nostr })
  const link = await host.createRoomLink({ privacy: 'lan' })
  const room = await host.joinRoom(link)
  await seen(room, ({ roads }) => roads.every(({ state }) => state.kind === 'ready'))
  for (let round = 0; round <= rounds; round++) {
    for (const [row, roads] of round % 2 === 0 ? cases : cases.toReversed()) {
      const took = await join(link, roads, room)
      if (round > 0) taken.set(row, [...(taken.get(row) ?? []), took])
    }
  }
} finally {
  await host.close()
  hole.close()
  await node.close()
  await bootstrap.close()
}

const ms = (row: string): number => median(taken.get(row) ?? [])
const alone: Readonly<Record<string, string>> = { server: 'signalling server alone', Nostr: 'Nostr relay alone' }
console.log(
  `Node ${process.version}, ${String(cpus().length)} cores, ${String(rounds)} rounds, medians (min–max), ms to the open data channel`,
)
console.log('| roads | ms | × the road itself |\n| --- | --- | --- |')
for (const [row, values] of taken) {
  const itself = Object.entries(alone).find(([name]) => row.endsWith(name))?.[1]
  const ratio = itself === undefined ? '' : (ms(row) / ms(itself)).toFixed(2)
  console.log(
    `| ${row} | ${ms(row).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}) | ${ratio} |`,
  )
}
