import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webRandom } from '@p2pigeon/core/node'
import { freshSigner, signEvent, type UnsignedEvent } from '@p2pigeon/core/nostr'
import { FakeClock } from '@p2pigeon/core/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBlobs, type Blobs, type BlobsOptions, type BlobVisitor } from './index.ts'

const dayMs = 86_400_000
const none = '0'.repeat(64)

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const content = (length: number, fill = 7): Buffer => Buffer.alloc(length, fill)

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

let folder: string
let clock: FakeClock
let blobs: Blobs
let server: Server
let port: number
let visitor: BlobVisitor
let warnings: string[]
const sockets = new Set<Socket>()

async function open(part: Partial<BlobsOptions> = {}): Promise<void> {
  const log = { warn: (line: string) => warnings.push(line) }
  blobs = await openBlobs({ folder, maxBytes: 100_000, totalBytes: 400_000, clock, log, ...part })
  server = createServer((asked, response) => {
    blobs.handle(asked, response, visitor)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
}

async function close(): Promise<void> {
  server.closeAllConnections()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => server.close(resolve))
  await blobs.close()
}

async function reopen(part: Partial<BlobsOptions> = {}): Promise<void> {
  await close()
  await open(part)
}

/** What is on the disk, by name. */
const onDisk = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []))

function ask(
  method: string,
  path: string,
  headers: Record<string, string | number> = {},
  body?: Uint8Array,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

async function authorisation(hash: string, part: Partial<UnsignedEvent> = {}): Promise<string> {
  const nowSeconds = Math.floor(clock.now() / 1_000)
  const tags = [
    ['t', 'upload'],
    ['x', hash],
    ['expiration', String(nowSeconds + 60)],
  ]
  const template = { kind: 24_242, created_at: nowSeconds, tags, content: 'Upload', ...part }
  return `Nostr ${Buffer.from(JSON.stringify(await signEvent(template, freshSigner(webRandom)))).toString('base64')}`
}

async function put(bytes: Uint8Array, hash = hashOf(bytes)): Promise<Reply> {
  return ask(
    'PUT',
    '/blobs/upload',
    { Authorization: await authorisation(hash), 'Content-Length': bytes.length },
    bytes,
  )
}

/** Begins an upload and says nothing more. */
async function beginUpload(length: number, hash = none): Promise<Socket> {
  const head = [
    'PUT /blobs/upload HTTP/1.1',
    'Host: x',
    `Content-Length: ${String(length)}`,
    `Authorization: ${await authorisation(hash)}`,
    '',
    '',
  ]
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(head.join('\r\n'))
  return socket
}

const answerOn = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (part) => (text += part.toString('latin1')))
    socket.on('close', () => {
      resolve(text)
    })
  })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pigeon-blobs-'))
  clock = new FakeClock()
  warnings = []
  visitor = { address: '192.0.2.1', baseUrl: 'https://node.example/blobs', mayUpload: true, readers: undefined }
  await open()
})

