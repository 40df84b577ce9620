import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@p2pigeon/core/node'
import { WebSocket } from 'ws'
import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config/index.ts'
import type { DhtOptions, DhtService, DhtStatus } from '../src/dht/index.ts'
import { startNode, type RunningNode } from '../src/node/index.ts'
import type { Logger } from '../src/platform/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'pigeon-node-'))
const page = join(folder, 'dist')
mkdirSync(page)
writeFileSync(join(page, 'index.html'), '<!doctype html>page')

const running: RunningNode[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((node) => node.stop()))
})

/** True when nobody accepts connections on the port any more. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => {
      resolve(true)
    })
  })
}

class FakeDht implements DhtService {
  readonly network = 'local'
  readonly status: DhtStatus = { kind: 'local', shared: false, words: 'On a local DHT.' }
  readonly bootstrap = []
  closed = 0
  hyperNode(): never {
    throw new Error('not needed here')
  }
  node(): never {
    throw new Error('not needed here')
  }
  onNetworkChanged(): () => void {
    return () => undefined
  }
  onStatusChanged(): () => void {
    return () => undefined
  }
  close(): Promise<void> {
    this.closed += 1
    return Promise.resolve()
  }
}

describe('startNode', () => {
  const quiet: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined }
  const start = async (environment: Record<string, string>, dht = new FakeDht(), asked: DhtOptions[] = []) => {
    const node = await startNode(loadConfig({ PORT: '0', ...environment }, folder), {
      clock: systemClock,
      log: quiet,
      frontendFolder: page,
      startDht: (options) => {
        asked.push(options)
        return Promise.resolve(dht)
      },
    })
    running.push(node)
    return node
  }

  it('serves page, health and node facts, and stops everything', async () => {
    const dht = new FakeDht()
    const asked: DhtOptions[] = []
    const node = await start(
      {
        PIGEON_DHT: 'local',
        PIGEON_DHT_BOOTSTRAP: '127.0.0.1:9',
        PIGEON_ICE_SERVERS: '[{"urls":"turn:t.example.org","username":"u","credential":"c"}]',
      },
      dht,
      asked,
    )
    expect(asked).toMatchObject([{ mode: 'local', bootstrap: ['127.0.0.1:9'] }])
    expect(node.url).toBe(`http://localhost:${String(node.port)}`)
    const base = `http://127.0.0.1:${String(node.port)}`
    expect(await (await fetch(base)).text()).toBe('<!doctype html>page')
    expect(await (await fetch(`${base}/health`)).json()).toEqual({
      ok: true,
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
      network: 'local',
      networkWords: 'On a local DHT.',
      uptimeSeconds: 0,
      relay: { connections: 0, announcements: 0, lookups: 0, streams: 0, refused: 0, violations: 0 },
      signalling: {
        connections: 0,
        announcements: 0,
        lookups: 0,
        streams: 0,
        refused: 0,
        violations: 0,
        bus: 'alone',
      },
      nostr: {
        connections: 0,
        subscriptions: 0,
        storedEvents: 0,
        storedBytes: 0,
        accepted: 0,
        delivered: 0,
        refused: 0,
        dropped: 0,
      },
      blobs: { blobs: 0, bytes: 0, uploads: 0, downloads: 0, refused: 0 },
      dataRoom: {
        // Its own, for files of conversations.
        drives: 1,
        followed: 0,
        storedBytes: 0,
        sessions: 0,
        peers: 0,
        receivedBytes: 0,
        sentBytes: 0,
        refused: 0,
      },
      turn: { allocations: 0, relayedBytes: 0, droppedMessages: 0 },
    })
    expect(await (await fetch(`${base}/node.json`)).json()).toEqual({
      version: expect.any(String) as string,
      network: 'local',
      networkWords: 'On a local DHT.',
      dhtRelayUrl: `ws://127.0.0.1:${String(node.port)}/dht`,
      signallingUrl: `ws://127.0.0.1:${String(node.port)}/signalling`,
      nostrRelayUrls: [
        expect.stringMatching(
          new RegExp(`^ws://127\\.0\\.0\\.1:${String(node.port)}/nostr\\?n=[0-9a-f]{16}$`),
        ) as string,
      ],
      blobs: { url: `http://127.0.0.1:${String(node.port)}/blobs`, maxBytes: 33_554_432 },
      dataRoom: true,
    })
    await node.stop()
    expect([dht.closed, await isFree(node.port)]).toEqual([1, true])
    await node.stop()
    expect(dht.closed).toBe(1)
  })

  it('tells ICE servers: its own, with credentials, and those of the configuration', async () => {
    const node = await start({
      PIGEON_ICE_SERVERS: '[{"urls":"turn:t.example.org","username":"u","credential":"c"}]',
      STUN_URLS: 'stun:s.example.org',
    })
    const ask = () => fetch(`http://localhost:${String(node.port)}/ice`)
    const turn = `turn:127.0.0.1:${String(node.turnPort)}`
    expect(await (await ask()).json()).toEqual({
      iceServers: [
        { urls: [`stun:127.0.0.1:${String(node.turnPort)}`] },
        {
          urls: [`${turn}?transport=udp`, `${turn}?transport=tcp`],
          username: expect.stringMatching(/^\d{10}:[\w-]{16}$/) as string,
          credential: expect.stringMatching(/^[\w+/]{27}=$/) as string,
        },
        { urls: ['stun:s.example.org'] },
        { urls: ['turn:t.example.org'], username: 'u', credential: 'c' },
      ],
      ttlSeconds: 3_600,
    })
    const statuses = await Promise.all(Array.from({ length: 150 }, async () => (await ask()).status))
    expect(new Set(statuses)).toEqual(new Set([200, 429]))
    await node.stop()
    expect(await isFree(node.turnPort ?? 0)).toBe(true)
  })

  it('has no TURN server when it is off', async () => {
    const node = await start({ TURN_PORT: 'off' })
    expect(node.turnPort).toBeUndefined()
    const answer = (await (await fetch(`http://127.0.0.1:${String(node.port)}/ice`)).json()) as {
      iceServers: unknown[]
    }
    expect(answer.iceServers).toEqual([])
    const health = (await (await fetch(`http://127.0.0.1:${String(node.port)}/health`)).json()) as { turn: unknown }
    expect(health.turn).toBeNull()
  })

  it('opens the relay on a second listener too, for pages of the first', async () => {
    const node = await start({ DHT_RELAY_PORT: '0' })
    expect(node.relayPort).not.toBe(node.port)
    const { dhtRelayUrl } = (await (await fetch(`http://127.0.0.1:${String(node.port)}/node.json`)).json()) as {
      dhtRelayUrl: string
    }
    expect(dhtRelayUrl).toBe(`ws://127.0.0.1:${String(node.relayPort)}/dht`)
    /** The status of a refusal, or `undefined` when the relay itself took over. */
    const refusal = (origin: string) =>
      new Promise<number | undefined>((resolve) => {
        const socket = new WebSocket(dhtRelayUrl, 'made-up', { origin })
        socket.on('unexpected-response', (_request, response) => {
          resolve(response.statusCode)
          socket.terminate()
        })
        socket.on('error', () => undefined)
        socket.on('open', () => {
          socket.terminate()
        })
        socket.on('close', () => {
          resolve(undefined)
        })
      })
    expect(await refusal(`http://127.0.0.1:${String(node.port)}`)).not.toBe(403)
    expect(await refusal('https://evil.example.org')).toBe(403)
  })

  it('stops while clients are connected to every service', async () => {
    const node = await start({})
    const sockets = [
      new WebSocket(`ws://127.0.0.1:${String(node.port)}/dht`, 'p2pigeon-dht.1'),
      new WebSocket(`ws://127.0.0.1:${String(node.port)}/signalling`, 'p2pigeon-server.1'),
      new WebSocket(`ws://127.0.0.1:${String(node.port)}/nostr`),
    ]
    await Promise.all(sockets.map((socket) => once(socket, 'open')))
    const closed = sockets.map((socket) => once(socket, 'close'))
    await node.stop()
    await Promise.all(closed)
    expect(await isFree(node.port)).toBe(true)
  })

  it('runs without what is switched off, and without a place for its mail', async () => {
    const ask = async (node: RunningNode, path: string) =>
      (await (await fetch(`http://127.0.0.1:${String(node.port)}${path}`)).json()) as Record<string, unknown>
    const none = await start({ PIGEON_SIGNALLING: 'off', PIGEON_NOSTR: 'off' })
    expect(await ask(none, '/health')).toMatchObject({ signalling: null, nostr: null })
    const facts = await ask(none, '/node.json')
    expect([facts['signallingUrl'], facts['nostrRelayUrls']]).toEqual([undefined, []])
    const homeless = await start({
      PIGEON_DATA: join(page, 'index.html'),
      PIGEON_NOSTR_RELAYS: 'wss://relay.example.org',
    })
    expect(await ask(homeless, '/health')).toMatchObject({ nostr: null })
    expect(await ask(homeless, '/node.json')).toMatchObject({ nostrRelayUrls: ['wss://relay.example.org'] })
  })

  it('leaves nothing behind when a port is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const { port } = occupant.address() as { port: number }
    const dht = new FakeDht()
    await expect(start({ DHT_RELAY_PORT: String(port) }, dht)).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining('DHT_RELAY_PORT=') as string,
    })
    expect(dht.closed).toBe(1)
    occupant.close()
  })
})

