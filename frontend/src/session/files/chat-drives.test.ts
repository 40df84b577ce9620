import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { browserRuntime, importSeed } from '@p2pigeon/core'
import { chatDrives } from './chat-drives.ts'

const [drive, object] = ['d'.repeat(64), 'a'.repeat(32)]
const content = new Uint8Array(1000).map((_, at) => at)
const keyBytes = 32

/** A node with one object; `keys` are those that sessions were asked with. */
async function node() {
  const asked: string[] = []
  const keys: string[] = []
  const answer = (path: string, response: ServerResponse): void => {
    if (path === '/data/session') response.end(JSON.stringify({ token: 't', expiresInMs: 3_600_000 }))
    else if (path === '/data/follow') response.end('{}')
    else if (path === `/data/drives/${drive}/objects/${object}/0`) response.end(content)
    else response.writeHead(404).end('{"code":"unknown"}')
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const path = request.url ?? ''
      asked.push(path)
      if (path === '/data/session') keys.push(Buffer.concat(parts).toString('hex', 0, keyBytes))
      answer(path, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, keys, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const seedOf = (byte: number) => importSeed(new Uint8Array(32).fill(byte))

function drivesAt(nodeUrl: string, seed: () => Promise<CryptoKey>) {
  return chatDrives({ nodeUrl, seed, runtime: browserRuntime, fetch: (...given) => fetch(...given) })
}

it('asks nothing of anybody before the first file is read', async () => {
  const { asked, url } = await node()
  let seeds = 0
  const drives = drivesAt(url, () => {
    seeds++
    return seedOf(1)
  })
  expect([seeds, asked]).toEqual([0, []])
  const parts: number[] = []
  const bytes = await drives.read(drive, object, content.length, { progress: (part) => parts.push(part) })
  expect([bytes, parts]).toEqual([content, [1]])
  expect(asked).toEqual(['/data/session', '/data/follow', `/data/drives/${drive}/objects/${object}/0`])
})

it('opens one session for files that are read at once, by a key that is the same each time for one person', async () => {
  const { asked, keys, url } = await node()
  const drives = drivesAt(url, () => seedOf(1))
  const read = () => drives.read(drive, object, content.length, {})
  await Promise.all([read(), read(), read()])
  expect(asked.filter((path) => path === '/data/session')).toHaveLength(1)
  await drivesAt(url, () => seedOf(1)).read(drive, object, content.length, {})
  await drivesAt(url, () => seedOf(2)).read(drive, object, content.length, {})
  expect([keys[1] === keys[0], keys[2] === keys[0]]).toEqual([true, false])
})

it('tries again with the next file where the vault did not open', async () => {
  const { url } = await node()
  let isLocked = true
  const drives = drivesAt(url, () => (isLocked ? Promise.reject(new TypeError('locked')) : seedOf(1)))
  const read = () => drives.read(drive, object, content.length, {})
  const both = await Promise.allSettled([read(), read()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isLocked = false
  expect(await read()).toEqual(content)
})

it('asks for nothing that was given up before, and gives nothing that is shorter than was said', async () => {
  const { asked, url } = await node()
  const drives = drivesAt(url, () => seedOf(1))
  const over = AbortSignal.abort()
  await expect(drives.read(drive, object, content.length, { signal: over })).rejects.toBe(over.reason)
  expect(asked).toEqual([])
  await expect(drives.read(drive, object, content.length + 1, {})).rejects.toMatchObject({ code: 'object-missing' })
})