afterEach(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a blob', () => {
  it('is given as it was brought, under its hash, as nothing that a browser would show', async () => {
    const bytes = webRandom.bytes(70_000)
    const reply = await put(bytes)
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.body.toString())).toEqual({
      url: `https://node.example/blobs/${hashOf(bytes)}`,
      sha256: hashOf(bytes),
      size: 70_000,
      type: 'application/octet-stream',
      uploaded: Math.floor(clock.now() / 1_000),
    })
    const got = await ask('GET', `/blobs/${hashOf(bytes)}`)
    expect(got.status).toBe(200)
    expect(got.body.equals(bytes)).toBe(true)
    expect(got.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-length': '70000',
      'cache-control': 'no-store',
    })
    const head = await ask('HEAD', `/blobs/${hashOf(bytes)}.png`)
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '70000', 0])
    expect(blobs.stats()).toEqual({ blobs: 1, bytes: 73_728, uploads: 1, downloads: 1, refused: 0 })
  })

  it('is given whole where a part is asked for: there are no ranges', async () => {
    const bytes = content(10)
    await put(bytes)
    const reply = await ask('GET', `/blobs/${hashOf(bytes)}`, { Range: 'bytes=2-3' })
    expect([reply.status, reply.body.length]).toEqual([200, 10])
    expect(reply.headers).not.toHaveProperty('accept-ranges')
  })

  it('brought twice is there once, and counts once', async () => {
    await put(content(5_000))
    await put(content(5_000))
    expect(blobs.stats()).toMatchObject({ blobs: 1, bytes: 8_192, uploads: 2 })
  })

  it('outlives a restart; what was on its way does not', async () => {
    const bytes = content(3_000)
    await put(bytes)
    const socket = await beginUpload(5_000)
    socket.write(content(100))
    await vi.waitFor(() => expect(onDisk()).toHaveLength(2))
    await close()
    // As a crash leaves it: nobody has tidied up.

    writeFileSync(join(folder, 'incoming', 'left'), 'half')
    await open()
    expect(onDisk()).toEqual([hashOf(bytes)])
    expect((await ask('GET', `/blobs/${hashOf(bytes)}`)).body.equals(bytes)).toBe(true)
    expect(blobs.stats()).toMatchObject({ blobs: 1, bytes: 4_096 })
  })

  it('is gone after thirty days, from the disk as well, and not before', async () => {
    const bytes = content(3_000)
    await put(bytes)
    clock.advance(30 * dayMs - 1_000)
    await reopen()
    expect((await ask('HEAD', `/blobs/${hashOf(bytes)}`)).status).toBe(200)
    clock.advance(2_000)
    expect((await ask('HEAD', `/blobs/${hashOf(bytes)}`)).status).toBe(404)
    clock.advance(3_600_000)
    await vi.waitFor(() => expect(onDisk()).toEqual([]))
    expect(blobs.stats()).toMatchObject({ blobs: 0, bytes: 0 })
  })

  it('brought again lives thirty days from then on', async () => {
    const bytes = content(3_000)
    await put(bytes)
    clock.advance(29 * dayMs)
    await put(bytes)
    clock.advance(29 * dayMs)
    await reopen()
    expect((await ask('GET', `/blobs/${hashOf(bytes)}`)).status).toBe(200)
  })
})