// Compiling the sources in the child takes most of the time, more so beside other work.
describe('the process', { timeout: 90_000 }, () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const launch = (environment: Record<string, string>, stdio: 'ipc' | 'ignore' = 'ignore') => {
    const child = spawn(process.execPath, ['--conditions=@p2pigeon/source', '--import=tsx', main], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: {
        ...process.env,
        PORT: '0',
        PIGEON_DATA: join(folder, 'data'),
        PIGEON_DHT: 'local',
        PIGEON_DHT_BOOTSTRAP: '127.0.0.1:9',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', stdio],
    })
    const out: string[] = []
    const err: string[] = []
    const lines = createInterface({ input: child.stdout! })
    lines.on('line', (line) => out.push(line))
    createInterface({ input: child.stderr! }).on('line', (line) => err.push(line))
    const ended = once(child, 'close') as Promise<[number | null, string | null]>
    return { child, out, err, lines, ended }
  }
  const ready = async ({ out, lines }: ReturnType<typeof launch>): Promise<number> => {
    while (out.length < 2) await once(lines, 'line')
    const match = /^P2Pigeon is ready: http:\/\/localhost:(\d+)$/.exec(out[0] ?? '')
    expect(out[1]).toMatch(/DHT/)
    return Number(match?.[1])
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('says ready, and %s frees the port with exit code 0', async (signal) => {
    const launched = launch({})
    const port = await ready(launched)
    const kept = connect(port, '127.0.0.1')
    await once(kept, 'connect')
    kept.on('error', () => undefined)
    launched.child.kill(signal)
    expect(await launched.ended).toEqual([0, null])
    expect(await isFree(port)).toBe(true)
    expect(launched.err).toEqual([])
    kept.destroy()
  })

  it('ends when its parent is gone', async () => {
    const launched = launch({}, 'ipc')
    const port = await ready(launched)
    // Whoever closes the channel itself gets no 'close' of the child any more.
    const exited = once(launched.child, 'exit')
    launched.child.disconnect()
    expect(await exited).toEqual([0, null])
    expect(await isFree(port)).toBe(true)
  })

  it('says in one line what is wrong with a variable', async () => {
    const { out, err, ended } = launch({ PORT: 'http' })
    expect(await ended).toEqual([1, null])
    expect([out, err]).toEqual([[], ['Error: PORT must be a whole number from 0 to 65535. Example: PORT=3060']])
  })

  it('says in one line that the port is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await once(occupant, 'listening')
    const { port } = occupant.address() as { port: number }
    const { out, err, ended } = launch({ PORT: String(port) })
    expect(await ended).toEqual([1, null])
    expect([out, err]).toEqual([[], [expect.stringMatching(/^Error: Port \d+ is in use .* PORT=\d+\.$/) as string]])
    occupant.close()
  })
})
