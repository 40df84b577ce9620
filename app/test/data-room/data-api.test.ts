import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock } from '@p2pigeon/core/node'
import { afterEach, describe, expect, it } from 'vitest'
import type { DataRoomLimits } from '../../src/data-room/index.ts'
import { recoveryBytes } from '../../src/data-room/store/durable.ts'
import { DataClient, newObject, type Answer } from './data-client.ts'
import { serve, type Served } from './served.ts'

const segmentBytes = 64 * 65_552

const open: Served[] = []
const folders: string[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((served) => served.close()))
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pigeon-data-room-'))
  folders.push(folder)
  return folder
}

interface Started {
  readonly served: Served
  readonly client: DataClient
  readonly drive: string
}

async function start(
  limits: Partial<DataRoomLimits> = {},
  clock: Clock = systemClock,
  folder = newFolder(),
): Promise<Started> {
  const served = await serve({ folder, limits, clock })
  open.push(served)
  const client = new DataClient(served.port)
  await client.begin()
  return { served, client, drive: await client.newDrive() }
}

async function stop(served: Served): Promise<void> {
  open.splice(open.indexOf(served), 1)
  await served.close()
}

function expectRefusal(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, said: answer.json() }).toEqual({ status, said: { code } })
}

describe('a session', () => {
  it('is given for a proof and says what the key may keep', async () => {
    const { served } = await start({ quotaBytes: 1_000 })
    expect(await new DataClient(served.port).begin()).toEqual({
      token: expect.stringMatching(/^[\w-]{64}$/) as string,
      expiresInMs: 3_600_000,
      quotaBytes: 1_000,
      usedBytes: 0,
    })
  })

  it('is given for each proof once', async () => {
    const { served } = await start()
    const client = new DataClient(served.port)
    const proof = client.proof()
    expect((await client.call('POST', '/data/session', proof)).status).toBe(200)
    expectRefusal(await client.call('POST', '/data/session', proof), 401, 'nonce-used')
  })

  it('is not given for a proof that another host was meant to have', async () => {
    const { served } = await start()
    const client = new DataClient(served.port)
    const proof = client.proof({ host: 'pigeon.example.org' })
    expectRefusal(await client.call('POST', '/data/session', proof), 401, 'proof-wrong')
  })

  it.each([-300_001 - 60_000, 300_001 + 60_000])('is not given when the clocks are %i ms apart', async (apart) => {
    const { served } = await start()
    const client = new DataClient(served.port)
    const proof = client.proof({ ms: Date.now() + apart })
    expectRefusal(await client.call('POST', '/data/session', proof), 401, 'clock-skew')
  })

  it('is not given for a proof with any one byte changed, or of another length', async () => {
    const { served } = await start({ sessionBurst: 1_000 })
    const client = new DataClient(served.port)
    for (const at of [0, 31, 39, 40, 55, 56, 119]) {
      const proof = client.proof()
      proof[at] = (proof[at] ?? 0) ^ 1
      const answer = await client.call('POST', '/data/session', proof)
      expect(answer.json()).toEqual({ code: 'proof-wrong' })
    }
    expectRefusal(await client.call('POST', '/data/session', client.proof().subarray(1)), 400, 'bad-request')
    const longer = Buffer.concat([client.proof(), Buffer.alloc(1)])
    expectRefusal(await client.call('POST', '/data/session', longer), 413, 'body-size')
  })

  it('is needed, and ends', async () => {
    let later = 0
    const clock: Clock = { now: () => systemClock.now() + later, after: (ms, run) => systemClock.after(ms, run) }
    const { served, client, drive } = await start({}, clock)
    const stranger = new DataClient(served.port)
    expectRefusal(await stranger.call('POST', '/data/drives'), 401, 'session-missing')
    const made = { Authorization: `Bearer ${randomBytes(48).toString('base64url')}` }
    expectRefusal(await stranger.call('POST', '/data/drives', undefined, made), 401, 'session-missing')
    later = 3_600_000
    expectRefusal(await client.get(drive, newObject(), 0), 401, 'session-expired')
  })

  it('is asked for so many times by one address, and no more', async () => {
    const { served } = await start({ sessionBurst: 4, sessionsPerSecond: 0.001 })
    const client = new DataClient(served.port)
    const answers: number[] = []
    for (let n = 0; n < 4; n++) answers.push((await client.call('POST', '/data/session', client.proof())).status)
    // One was spent by `start`.
    expect(answers).toEqual([200, 200, 200, 429])
  })

  it('does not let one address ask without end', async () => {
    const { client, drive } = await start({ requestBurst: 5, requestsPerSecond: 0.001 })
    const answers: number[] = []
    for (let n = 0; n < 4; n++) answers.push((await client.call('GET', `/data/drives/${drive}/journal`)).status)
    expect(answers).toEqual([200, 200, 200, 429])
  })
})