describe('an upload is refused', () => {
  const bytes = content(1_000)
  const hash = hashOf(bytes)

  const tagged = (...tags: string[][]): Partial<UnsignedEvent> => ({ tags })
  it.each([
    ['of another kind', { kind: 1 }],
    ['for something else', tagged(['t', 'delete'], ['x', hash], ['expiration', '9999999999'])],
    ['without a hash', tagged(['t', 'upload'], ['expiration', '9999999999'])],
    ['for another blob', tagged(['t', 'upload'], ['x', none], ['expiration', '9999999999'])],
    ['for several', tagged(['t', 'upload'], ['x', hash], ['x', none], ['expiration', '9999999999'])],
    ['for a path', tagged(['t', 'upload'], ['x', '../../../../etc/passwd'], ['expiration', '9999999999'])],
    ['that is over', tagged(['t', 'upload'], ['x', hash], ['expiration', '1600000000'])],
    ['that ends at no time', tagged(['t', 'upload'], ['x', hash], ['expiration', 'Infinity'])],
    ['without an end', tagged(['t', 'upload'], ['x', hash])],
    ['from the future', { created_at: 1_700_009_999 }],
  ])('with an event %s', async (event, part) => {
    const headers = { Authorization: await authorisation(hash, part), 'Content-Length': bytes.length }
    const { status } = await ask('PUT', '/blobs/upload', headers, bytes)
    expect(status).toBe(event === 'for another blob' ? 409 : 401)
    expect(onDisk()).toEqual([])
  })

  it('with no event, one that is damaged, or one that somebody has changed', async () => {
    const genuine = await authorisation(none)
    const event = JSON.parse(Buffer.from(genuine.slice(6), 'base64').toString()) as { tags: string[][] }
    event.tags[1] = ['x', hash]
    const forged = `Nostr ${Buffer.from(JSON.stringify(event)).toString('base64')}`
    for (const Authorization of ['', 'Nostr', 'Nostr !!!', 'Bearer abc', 'Nostr e30=', genuine.slice(0, -8), forged]) {
      const reply = await ask('PUT', '/blobs/upload', { Authorization, 'Content-Length': bytes.length }, bytes)
      expect(reply.status, Authorization).toBe(401)
    }
    expect(onDisk()).toEqual([])
  })

  it('whose bytes have another hash, and nothing of it stays', async () => {
    expect((await put(bytes, none)).status).toBe(409)
    expect(onDisk()).toEqual([])
    expect(blobs.stats()).toMatchObject({ blobs: 0, bytes: 0, uploads: 0, refused: 1 })
  })

  it('that breaks off, and nothing of it stays', async () => {
    const socket = await beginUpload(50_000)
    socket.write(content(100))
    await vi.waitFor(() => expect(onDisk()).toHaveLength(1))
    socket.destroy()
    await vi.waitFor(() => expect(onDisk()).toEqual([]))
    expect(warnings).toEqual([])
    // Its room is free again.
    for (const fill of [1, 2, 3, 4]) expect((await put(content(90_000, fill))).status).toBe(200)
  })

  it('that falls silent, and its sender is cut off', async () => {
    const socket = await beginUpload(50_000)
    const over = answerOn(socket)
    socket.write(content(100))
    await vi.waitFor(() => expect(onDisk()).toHaveLength(1))
    clock.advance(31_000)
    expect(await over).toBe('')
    await vi.waitFor(() => expect(onDisk()).toEqual([]))
  })

  it('that is larger than what is kept, before anything of it is written, and its sender hears why while still sending', async () => {
    const large = content(8_000_000)
    const reply = await ask('PUT', '/blobs/upload', { 'Content-Length': large.length }, large)
    expect([reply.status, reply.headers.connection]).toEqual([413, 'close'])
    expect(onDisk()).toEqual([])
  })

  it('by a sender that goes on for ever, who is not listened to for long', async () => {
    const socket = await beginUpload(8_000_000)
    const over = answerOn(socket)
    await vi.waitFor(() => expect(blobs.stats().refused).toBe(1))
    clock.advance(5_000)
    expect(await over).toMatch(/^HTTP\/1\.1 413 /)
  })

  it('without a length, or with an empty one', async () => {
    const Authorization = await authorisation(hash)
    const chunked = { Authorization, 'Transfer-Encoding': 'chunked' }
    expect((await ask('PUT', '/blobs/upload', chunked, bytes)).status).toBe(411)
    expect((await ask('PUT', '/blobs/upload', { Authorization, 'Content-Length': 0 })).status).toBe(400)
  })

  it('when there is no room, also for what others have announced, and room comes back', async () => {
    await reopen({ totalBytes: 16_384 })
    expect((await put(content(8_000, 1))).status).toBe(200)
    const socket = await beginUpload(8_000)
    await vi.waitFor(() => expect(onDisk()).toHaveLength(2))
    expect((await put(content(100, 2))).status).toBe(507)
    socket.destroy()
    await vi.waitFor(async () => expect((await put(content(100, 2))).status).toBe(200))
    clock.advance(31 * dayMs)
    await vi.waitFor(() => expect(onDisk()).toEqual([]))
    expect((await put(content(16_000, 3))).status).toBe(200)
  })

  it('when there are too many blobs, however small', async () => {
    await reopen({ limits: { maxBlobs: 2 } })
    for (const fill of [1, 2]) expect((await put(content(1, fill))).status).toBe(200)
    expect((await put(content(1, 3))).status).toBe(507)
  })

  it('when too many come at once, of one address or of all', async () => {
    await reopen({ limits: { maxUploads: 2, maxUploadsPerAddress: 1 } })
    await beginUpload(100)
    await vi.waitFor(() => expect(onDisk()).toHaveLength(1))
    const reply = await put(bytes)
    expect([reply.status, reply.headers['retry-after']]).toEqual([503, '30'])
    visitor = { ...visitor, address: '192.0.2.2' }
    await beginUpload(100)
    await vi.waitFor(() => expect(onDisk()).toHaveLength(2))
    visitor = { ...visitor, address: '192.0.2.3' }
    expect((await put(bytes)).status).toBe(503)
  })

  it('when one address has brought too much, until time has passed', async () => {
    await reopen({ limits: { uploadBurst: 1, uploadPerSecond: 1_000 } })
    // One of the largest size always fits.
    expect((await put(content(100_000, 1))).status).toBe(200)
    expect((await put(content(1_000, 2))).status).toBe(429)
    visitor = { ...visitor, address: '2001:db8::1' }
    expect((await put(content(1_000, 2))).status).toBe(200)
    visitor = { ...visitor, address: '192.0.2.1' }
    clock.advance(1_000)
    expect((await put(content(1_000, 3))).status).toBe(200)
  })

  it('by a page of another origin', async () => {
    visitor = { ...visitor, mayUpload: false, readers: '*' }
    expect((await put(bytes)).status).toBe(403)
    expect(onDisk()).toEqual([])
  })

  it('once the node is about to stop', async () => {
    await blobs.close()
    expect((await put(bytes)).status).toBe(503)
  })
})

