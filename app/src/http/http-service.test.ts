import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders, type Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { UsageError } from '@p2pigeon/core'
import { farEndOf } from '../platform/index.ts'
import { closeListener, createHttpService, frontendAssets, listen, type HttpServiceOptions } from './index.ts'

const html = '<!doctype html><title>P2Pigeon</title>'
const script = 'export const coo = 1\n'.repeat(50)

function builtPage(): string {
  const outer = mkdtempSync(join(tmpdir(), 'pigeon-page-'))
  const folder = join(outer, 'dist')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(outer, 'secret.txt'), 'outside')
  writeFileSync(join(folder, '.hidden'), 'hidden')
  writeFileSync(join(folder, 'index.html'), html)
  writeFileSync(join(folder, 'assets', 'index-abc.js'), script)
  writeFileSync(join(folder, 'assets', 'index-abc.js.gz'), gzipSync(script))
  writeFileSync(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(script))
  return folder
}

const servers: Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => closeListener(server)))
})

interface Running {
  readonly port: number
  readonly upgrades: string[]
  readonly folder: string
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Reply>
  upgrade(path: string, headers: Record<string, string>): Promise<string>
}

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

async function serve(overrides: Partial<HttpServiceOptions> = {}): Promise<Running> {
  const folder = builtPage()
  const upgrades: string[] = []
  let port = 0
  const server = createHttpService({
    boundTo: '127.0.0.1',
    origins: [],
    pagePort: () => port,
    relayPort: () => undefined,
    relayUrl: undefined,
    signallingUrl: undefined,
    nodeName: '0123456789abcdef',
    nostrRelays: [],
    farEnd: farEndOf([]),
    nostrInformation: () => ({}),
    blobs: undefined,
    assets: frontendAssets(folder),
    health: () => ({ ok: true }),
    node: () => ({ version: '1.2.3' }),
    ice: () => ({ iceServers: [], ttlSeconds: 60 }),
    upgrades: {
      '/dht': (upgraded, socket) => {
        upgrades.push(upgraded.headers.origin ?? 'none')
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: close\r\n\r\n')
      },
    },
    ...overrides,
  })
  servers.push(server)
  port = await listen(server, { host: '127.0.0.1', port: 0, variable: 'PORT' })
  return {
    port,
    upgrades,
    folder,
    get: (path, headers = {}, method = 'GET') =>
      new Promise((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) })
          })
        })
        asked.on('error', reject)
        asked.end()
      }),
    upgrade: (path, headers) =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1')
        const lines = Object.entries({ Connection: 'Upgrade', Upgrade: 'websocket', ...headers })
        socket.write(
          [`GET ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'),
        )
        let answer = ''
        socket.on('data', (part) => (answer += part.toString('latin1')))
        socket.on('error', reject)
        socket.on('close', () => {
          resolve(answer.split('\r\n')[0] ?? '')
        })
      }),
  }
}

describe('headers', () => {
  it('are on every answer, errors and refusals included', async () => {
    const { get, port } = await serve()
    for (const [path, headers] of [
      ['/', {}],
      ['/assets/index-abc.js', {}],
      ['/missing.js', {}],
      ['/health', {}],
      ['/node.json', {}],
      ['/dht', {}],
      ['/', { host: 'evil.example.org' }],
    ] as const) {
      const reply = await get(path, headers)
      const relay = 'host' in headers ? '' : ` ws://127.0.0.1:${String(port)}`
      expect(reply.headers, path).toMatchObject({
        'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'${relay}; img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
      })
      expect(reply.headers['permissions-policy'], path).toMatch(
        /camera=\(self\).*microphone=\(self\).*geolocation=\(\)/,
      )
      for (const absent of ['server', 'x-powered-by', 'strict-transport-security', 'access-control-allow-origin']) {
        expect(reply.headers, path).not.toHaveProperty(absent)
      }
    }
  })

  it('let frames of an opaque origin be full screen, which `self` does not hold, and nothing else', async () => {
    const { get } = await serve()
    for (const path of ['/', '/preview-film.html']) {
      const policy = (await get(path)).headers['permissions-policy'] as string
      expect(
        policy.split(', ').filter((feature) => !/=\((?:self)?\)$/.test(feature)),
        path,
      ).toEqual(['fullscreen=*'])
    }
  })

  it('let the workers that hash compile WebAssembly, and do nothing else', async () => {
    const { get } = await serve()
    const policyOf = async (path: string) => (await get(path)).headers['content-security-policy']
    for (const worker of ['argon2id', 'object']) {
      expect(await policyOf(`/assets/${worker}-worker-Bx_9-k.js`)).toBe(
        "default-src 'none'; script-src 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      )
    }
    for (const path of [
      '/argon2id-worker-a.js',
      '/assets/argon2id-worker-a.js/',
      '/assets/x/argon2id-worker-a.js',
      '/',
    ]) {
      expect(await policyOf(path), path).not.toContain('wasm-unsafe-eval')
    }
  })

  it('shut the preview of files off from everything but its own script and what it is handed', async () => {
    const { get } = await serve()
    expect((await get('/preview.html')).headers['content-security-policy']).toBe(
      "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    )
    expect((await get('/preview-film.html')).headers['content-security-policy']).not.toContain('worker-src')
    expect((await get('/preview-pdf.html')).headers['content-security-policy']).toBe(
      "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; worker-src blob:",
    )
    expect((await get('/preview-other.html')).headers['content-security-policy']).not.toContain('sandbox')
    for (const part of ['/preview-pdf.js', '/preview-pdf-worker.js', '/preview.css']) {
      expect((await get(part)).headers['cross-origin-resource-policy']).toBe('cross-origin')
    }
    expect((await get('/preview.js')).headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect((await get('/preview.html')).headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  it('send HSTS and wss only to a host that the configuration names with https', async () => {
    const { get } = await serve({ origins: ['https://pigeon.example.org'] })
    const behindTls = await get('/', { host: 'pigeon.example.org' })
    expect(behindTls.headers['strict-transport-security']).toBe('max-age=31536000')
    expect(behindTls.headers['content-security-policy']).toContain("connect-src 'self' wss://pigeon.example.org;")
    expect((await get('/')).headers).not.toHaveProperty('strict-transport-security')
  })

  it('name configured relays and signalling servers by origin', async () => {
    const { get } = await serve({ relayUrl: 'wss://relay.example.org:444/dht', signallingUrl: 'wss://s.example.org/x' })
    expect((await get('/')).headers['content-security-policy']).toContain(
      "connect-src 'self' wss://relay.example.org:444 wss://s.example.org;",
    )
  })
})

describe('the page', () => {
  it('is served at / without caching, its hashed files for ever, best encoding first', async () => {
    const { get } = await serve()
    const page = await get('/')
    expect([page.status, page.headers['content-type'], page.headers['cache-control'], page.body.toString()]).toEqual([
      200,
      'text/html;charset=utf-8',
      'no-cache',
      html,
    ])
    const path = '/assets/index-abc.js'
    for (const [accept, encoding, length] of [
      ['br, gzip', 'br', brotliCompressSync(script).length],
      ['gzip', 'gzip', gzipSync(script).length],
      ['identity', undefined, script.length],
    ] as const) {
      const file = await get(path, { 'accept-encoding': accept })
      expect([file.status, file.headers['content-encoding'], file.body.length]).toEqual([200, encoding, length])
      expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect(file.headers.vary).toBe('Accept-Encoding')
    }
    expect((await get(path, { 'if-none-match': (await get(path)).headers.etag ?? '' })).status).toBe(304)
    expect((await get('/', {}, 'HEAD')).body).toHaveLength(0)
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..\\secret.txt',
    '/%5c..%5csecret.txt',
    '//etc/passwd',
    '/.hidden',
    '/%00',
    '/%',
    '/secret.txt',
    '/index.html/../../secret.txt',
    'http://127.0.0.1/../secret.txt',
  ])('never serves what lies outside: %s', async (path) => {
    const { get } = await serve()
    const reply = await get(path)
    expect([200, 404]).toContain(reply.status)
    expect(reply.body.toString()).not.toMatch(/outside|hidden|root:/)
  })

  it('does not follow a path into a folder that appeared later', async () => {
    const { get, folder } = await serve()
    symlinkSync(join(folder, '..'), join(folder, 'later'))
    expect((await get('/later/secret.txt')).status).toBe(404)
  })

  it.each(['bytes=5-2', 'bytes=0-0', 'bytes=-', 'bytes=99999-', 'x'])('ignores Range: %s', async (range) => {
    const { get } = await serve()
    const reply = await get('/', { range })
    expect([reply.status, reply.body.toString()]).toEqual([200, html])
  })

  it('survives a file that is gone since the start', async () => {
    const { get, folder } = await serve()
    rmSync(join(folder, 'assets', 'index-abc.js'))
    await expect(get('/assets/index-abc.js')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await get('/')).status).toBe(200)
  })

  it('says in words when it is not built', async () => {
    const { get } = await serve({ assets: frontendAssets(join(tmpdir(), 'no-such-folder')) })
    const reply = await get('/')
    expect([reply.status, reply.body.toString()]).toEqual([404, 'The page is not built: run npm start.\n'])
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const { get } = await serve()
    const reply = await get('/', {}, method)
    expect([reply.status, reply.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

describe('/health and /node.json', () => {
  it('answer in JSON that nobody caches', async () => {
    const { get, port } = await serve()
    const health = await get('/health?x=1')
    expect(JSON.parse(health.body.toString())).toEqual({ ok: true })
    const node = await get('/node.json')
    expect(JSON.parse(node.body.toString())).toEqual({
      version: '1.2.3',
      dhtRelayUrl: `ws://127.0.0.1:${String(port)}/dht`,
      nostrRelayUrls: [],
    })
    expect([node.headers['content-type'], node.headers['cache-control']]).toEqual(['application/json', 'no-store'])
  })

  it.each([
    [{ relayPort: () => 3051 }, 'localhost:1', 'ws://localhost:3051/dht'],
    [{ relayUrl: 'wss://r.example.org/dht' }, 'localhost:1', 'wss://r.example.org/dht'],
    [{ origins: ['https://pigeon.example.org'] }, 'pigeon.example.org', 'wss://pigeon.example.org/dht'],
    [{}, '[::1]:3060', 'ws://[::1]:3060/dht'],
  ])('tell where the relay is: %#', async (overrides, host, expected) => {
    const { get } = await serve(overrides)
    expect(JSON.parse((await get('/node.json', { host })).body.toString())).toMatchObject({ dhtRelayUrl: expected })
  })
})

describe('/ice', () => {
  it('answers with what the node says to this client, uncached', async () => {
    const asked: unknown[] = []
    const ice: HttpServiceOptions['ice'] = (client) => {
      asked.push(client)
      return { iceServers: [], ttlSeconds: 9 }
    }
    const { get, port } = await serve({ ice, origins: ['https://pigeon.example.org'] })
    const reply = await get('/ice', { origin: `http://127.0.0.1:${String(port)}` })
    expect(JSON.parse(reply.body.toString())).toEqual({ iceServers: [], ttlSeconds: 9 })
    expect([reply.headers['content-type'], reply.headers['cache-control']]).toEqual(['application/json', 'no-store'])
    expect(reply.headers['access-control-allow-origin']).toBe(`http://127.0.0.1:${String(port)}`)
    const other = await get('/ice', { host: 'pigeon.example.org' })
    expect(other.headers['access-control-allow-origin']).toBeUndefined()
    expect(asked).toEqual([
      { hostname: '127.0.0.1', behindTls: false, address: '127.0.0.1' },
      { hostname: 'pigeon.example.org', behindTls: true, address: '127.0.0.1' },
    ])
  })

  it('gives nothing to other pages, other names, and those who had enough', async () => {
    const { get } = await serve()
    for (const origin of ['https://evil.example.org', 'null', 'http://127.0.0.1:1']) {
      const reply = await get('/ice', { origin })
      expect([reply.status, reply.body.toString().includes('iceServers')], origin).toEqual([403, false])
      expect(reply.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect((await get('/ice', { host: 'evil.example.org' })).status).toBe(421)
    expect((await get('/ice', {}, 'POST')).status).toBe(405)
    const spent = await serve({ ice: () => undefined })
    const reply = await spent.get('/ice')
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, '1'])
  })
})

describe('the relay door', () => {
  const upgradeWith = async (running: Running, headers: Record<string, string>, path = '/dht') =>
    running.upgrade(path, { Host: `localhost:${String(running.port)}`, ...headers })

  it('lets pages of this node, configured origins and non-browsers in', async () => {
    const running = await serve({ origins: ['https://pigeon.example.org'] })
    const own = `http://localhost:${String(running.port)}`
    for (const headers of [{}, { Origin: own }, { Origin: 'https://pigeon.example.org' }]) {
      expect(await upgradeWith(running, headers)).toBe('HTTP/1.1 101 Switching Protocols')
    }
    expect(running.upgrades).toEqual(['none', own, 'https://pigeon.example.org'])
  })

  it('keeps every other page, name and path out', async () => {
    const running = await serve()
    const forbidden = 'HTTP/1.1 403 Forbidden'
    for (const Origin of ['http://localhost:1', 'https://evil.example.org', 'null', 'http://localhost.evil.org', 'x']) {
      expect(await upgradeWith(running, { Origin }), Origin).toBe(forbidden)
    }
    expect(await upgradeWith(running, { Host: 'evil.example.org' })).toBe('HTTP/1.1 400 Bad Request')
    expect(await upgradeWith(running, {}, '/')).toBe('HTTP/1.1 404 Not Found')
    expect(await upgradeWith(running, {}, '/dht/x')).toBe('HTTP/1.1 404 Not Found')
    expect(running.upgrades).toEqual([])
  })

  it('answers a plain GET with 426', async () => {
    const { get } = await serve()
    expect((await get('/dht')).status).toBe(426)
  })
})

describe('the store of files', () => {
  const echo: HttpServiceOptions['blobs'] = {
    maxBytes: 1_000,
    handle: (_, response, visitor) => response.end(JSON.stringify(visitor)),
  }
  const path = `/blobs/${'0'.repeat(64)}`
  const visitorOf = ({ body }: Reply): unknown => JSON.parse(body.toString())

  it('of a node that only this machine knows serves its own pages and no others', async () => {
    const { get, port } = await serve({ blobs: echo })
    const baseUrl = `http://127.0.0.1:${String(port)}/blobs`
    const address = '127.0.0.1'
    const origin = `http://127.0.0.1:${String(port)}`
    expect(visitorOf(await get(path, { origin }))).toEqual({ address, baseUrl, mayUpload: true, readers: origin })
    expect(visitorOf(await get(path))).toEqual({ address, baseUrl, mayUpload: true })
    for (const foreign of ['https://evil.example.org', 'null', `http://127.0.0.1:${String(port + 1)}`]) {
      expect(visitorOf(await get(path, { origin: foreign })), foreign).toEqual({ address, baseUrl, mayUpload: false })
    }
    const claimed = await get(path, { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' })
    expect(visitorOf(claimed)).toEqual({ address, baseUrl, mayUpload: true })
  })

  it('of a node with a name is read by every page, and filled by its own', async () => {
    const { get } = await serve({ blobs: echo, origins: ['https://pigeon.example.org'] })
    const host = 'pigeon.example.org'
    const baseUrl = 'https://pigeon.example.org/blobs'
    const own = await get(path, { host, origin: 'https://pigeon.example.org' })
    expect(visitorOf(own)).toMatchObject({ baseUrl, mayUpload: true, readers: 'https://pigeon.example.org' })
    const other = await get(path, { host, origin: 'https://other.example.org' })
    expect(visitorOf(other)).toMatchObject({ baseUrl, mayUpload: false, readers: '*' })
    expect((await get(path, { host: 'rebound.example.org' })).status).toBe(421)
  })

  it('is told of by name and size, and is nowhere where there is none', async () => {
    const { get, port } = await serve({ blobs: echo })
    const blobs = { url: `http://127.0.0.1:${String(port)}/blobs`, maxBytes: 1_000 }
    expect(visitorOf(await get('/node.json'))).toMatchObject({ blobs })
    const none = await serve()
    expect(visitorOf(await none.get('/node.json'))).not.toHaveProperty('blobs')
    expect((await none.get(path)).status).toBe(404)
    expect((await none.get('/blobs/upload', {}, 'PUT')).status).toBe(405)
  })

  it('lets the page fetch by https, only together with Nostr', async () => {
    const policyOf = async (options: Partial<HttpServiceOptions>) =>
      (await (await serve(options)).get('/')).headers['content-security-policy'] ?? ''
    const nostrRelays = ['wss://relay.example.org']
    expect(await policyOf({ blobs: echo, nostrRelays })).toContain(' https:;')
    expect(await policyOf({ blobs: echo })).not.toContain(' https:')
    expect(await policyOf({ nostrRelays })).not.toContain(' https:')
  })
})

describe('listening', () => {
  it('says which variable to change when the port is taken', async () => {
    const { port } = await serve()
    const second = createHttpService({
      boundTo: '127.0.0.1',
      origins: [],
      pagePort: () => 0,
      relayPort: () => undefined,
      relayUrl: undefined,
      signallingUrl: undefined,
      nodeName: '0123456789abcdef',
      nostrRelays: [],
      farEnd: farEndOf([]),
      nostrInformation: () => ({}),
      blobs: undefined,
      assets: undefined,
      health: () => ({}),
      node: () => ({}),
      ice: () => undefined,
      upgrades: {},
    })
    const failed = listen(second, { host: '127.0.0.1', port, variable: 'PORT' })
    await expect(failed).rejects.toBeInstanceOf(UsageError)
    await expect(failed).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringMatching(/^[^\n]*PORT=\d+\.$/) as string,
    })
  })

  it('names HOST when it is not of this machine', async () => {
    const failed = serve().then(() => {
      const server = servers[0]
      return server === undefined
        ? 0
        : closeListener(server).then(() => listen(server, { host: '203.0.113.1', port: 0, variable: 'PORT' }))
    })
    await expect(failed).rejects.toMatchObject({
      code: 'host-unknown',
      message: expect.stringContaining('HOST') as string,
    })
    servers.length = 0
  })
})

describe('several services', () => {
  const upgrade = (socket: { end(text: string): void }) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: close\r\n\r\n')
  }
  const all: HttpServiceOptions['upgrades'] = {
    '/dht': (_, socket) => {
      upgrade(socket)
    },
    '/signalling': (_, socket) => {
      upgrade(socket)
    },
    '/nostr': (_, socket) => {
      upgrade(socket)
    },
  }

  it('are told to the page and allowed to it, outside relays too', async () => {
    const { get, port } = await serve({ upgrades: all, nostrRelays: ['wss://relay.example.org/x'] })
    const own = `ws://127.0.0.1:${String(port)}`
    expect(JSON.parse((await get('/node.json')).body.toString())).toEqual({
      version: '1.2.3',
      dhtRelayUrl: `${own}/dht`,
      signallingUrl: `${own}/signalling`,
      nostrRelayUrls: [`${own}/nostr?n=0123456789abcdef`, 'wss://relay.example.org/x'],
    })
    expect((await get('/')).headers['content-security-policy']).toContain(
      `connect-src 'self' ${own} wss://relay.example.org wss: ws://localhost:* ws://127.0.0.1:*;`,
    )
  })

  it('that are off are not told, not answered, and leave the policy strict', async () => {
    const running = await serve({ nostrRelays: [] })
    const info = JSON.parse((await running.get('/node.json')).body.toString()) as Record<string, unknown>
    expect([info['signallingUrl'], info['nostrRelayUrls']]).toEqual([undefined, []])
    expect((await running.get('/')).headers['content-security-policy']).not.toContain('wss:')
    for (const path of ['/signalling', '/nostr']) {
      expect((await running.get(path)).status).toBe(404)
      const host = `localhost:${String(running.port)}`
      expect(await running.upgrade(path, { Host: host })).toBe('HTTP/1.1 404 Not Found')
    }
  })

  it('say what they are to a plain GET; the Nostr relay in its own words to its clients', async () => {
    const { get } = await serve({ upgrades: all, nostrInformation: (host) => ({ name: host }) })
    for (const path of ['/dht', '/signalling', '/nostr']) expect((await get(path)).status, path).toBe(426)
    const reply = await get('/nostr', { accept: 'application/nostr+json', host: 'localhost:1' })
    expect([reply.status, reply.headers['content-type'], reply.headers['access-control-allow-origin']]).toEqual([
      200,
      'application/nostr+json',
      '*',
    ])
    expect(JSON.parse(reply.body.toString())).toEqual({ name: 'localhost:1' })
  })

  it('let pages of other origins into the Nostr relay of a node that has a name, and nowhere else', async () => {
    const running = await serve({ upgrades: all, origins: ['https://pigeon.example.org'] })
    const enter = (path: string, Host: string) => running.upgrade(path, { Host, Origin: 'https://other.example.org' })
    expect(await enter('/nostr', 'pigeon.example.org')).toBe('HTTP/1.1 101 Switching Protocols')
    expect(await enter('/signalling', 'pigeon.example.org')).toBe('HTTP/1.1 403 Forbidden')
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(await enter('/nostr', host), host).toBe('HTTP/1.1 403 Forbidden')
    }
  })
})

describe('behind a trusted proxy', () => {
  const headers = { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'https', host: 'localhost:1' }

  it('sees the client and its TLS', async () => {
    const asked: unknown[] = []
    const ice: HttpServiceOptions['ice'] = (client) => {
      asked.push(client)
      return {}
    }
    const { get } = await serve({ ice, farEnd: farEndOf(['127.0.0.1']) })
    await get('/ice', headers)
    expect(asked).toEqual([{ hostname: 'localhost', behindTls: true, address: '198.51.100.1' }])
    const page = await get('/node.json', headers)
    expect(JSON.parse(page.body.toString())).toMatchObject({ dhtRelayUrl: 'wss://localhost:1/dht' })
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('takes no word of others', async () => {
    const { get } = await serve({ farEnd: farEndOf(['198.51.100.0/24']) })
    const page = await get('/node.json', headers)
    expect(JSON.parse(page.body.toString())).toMatchObject({ dhtRelayUrl: 'ws://localhost:1/dht' })
    expect(page.headers['strict-transport-security']).toBeUndefined()
  })
})