describe('segments', () => {
  it('come back as they were brought, whole and in parts', async () => {
    const { client, drive } = await start()
    const object = newObject()
    const segment = randomBytes(segmentBytes)
    expect((await client.put(drive, object, 0, segment)).status).toBe(201)
    const whole = await client.get(drive, object, 0)
    expect(whole.status).toBe(200)
    expect(whole.body.equals(segment)).toBe(true)
    for (const [asked, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=65551-65552', 65_551, 65_553],
      ['bytes=131104-196655', 131_104, 196_656],
      [`bytes=${String(segmentBytes - 1)}-`, segmentBytes - 1, segmentBytes],
      ['bytes=-5', segmentBytes - 5, segmentBytes],
    ] as const) {
      const part = await client.get(drive, object, 0, { Range: asked })
      expect(part.status).toBe(206)
      expect(part.headers.get('content-range')).toBe(
        `bytes ${String(start)}-${String(end - 1)}/${String(segmentBytes)}`,
      )
      expect(part.body.equals(segment.subarray(start, end))).toBe(true)
    }
    expectRefusal(await client.get(drive, object, 0, { Range: `bytes=${String(segmentBytes)}-` }), 416, 'range-wrong')
  })

  it('are listed, stored once, kept from change, and cleared', async () => {
    const { served, client, drive } = await start()
    const object = newObject()
    const [first, third, hashes] = [randomBytes(100_000), randomBytes(70_000), randomBytes(96)]
    expect((await client.put(drive, object, 2, third)).status).toBe(201)
    expect((await client.put(drive, object, 0, first)).status).toBe(201)
    expect((await client.put(drive, object, 'hashes', hashes)).status).toBe(201)
    const path = `/data/drives/${drive}/objects/${object}`
    expect((await client.call('GET', path)).json()).toEqual({ segments: [0, 2], hashes: true })
    const stored = served.room.stats().storedBytes
    expect(stored).toBe(170_096)
    expect((await client.put(drive, object, 0, first)).status).toBe(200)
    expectRefusal(await client.put(drive, object, 0, randomBytes(100_000)), 409, 'segment-differs')
    expectRefusal(await client.put(drive, object, 0, first.subarray(1)), 409, 'segment-differs')
    expect(served.room.stats().storedBytes).toBe(stored)
    expect((await client.get(drive, object, 'hashes')).body.equals(hashes)).toBe(true)

    expect((await client.call('DELETE', path)).status).toBe(200)
    expect((await client.call('GET', path)).json()).toEqual({ segments: [], hashes: false })
    expectRefusal(await client.get(drive, object, 0), 404, 'not-found')
    expect(served.room.stats().storedBytes).toBe(0)
    expect((await client.put(drive, object, 0, third)).status).toBe(201)
    expect((await client.get(drive, object, 0)).body.equals(third)).toBe(true)
  })

  it('are written by the key that made the drive alone, and read by whoever names it', async () => {
    const { served, client, drive } = await start()
    const object = newObject()
    await client.put(drive, object, 0, randomBytes(100))
    const other = new DataClient(served.port)
    await other.begin()
    expectRefusal(await other.put(drive, object, 1, randomBytes(100)), 403, 'not-yours')
    expectRefusal(await other.append(drive, 0, randomBytes(100)), 403, 'not-yours')
    expectRefusal(await other.call('DELETE', `/data/drives/${drive}/objects/${object}`), 403, 'not-yours')
    expect((await other.get(drive, object, 0)).body).toHaveLength(100)
    expectRefusal(await client.put(randomBytes(32).toString('hex'), object, 0, randomBytes(9)), 404, 'unknown-drive')
  })

  it('make room for others when they are cleared', async () => {
    const { served, client, drive } = await start({ quotaBytes: 250_000 })
    const object = newObject()
    const path = `/data/drives/${drive}/objects/${object}`
    expect((await client.put(drive, object, 0, randomBytes(200_000))).status).toBe(201)
    expectRefusal(await client.put(drive, newObject(), 0, randomBytes(100_000)), 507, 'quota-key')
    expect((await client.call('DELETE', path)).status).toBe(200)
    // Again, for whoever has not heard that it is done.
    expect((await client.call('DELETE', path)).status).toBe(200)
    expect((await client.put(drive, newObject(), 0, randomBytes(240_000))).status).toBe(201)
    expect(served.room.stats().storedBytes).toBe(240_000)
  })

  it('count against the key and against the node', async () => {
    const { served, client, drive } = await start({ quotaBytes: 250_000, quotaAllBytes: 400_000 })
    const object = newObject()
    expect((await client.put(drive, object, 0, randomBytes(200_000))).status).toBe(201)
    expectRefusal(await client.put(drive, object, 1, randomBytes(50_001)), 507, 'quota-key')
    expect((await client.put(drive, object, 1, randomBytes(50_000))).status).toBe(201)
    expectRefusal(await client.append(drive, 0, randomBytes(60)), 507, 'quota-key')
    const other = new DataClient(served.port)
    await other.begin()
    const second = await other.newDrive()
    expectRefusal(await other.put(second, object, 0, randomBytes(150_001)), 507, 'quota-all')
    expect((await other.put(second, object, 0, randomBytes(150_000))).status).toBe(201)
    // Room is made by whoever clears, and what was refused left nothing.
    await client.call('DELETE', `/data/drives/${drive}/objects/${object}`)
    expect(served.room.stats().storedBytes).toBe(150_000)
    expect((await client.begin()).usedBytes).toBe(0)
  })

  it('lets a key have so many drives', async () => {
    const { client } = await start({ maxDrivesPerKey: 2 })
    await client.newDrive()
    expectRefusal(await client.call('POST', '/data/drives'), 507, 'too-many-drives')
  })

  it('lets nobody use up its places by making keys: an address has so many new drives', async () => {
    const { served } = await start({ driveBurst: 2, drivesPerSecond: 0 })
    const other = new DataClient(served.port)
    await other.begin()
    await other.newDrive()
    expectRefusal(await other.call('POST', '/data/drives'), 429, 'too-many-requests')
  })
})