describe('asking', () => {
  it.each([
    '/blobs/',
    '/blobs/upload',
    '/blobs/../../etc/passwd',
    '/blobs/%2e%2e/%2e%2e/etc/passwd',
    `/blobs/${none.slice(1)}`,
    `/blobs/${none}0`,
    `/blobs/${none}/x`,
    `/blobs/${none}.tar.gz`,
    `/blobs/${none}%00`,
    '/blobs/incoming',
    '/blobs/incoming/left',
  ])('for %s finds nothing', async (path) => {
    expect([404, 405]).toContain((await ask('GET', path)).status)
  })

  it('by another method does nothing', async () => {
    const bytes = content(10)
    await put(bytes)
    for (const method of ['DELETE', 'POST', 'PATCH', 'PUT']) {
      const reply = await ask(method, `/blobs/${hashOf(bytes)}`)
      expect([reply.status, reply.headers.allow], method).toEqual([405, 'GET, HEAD, PUT'])
    }
    expect((await ask('GET', `/blobs/${hashOf(bytes).toUpperCase()}?a#b`)).status).toBe(200)
  })

  it('for what the disk has lost is answered as if it had never been, and the log names no file', async () => {
    const bytes = content(10)
    await put(bytes)
    rmSync(join(folder, hashOf(bytes).slice(0, 2)), { recursive: true })
    expect((await ask('GET', `/blobs/${hashOf(bytes)}`)).status).toBe(404)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).not.toContain(hashOf(bytes).slice(0, 8))
  })

  it('too fast is refused, for one address only', async () => {
    await reopen({ limits: { requestBurst: 3, requestsPerSecond: 1 } })
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push((await ask('GET', `/blobs/${none}`)).status)
    expect(statuses).toEqual([404, 404, 404, 429])
    visitor = { ...visitor, address: '192.0.2.9' }
    expect((await ask('GET', `/blobs/${none}`)).status).toBe(404)
    visitor = { ...visitor, address: '192.0.2.1' }
    clock.advance(1_000)
    expect((await ask('GET', `/blobs/${none}`)).status).toBe(404)
  })

  it('for too many bytes is refused until time has passed', async () => {
    await reopen({ limits: { downloadBurst: 1, downloadPerSecond: 1_000 } })
    const bytes = content(60_000)
    await put(bytes)
    const statusOf = async (): Promise<number> => (await ask('GET', `/blobs/${hashOf(bytes)}`)).status
    expect([await statusOf(), await statusOf()]).toEqual([200, 429])
    clock.advance(20_000)
    expect(await statusOf()).toBe(200)
  })

  it('and taking nothing ends in being cut off, and frees the place', async () => {
    const large = webRandom.bytes(65_536)
    const all = Buffer.concat(Array<Uint8Array>(256).fill(large))
    await reopen({ maxBytes: 20_000_000, totalBytes: 40_000_000, limits: { maxDownloadsPerAddress: 1 } })
    expect((await put(all)).status).toBe(200)
    const socket = connect(port, '127.0.0.1')
    socket.pause()
    socket.write(`GET /blobs/${hashOf(all)} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await vi.waitFor(() => expect(blobs.stats().downloads).toBe(1))
    expect((await ask('GET', `/blobs/${hashOf(all)}`)).status).toBe(503)
    // Until what the system buffers is full the reader still seems to take something.
    await vi.waitFor(async () => {
      clock.advance(31_000)
      expect((await ask('GET', `/blobs/${hashOf(all)}`)).status).toBe(200)
    })
    socket.destroy()
  })
})

describe('pages', () => {
  it('that may read are told so; others get nothing from a node that only this machine knows', async () => {
    const bytes = content(10)
    await put(bytes)
    const path = `/blobs/${hashOf(bytes)}`
    const foreign = await ask('GET', path, { Origin: 'https://evil.example' })
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined])
    visitor = { ...visitor, mayUpload: false, readers: '*' }
    const open = await ask('GET', path, { Origin: 'https://other.example' })
    expect([open.status, open.headers['access-control-allow-origin'], open.headers.vary]).toEqual([200, '*', 'Origin'])
    visitor = { ...visitor, mayUpload: true, readers: 'http://localhost:1' }
    const asked = await ask('OPTIONS', '/blobs/upload', { Origin: 'http://localhost:1' })
    expect(asked.status).toBe(204)
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': 'http://localhost:1',
      'access-control-allow-methods': 'GET, HEAD, PUT',
      'access-control-allow-headers': 'Authorization, Content-Type',
    })
    expect(asked.headers).not.toHaveProperty('access-control-allow-credentials')
  })
})
