import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { get, request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFrame, encodeFrame, minorVersions, subprotocols } from '@p2pigeon/core/relay-protocol'
import { startDhtTestnet, type DhtTestnet } from '@p2pigeon/core/testing'
import { systemClock, webRandom } from '@p2pigeon/core/node'
import { freshSigner, signEvent } from '@p2pigeon/core/nostr'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { loadConfig } from '../../src/config/index.ts'
import { startNode, type RunningNode } from '../../src/node/index.ts'

const documentation = new URL('../../../docs/deployment.md', import.meta.url)
const page = '<!doctype html>page'

function installed(program: string, flag: string): boolean {
  try {
    execFileSync(program, [flag], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const programs = { nginx: '-v', openssl: 'version' }
const missing = Object.entries(programs).flatMap(([program, flag]) => (installed(program, flag) ? [] : [program]))

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** The server that the documentation shows, with our ports, our certificate, and a folder of its own for everything that it writes. */
function configuration(folder: string, ports: { tls: number; node: number }): string {
  const shown = /```nginx\n(map [\s\S]*?)```/.exec(readFileSync(documentation, 'utf8'))?.[1]
  if (shown === undefined) throw new Error('the documentation shows no server')
  const ours = shown
    .replace('listen 443 ssl', `listen 127.0.0.1:${String(ports.tls)} ssl`)
    .replace(/\/etc\/letsencrypt\S+fullchain\.pem/, join(folder, 'cert.pem'))
    .replace(/\/etc\/letsencrypt\S+privkey\.pem/, join(folder, 'key.pem'))
    .replace('127.0.0.1:3060', `127.0.0.1:${String(ports.node)}`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const paths = temporary.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n')
  return `daemon off; pid ${join(folder, 'pid')}; error_log stderr error;\nevents {}\nhttp {\n${paths}\n${ours}\n}\n`
}

/** Why the test does not run is in its name. */
describe.skipIf(missing.length > 0)(
  `behind nginx${missing.length > 0 ? ` (not installed: ${missing.join()})` : ''}`,
  () => {
    const name = 'pigeon.example.org'
    const folder = mkdtempSync(join(tmpdir(), 'pigeon-nginx-'))
    let testnet: DhtTestnet
    let node: RunningNode
    let stopProxy: () => Promise<unknown>
    let port: number

    beforeAll(async () => {
      writeFileSync(join(folder, 'index.html'), page)
      port = await freePort()
      testnet = await startDhtTestnet(3)
      const environment = {
        PORT: '0',
        PIGEON_DHT: 'local',
        PIGEON_DHT_BOOTSTRAP: testnet.bootstrap.join(),
        PIGEON_ORIGINS: `https://${name}:${String(port)}`,
        PIGEON_TRUSTED_PROXIES: '127.0.0.1',
        PIGEON_DATA: join(folder, 'data'),
        TURN_PORT: 'off',
      }
      const log = { error: () => undefined, warn: () => undefined, info: () => undefined }
      node = await startNode(loadConfig(environment, folder), { clock: systemClock, log, frontendFolder: folder })
      const certificate = [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
      ]
      const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
      const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
      execFileSync('openssl', [...certificate, ...files, ...names], { stdio: 'ignore' })
      writeFileSync(join(folder, 'nginx.conf'), configuration(folder, { tls: port, node: node.port }))
      const proxy = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' })
      const ended = once(proxy, 'exit')
      stopProxy = () => {
        proxy.kill()
        return ended
      }
      for (;;) {
        const answered = await ask('/health').catch(() => undefined)
        if (answered !== undefined) break
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }, 30_000)

    afterAll(async () => {
      await stopProxy()
      await node.stop()
      await testnet.close()
      rmSync(folder, { recursive: true })
    })

    const tls = () => ({ ca: readFileSync(join(folder, 'cert.pem')), servername: name })
    const ask = (path: string, headers: Record<string, string> = {}) =>
      new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
        const host = `${name}:${String(port)}`
        const options = { ...tls(), host: '127.0.0.1', port, path, headers: { ...headers, host }, agent: false }
        get(options, (response) => {
          let body = ''
          response.on('data', (part: Buffer) => (body += part.toString()))
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, body, headers: response.headers })
          })
        }).on('error', reject)
      })
    const open = (path: string, protocol?: string, headers: Record<string, string> = {}) => {
      const own = { host: `${name}:${String(port)}`, origin: `https://${name}:${String(port)}` }
      // Another address than the proxy's, as clients have.
      const options = { ...tls(), headers: { ...own, ...headers }, localAddress: '127.0.0.2' }
      return new WebSocket(`wss://127.0.0.1:${String(port)}${path}`, protocol ?? [], options)
    }

    it('lets files through that are as large as the node takes', async () => {
      const bytes = Buffer.alloc(32 * 2 ** 20, 5)
      const hash = createHash('sha256').update(bytes).digest('hex')
      const nowSeconds = Math.floor(systemClock.now() / 1_000)
      const tags = [
        ['t', 'upload'],
        ['x', hash],
        ['expiration', String(nowSeconds + 60)],
      ]
      const event = await signEvent({ kind: 24_242, created_at: nowSeconds, tags, content: '' }, freshSigner(webRandom))
      const host = `${name}:${String(port)}`
      const headers = {
        host,
        authorization: `Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`,
        'content-length': bytes.length,
      }
      const options = { ...tls(), host: '127.0.0.1', port, path: '/blobs/upload', method: 'PUT', headers, agent: false }
      const answer = await new Promise<string>((resolve, reject) => {
        request(options, (response) => {
          let body = ''
          response.on('data', (part: Buffer) => (body += part.toString()))
          response.on('end', () => {
            resolve(body)
          })
        })
          .on('error', reject)
          .end(bytes)
      })
      expect(JSON.parse(answer)).toMatchObject({ url: `https://${host}/blobs/${hash}`, size: bytes.length })
      expect((await ask(`/blobs/${hash}`)).status).toBe(200)
    })

    it('serves the page and tells addresses on the one TLS port', async () => {
      const reply = await ask('/')
      expect([reply.status, reply.body]).toEqual([200, page])
      expect(reply.headers['strict-transport-security']).toBe('max-age=31536000')
      const base = `wss://${name}:${String(port)}`
      expect(JSON.parse((await ask('/node.json')).body)).toMatchObject({
        dhtRelayUrl: `${base}/dht`,
        signallingUrl: `${base}/signalling`,
        nostrRelayUrls: [expect.stringMatching(`^${base}/nostr\\?n=[0-9a-f]{16}$`) as string],
      })
    })

    it.each([
      ['/dht', subprotocols.dht],
      ['/signalling', subprotocols.server],
    ])('joins clients of %s', async (path, protocol) => {
      const socket = open(path, protocol)
      const frames = (async function* () {
        for await (const [data] of on(socket)) yield decodeFrame(new Uint8Array(data as Buffer))
      })()
      await once(socket, 'open')
      socket.send(encodeFrame({ type: 'hello', minors: minorVersions, windowBytes: 65_536 }))
      socket.send(encodeFrame({ type: 'announce', id: 1, topic: new Uint8Array(32).fill(7) }))
      const heard: string[] = []
      for await (const { type } of frames) {
        heard.push(type)
        if (type === 'announced') break
      }
      expect(heard).toEqual(['welcome', 'announced'])
      socket.close()
    })

    it('passes Nostr messages', async () => {
      const socket = open('/nostr')
      await once(socket, 'open')
      socket.send(JSON.stringify(['REQ', 'x', { kinds: [10_050], authors: ['ab'.repeat(32)], limit: 1 }]))
      for await (const [data] of on(socket)) {
        if ((JSON.parse((data as Buffer).toString()) as string[])[0] === 'EOSE') break
      }
      socket.close()
    })

    it('counts clients by their own address, whatever they claim', async () => {
      const sockets: WebSocket[] = []
      let refused = 0
      for (let count = 0; count < 140; count++) {
        const claimed = `198.51.100.${String(count)}`
        const socket = open('/signalling', subprotocols.server, { 'x-forwarded-for': claimed })
        sockets.push(socket)
        socket.on('error', () => undefined)
        socket.on('unexpected-response', (_, response) => {
          if (response.statusCode === 429) refused += 1
          response.destroy()
        })
        await new Promise((resolve) => {
          for (const event of ['open', 'unexpected-response', 'close']) socket.once(event, resolve)
        })
      }
      expect(refused).toBeGreaterThan(0)
      for (const socket of sockets) socket.terminate()
    })
  },
)

/** Messages of a socket, those before anybody asked included. */
function on(socket: WebSocket): AsyncIterable<[unknown]> {
  const waiting: [unknown][] = []
  let wake: () => void = () => undefined
  socket.on('message', (data) => {
    waiting.push([data])
    wake()
  })
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = waiting.shift()
        if (next) yield next
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
