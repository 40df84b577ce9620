import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { FakeClock } from '../../../testing/index.ts'
import { nodeRuntime } from '../../../runtime/node/index.ts'
import type { Carrier, CarrierState } from '../../carrier.ts'
import { Roads } from '../../roads.ts'
import { relayCarrier } from './relay-carrier.ts'
import { encodeFrame, subprotocols, type Frame } from './wire/index.ts'

const welcome: Frame = {
  type: 'welcome',
  minors: { min: 0, max: 0 },
  network: 'public',
  keepaliveMs: 20_000,
  windowBytes: 262_144,
  maxDataBytes: 65_536,
  maxStreams: 9,
  maxAnnouncements: 9,
  maxLookups: 9,
}
const random = { bytes: (length: number) => new Uint8Array(length).fill(127) }

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A server of bare TCP connections. */
async function tcpServer(connected: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    connected(socket)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `ws://127.0.0.1:${String((server.address() as { port: number }).port)}/signalling`
}

/** A server that speaks WebSocket and then does what `connected` does. */
async function socketServer(connected: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('error', () => undefined)
    connected(socket)
  })
  await new Promise((listening) => server.once('listening', listening))
  cleanups.push(() => {
    for (const socket of server.clients) socket.terminate()
    server.close()
  })
  return `ws://127.0.0.1:${String((server.address() as { port: number }).port)}/signalling`
}

function carrier(name: 'server' | 'dht', url: string, clock: FakeClock): Carrier {
  const subprotocol = name === 'server' ? subprotocols.server : subprotocols.dht
  const made = relayCarrier({ name, subprotocol }, { urls: [url], sockets: nodeRuntime().sockets, clock, random })
  cleanups.push(() => {
    made.close()
  })
  return made
}

const entered = (of: Carrier, kind: CarrierState['kind']) =>
  new Promise<void>((resolve) => {
    if (of.state.kind === kind) resolve()
    of.on('stateChanged', (state) => {
      if (state.kind === kind) resolve()
    })
  })

const sendWelcome = (socket: WebSocket) => {
  socket.send(encodeFrame(welcome))
}
/** As fast as the other side takes it. */
function flood(socket: WebSocket, say: () => void): void {
  sendWelcome(socket)
  const timer = setInterval(() => {
    for (let count = 0; count < 1_000; count++) say()
  })
  socket.on('close', () => {
    clearInterval(timer)
  })
}

const page = '<!doctype html><title>Sign in to the network</title>'
const hostile: Record<string, () => Promise<string>> = {
  'answers with a page': () =>
    tcpServer((socket) => {
      socket.once('data', () => {
        socket.end(
          `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${String(page.length)}\r\n\r\n${page}`,
        )
      })
    }),
  'answers with another protocol altogether': () =>
    tcpServer((socket) => {
      socket.end('220 mail.example.org ESMTP\r\n')
    }),
  'sends a message of 100 MB': () =>
    socketServer((socket) => {
      sendWelcome(socket)
      socket.send(new Uint8Array(100_000_000))
    }),
  'sends text': () =>
    socketServer((socket) => {
      sendWelcome(socket)
      socket.send('{"please":"use plaintext"}')
    }),
  'floods with pings of the protocol': () =>
    socketServer((socket) => {
      const ping = encodeFrame({ type: 'ping', id: 1 })
      flood(socket, () => {
        socket.send(ping)
      })
    }),
  'floods with changes of network': () =>
    socketServer((socket) => {
      const moved = encodeFrame({ type: 'network', network: 'local' })
      flood(socket, () => {
        socket.send(moved)
      })
    }),
}

describe('C4: a signalling server that means no good', () => {
  it.each(Object.entries(hostile))('is left and tried again ever later when it %s', async (_, start) => {
    const clock = new FakeClock()
    const good = await socketServer(sendWelcome)
    const roads = new Roads([carrier('server', await start(), clock), carrier('dht', good, clock)])
    const [bad, other] = roads.inUse as [Carrier, Carrier]
    await entered(other, 'ready')
    const delays: number[] = []
    for (let attempt = 1; attempt <= 3; attempt++) {
      await entered(bad, 'waiting')
      if (bad.state.kind !== 'waiting') throw new Error('not waiting')
      delays.push(bad.state.retryInMs)
      clock.advance(bad.state.retryInMs)
    }
    expect(delays.map((ms) => Math.round(ms / 50) * 50)).toEqual([250, 500, 1_000])
    expect([other.state.kind, roads.state.kind]).toEqual(['ready', 'ready'])
  })

  it('is left after 10 s when it answers byte by byte', async () => {
    const clock = new FakeClock()
    const url = await tcpServer((socket) => {
      const answer = [...'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n']
      const timer = setInterval(() => socket.write(answer.shift() ?? 'x'), 5)
      socket.on('close', () => {
        clearInterval(timer)
      })
    })
    const slow = carrier('server', url, clock)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(slow.state).toEqual({ kind: 'connecting', attempt: 1 })
    clock.advance(10_000)
    expect(slow.state).toMatchObject({ kind: 'waiting', attempt: 1 })
  })

  it('gets no more answers to WebSocket pings than it takes', async () => {
    const clock = new FakeClock()
    let pongs = 0
    let server: WebSocket | undefined
    const url = await socketServer((socket) => {
      server = socket
      sendWelcome(socket)
      socket.on('pong', () => (pongs += 1))
    })
    const flooded = carrier('server', url, clock)
    await entered(flooded, 'ready')
    server?.pause()
    const payload = new Uint8Array(125)
    for (let round = 0; round < 200; round++) {
      for (let count = 0; count < 1_000; count++) server?.ping(payload)
      await new Promise(setImmediate)
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    server?.resume()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(pongs).toBeLessThan(200_000)
    expect(flooded.state.kind).toBe('ready')
  })
})
