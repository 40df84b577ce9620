import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { id } from '../../../test/files/authors.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { callNode } from './node-calls.ts'
import { NodeStore } from './node-store.ts'

const { signal } = new AbortController()
const closings: (() => void)[] = []
afterEach(() => {
  for (const close of closings.splice(0)) close()
})

interface Asked {
  readonly path: string
  readonly body: string
}

/** A node that gives everybody a session, and answers everything else like this. */
async function nodeThat(answer: (path: string, response: Parameters<RequestListener>[1]) => void) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString('latin1')))
    request.on('end', () => {
      asked.push({ path, body })
      const session = { token: 't', expiresInMs: 3_600_000, usedBytes: 0, quotaBytes: 1 }
      if (path === '/data/session') response.end(JSON.stringify(session))
      else answer(path, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closings.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const clock = new FakeClock()
  const { port } = server.address() as AddressInfo
  const key = { proof: () => Promise.resolve(new Uint8Array(120)) }
  const store = new NodeStore({ url: `http://127.0.0.1:${port}`, key, clock, random: webRandom, fetch })
  const count = (part: string): number => asked.filter(({ path }) => path.includes(part)).length
  return { store, clock, asked, count }
}

const say = (response: Parameters<RequestListener>[1], status: number, code: string): void => {
  response.writeHead(status).end(JSON.stringify({ code }))
}

describe('a node', () => {
  it('that says that nobody brings something is there: it is not asked again and again', async () => {
    const { store, count } = await nodeThat((path, response) => {
      if (path.endsWith('/follow')) response.end('{}')
      else if (path.includes('/objects/')) say(response, 502, 'damaged')
      else say(response, 504, 'unavailable')
    })
    await expect(store.journal(id(1, 32), 0, signal)).rejects.toMatchObject({ code: 'object-missing' })
    expect(count('/journal')).toBe(1)
    await expect(store.read(id(1, 32), id(2), 0, undefined, signal)).rejects.toMatchObject({ code: 'object-missing' })
  })

  it('that takes a call and never answers is unreachable after a while', async () => {
    const { store, clock, count } = await nodeThat(() => undefined)
    await store.open(signal)
    const done = store.createDrive(signal).catch((error: unknown) => error)
    for (let tried = 1; tried <= 6; tried++) {
      await expect.poll(() => count('/drives')).toBe(tried)
      clock.advance(45_000)
      // Until it waits to try again.
      await expect.poll(() => clock.pending).toBe(tried < 6 ? 1 : 0)
      clock.advance(10_000)
    }
    expect(await done).toMatchObject({ code: 'node-unreachable' })
  })

  it('may answer slowly, and is unreachable once nothing comes any more', async () => {
    const clock = new FakeClock()
    let wished: () => void = () => undefined
    const wishes = (): Promise<void> => new Promise((resolve) => (wished = resolve))
    let give: (byte: number) => void = () => undefined
    const answer = (_: unknown, { signal: isEnded }: RequestInit = {}): Promise<Response> => {
      const body = new ReadableStream<Uint8Array>(
        {
          start: (to) => {
            give = (byte) => to.enqueue(Uint8Array.of(byte))
            isEnded?.addEventListener('abort', () => to.error(isEnded.reason))
          },
          pull: () => wished(),
        },
        { highWaterMark: 0 },
      )
      return Promise.resolve(new Response(body))
    }
    let next = wishes()
    const call = { method: 'GET', path: '/', maxBytes: 10 } as const
    const called = callNode({ url: 'http://node', clock, fetch: answer }, call).catch((error: unknown) => error)
    for (let byte = 1; byte <= 3; byte++) {
      await next
      next = wishes()
      clock.advance(40_000)
      give(byte)
    }
    await next
    clock.advance(45_000)
    expect(await called).toMatchObject({ code: 'node-unreachable' })
  })

  it('is told of many drives in several calls, and one that it refuses keeps no other one away', async () => {
    let calls = 0
    const { store, asked } = await nodeThat((_, response) => {
      calls += 1
      if (calls === 1) say(response, 507, 'too-many-drives')
      else response.end('{}')
    })
    const drives = Array.from({ length: 1_100 }, (_, at) => at.toString(16).padStart(64, '0'))
    await expect(store.follow(drives, signal)).rejects.toMatchObject({ code: 'disk-full' })
    const told = asked.filter(({ path }) => path.endsWith('/follow')).map(({ body }) => JSON.parse(body) as unknown)
    expect(told).toEqual([
      { drives: drives.slice(0, 512) },
      { drives: drives.slice(512, 1_024) },
      { drives: drives.slice(1_024) },
    ])
  })

  it('that has let go of a drive is told of it again', async () => {
    const { store, count } = await nodeThat((path, response) => {
      if (path.endsWith('/follow')) response.end('{}')
      else say(response, 404, 'unknown-drive')
    })
    for (let time = 1; time <= 2; time++) {
      await expect(store.journal(id(1, 32), 0, signal)).rejects.toMatchObject({ code: 'object-missing' })
      expect(count('/follow')).toBe(time)
    }
  })
})