describe('a journal', () => {
  it('grows by the next batch, and only by that', async () => {
    const { client, drive } = await start()
    const batches = [randomBytes(100), randomBytes(61_440), randomBytes(53)]
    for (const [n, batch] of batches.entries()) expect((await client.append(drive, n, batch)).status).toBe(201)
    expect((await client.append(drive, 2, batches[2] ?? Buffer.alloc(0))).status).toBe(200)
    const skipped = await client.append(drive, 4, randomBytes(60))
    expect([skipped.status, skipped.json()]).toEqual([409, { code: 'journal-next', next: 3 }])
    const again = await client.append(drive, 1, randomBytes(60))
    expect([again.status, again.json()]).toEqual([409, { code: 'journal-next', next: 3 }])
    expectRefusal(await client.append(drive, 3, randomBytes(61_441)), 413, 'body-size')
    expectRefusal(await client.append(drive, 3, randomBytes(52)), 413, 'body-size')
    expect(await client.journal(drive)).toEqual(batches)
    expect(await client.journal(drive, 2)).toEqual(batches.slice(2))
    expect(await client.journal(drive, 3)).toEqual([])
    const { headers } = await client.call('GET', `/data/drives/${drive}/journal?from=1`)
    expect(headers.get('journal-length')).toBe('3')
  })

  it('takes one of two batches that come at once', async () => {
    const { client, drive } = await start()
    const answers = await Promise.all([
      client.append(drive, 0, randomBytes(100)),
      client.append(drive, 0, randomBytes(100)),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(await client.journal(drive)).toHaveLength(1)
  })

  it('answers with 4 MiB at most, and goes on from there', async () => {
    const { client, drive } = await start()
    const batches: Buffer[] = []
    for (let n = 0; n < 70; n++) {
      batches.push(randomBytes(61_440))
      await client.append(drive, n, batches[n] ?? Buffer.alloc(0))
    }
    const first = await client.journal(drive)
    expect(first.length).toBe(Math.floor((4 * 1_048_576) / 61_444))
    const rest = await client.journal(drive, first.length)
    expect(Buffer.concat([...first, ...rest]).equals(Buffer.concat(batches))).toBe(true)
  })
})

describe('drives of others', () => {
  const name = (): string => randomBytes(32).toString('hex')
  const follow = (client: DataClient, body: unknown): Promise<Answer> =>
    client.call('POST', '/data/follow', Buffer.from(JSON.stringify(body)))

  it('are waited for, and not for ever', async () => {
    const { client } = await start({ waitMs: 100, journalWaitMs: 100 })
    const drive = name()
    expectRefusal(await client.get(drive, newObject(), 0), 404, 'unknown-drive')
    expect((await follow(client, { drives: [drive, drive] })).status).toBe(200)
    expectRefusal(await client.get(drive, newObject(), 0), 504, 'unavailable')
    expectRefusal(await client.call('GET', `/data/drives/${drive}/journal`), 504, 'unavailable')
    expectRefusal(await client.put(drive, newObject(), 0, randomBytes(9)), 403, 'not-yours')
  })

  it('are as many as a key and the node may follow; what nobody brings makes way for what the same key names later', async () => {
    const folder = newFolder()
    const { served, client } = await start({ maxFollowedPerKey: 2, maxFollowed: 3 }, systemClock, folder)
    const [first, second, third] = [name(), name(), name()]
    expect((await follow(client, { drives: [first, second] })).status).toBe(200)
    const other = new DataClient(served.port)
    await other.begin()
    const theirs = name()
    expect((await follow(other, { drives: [theirs] })).status).toBe(200)
    const stranger = new DataClient(served.port)
    await stranger.begin()
    expectRefusal(await follow(stranger, { drives: [name()] }), 507, 'too-many-drives')
    expect((await follow(client, { drives: [third] })).status).toBe(200)
    const known = async (): Promise<boolean[]> => {
      const asked = [first, second, third, theirs].map((drive) =>
        client.call('GET', `/data/drives/${drive}/objects/${newObject()}`),
      )
      return (await Promise.all(asked)).map(({ status }) => status !== 404)
    }
    expect(await known()).toEqual([false, true, true, true])
    await stop(served)
    const again = await serve({ folder })
    open.push(again)
    await client.moveTo(again.port)
    expect(await known()).toEqual([false, true, true, true])
    // It can be named again.
    expect((await follow(client, { drives: [first] })).status).toBe(200)
  })

  it('are waited for by one address so many times at once, and by others besides', async () => {
    const { served, client } = await start({ waitMs: 1_000, maxReadsPerAddress: 1 })
    const drive = name()
    await follow(client, { drives: [drive] })
    const { token } = await client.begin()
    const ask = async (localAddress: string): Promise<number | undefined> => {
      const asking = request({
        host: '127.0.0.1',
        port: served.port,
        localAddress,
        path: `/data/drives/${drive}/objects/${newObject()}/0`,
        headers: { Authorization: `Bearer ${token}` },
      })
      asking.end()
      const [answer] = (await once(asking, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    const answers = await Promise.all([ask('127.0.0.1'), ask('127.0.0.1'), ask('127.0.0.2')])
    expect(answers.sort()).toEqual([503, 504, 504])
  })

  it('have a journal that is not waited for as long as contents are', async () => {
    const { client } = await start({ waitMs: 3_600_000, journalWaitMs: 100 })
    const drive = name()
    await follow(client, { drives: [drive] })
    expectRefusal(await client.call('GET', `/data/drives/${drive}/journal`), 504, 'unavailable')
  })

  it('are as many as one address may name that were not followed', async () => {
    const { client } = await start({ followBurst: 2, followsPerSecond: 0 })
    const known = [name(), name()]
    expect((await follow(client, { drives: known })).status).toBe(200)
    expect((await follow(client, { drives: known })).status).toBe(200)
    expectRefusal(await follow(client, { drives: [name()] }), 429, 'too-many-requests')
  })

  it('are named by 64 hexadecimal digits and nothing else', async () => {
    const { client } = await start()
    for (const body of [
      {},
      { drives: 'all' },
      { drives: ['../x'] },
      { drives: [name().toUpperCase()] },
      { drives: [], replica: '00' },
      { drives: [], other: 1 },
      { drives: Array.from({ length: 1_025 }, name) },
      [],
      null,
    ]) {
      expectRefusal(await follow(client, body), 400, 'bad-request')
    }
    expectRefusal(await client.call('POST', '/data/follow', Buffer.from('{')), 400, 'bad-request')
    expectRefusal(await client.call('POST', '/data/follow', Buffer.alloc(131_073)), 413, 'body-size')
  })
})

describe('the door', () => {
  it('knows no path but its own', async () => {
    const { served, client, drive } = await start()
    const object = newObject()
    for (const path of [
      '/data/',
      '/data/drives/',
      `/data/drives/${drive}`,
      `/data/drives/${drive.toUpperCase()}/journal`,
      `/data/drives/${drive}/objects/${object}/00`,
      `/data/drives/${drive}/objects/${object}/-1`,
      `/data/drives/${drive}/objects/${object}/10000000`,
      `/data/drives/${drive}/objects/${object}/%30`,
      `/data/drives/${drive}/objects/${object}/0%00`,
      `/data/drives/${drive}/objects/..%2f${object}/0`,
      `/data/drives/${drive}/journal?from=-1`,
      `/data/drives/${drive}/journal?from=0&from=1`,
      `/data/drives/${drive}/journal?from=0?`,
    ]) {
      expectRefusal(await client.call('GET', path), 404, 'not-found')
    }
    expectRefusal(await client.call('PATCH', `/data/drives/${drive}/journal/0`), 405, 'method-unknown')
    // As it was written: `fetch` would take the dots away itself.
    const raw = await rawCall(
      served.port,
      `GET /data/drives/${drive}/objects/../../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:${String(served.port)}\r\nConnection: close\r\n\r\n`,
    )
    expect(raw).toMatch(/^HTTP\/1\.1 404 /)
  })

  it('lets pages of this node in, and no other', async () => {
    const { served, client, drive } = await start()
    const own = `http://127.0.0.1:${String(served.port)}`
    const preflight = await client.call('OPTIONS', `/data/drives/${drive}/journal`, undefined, { Origin: own })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(own)
    for (const origin of ['https://elsewhere.example', 'null', `http://127.0.0.1:${String(served.port + 1)}`]) {
      for (const method of ['OPTIONS', 'GET']) {
        const answer = await client.call(method, `/data/drives/${drive}/journal`, undefined, { Origin: origin })
        expectRefusal(answer, 403, 'origin-refused')
        expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      }
    }
  })

  it('reads none of a body that is too large, or does not say how large', async () => {
    const { served, client, drive } = await start()
    const object = newObject()
    const { token } = await client.begin()
    const head = `PUT /data/drives/${drive}/objects/${object}/0 HTTP/1.1\r\nHost: 127.0.0.1:${String(served.port)}\r\nAuthorization: Bearer ${token}\r\n`
    // The answer comes before any byte of the body was sent.
    expect(await rawCall(served.port, `${head}Content-Length: ${String(segmentBytes + 1)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413 [^]*"body-size"/,
    )
    expect(await rawCall(served.port, `${head}Transfer-Encoding: chunked\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 411 [^]*"length-missing"/,
    )
    expectRefusal(await client.put(drive, object, 0, Buffer.alloc(0)), 413, 'body-size')
  })

  it('keeps nothing of a body that was broken off', async () => {
    const { served, client, drive } = await start()
    const object = newObject()
    const { token } = await client.begin()
    const sent = request({
      host: '127.0.0.1',
      port: served.port,
      method: 'PUT',
      path: `/data/drives/${drive}/objects/${object}/0`,
      headers: { Authorization: `Bearer ${token}`, 'Content-Length': segmentBytes },
    })
    const ended = once(sent, 'error')
    await new Promise<void>((resolve) => {
      sent.write(randomBytes(segmentBytes / 2), () => {
        resolve()
      })
    })
    sent.destroy(new Error('broken off'))
    await ended
    await expect.poll(() => served.room.stats().refused).toBe(1)
    const path = `/data/drives/${drive}/objects/${object}`
    expect((await client.call('GET', path)).json()).toEqual({ segments: [], hashes: false })
    expect(served.room.stats()).toMatchObject({ storedBytes: 0, receivedBytes: 240 })
    expect((await client.put(drive, object, 0, randomBytes(10))).status).toBe(201)
  })

  it('leaves others their memory, and everybody new sessions, while one address brings large bodies', async () => {
    const limits = { bodyMs: 60_000, maxBufferedBytes: 1_000, maxBufferedBytesPerAddress: 600 }
    const { served, client, drive } = await start(limits)
    const { token } = await client.begin()
    const { port } = served
    const head = `PUT /data/drives/${drive}/objects/${newObject()}/0 HTTP/1.1\r\nHost: 127.0.0.1:${String(port)}\r\nAuthorization: Bearer ${token}\r\nExpect: 100-continue\r\n`
    const sockets: Socket[] = []
    const said = async (socket: Socket): Promise<string> => {
      const [answer] = (await once(socket, 'data')) as [Buffer]
      return answer.toString('latin1')
    }
    /** Resolves when the node waits for the body. */
    const begin = async (localAddress: string, bytes: number): Promise<Socket> => {
      const socket = connect({ port, host: '127.0.0.1', localAddress })
      sockets.push(socket)
      socket.write(`${head}Content-Length: ${String(bytes)}\r\n\r\n`)
      expect(await said(socket)).toMatch(/^HTTP\/1\.1 100 /)
      return socket
    }
    try {
      await begin('127.0.0.1', 600)
      expectRefusal(await client.put(drive, newObject(), 0, randomBytes(1)), 503, 'busy')
      const other = await begin('127.0.0.2', 400)
      // Now nothing is left for anybody, and a session is had all the same.
      expect((await client.call('POST', '/data/session', client.proof())).status).toBe(200)
      other.write(randomBytes(400))
      expect(await said(other)).toMatch(/^HTTP\/1\.1 201 /)
    } finally {
      for (const socket of sockets) socket.destroy()
    }
    await expect.poll(async () => (await client.put(drive, newObject(), 0, randomBytes(600))).status).toBe(201)
  })

  it('gives up on a body that is too slow, and on too many at once', async () => {
    const { served, client, drive } = await start({ bodyMs: 50, maxBufferedBytes: 1_000 })
    const { token } = await client.begin()
    const head = (bytes: number): string =>
      `PUT /data/drives/${drive}/objects/${newObject()}/0 HTTP/1.1\r\nHost: 127.0.0.1:${String(served.port)}\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${String(bytes)}\r\n\r\n`
    expect(await rawCall(served.port, `${head(900)}x`)).toMatch(/^HTTP\/1\.1 408 [^]*"body-slow"/)
    expect(await rawCall(served.port, head(1_001))).toMatch(/^HTTP\/1\.1 503 [^]*"busy"/)
  })
})

it('has everything again after a restart', async () => {
  const folder = newFolder()
  const { served, client, drive } = await start({}, systemClock, folder)
  const object = newObject()
  const segment = randomBytes(200_000)
  const batches = [randomBytes(100), randomBytes(200)]
  await client.put(drive, object, 0, segment)
  for (const [n, batch] of batches.entries()) await client.append(drive, n, batch)
  // What is synced before each acknowledgement is where the database writes first.
  expect(await recoveryBytes(join(folder, 'db'))).toBeGreaterThan(segment.length)
  await stop(served)
  const again = await serve({ folder })
  open.push(again)
  await client.moveTo(again.port)
  expect((await client.get(drive, object, 0)).body.equals(segment)).toBe(true)
  expect(await client.journal(drive)).toEqual(batches)
  expect(again.room.stats()).toMatchObject({ drives: 1, storedBytes: 200_300 })
  expect((await client.append(drive, 2, randomBytes(60))).status).toBe(201)
})

/** The answer to these bytes; the connection is ended by the node. */
async function rawCall(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (piece: string) => (answer += piece))
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}
