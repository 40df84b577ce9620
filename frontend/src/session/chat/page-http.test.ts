import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LimitError, TransportError } from '@p2pigeon/core/chat'
import { pageHttp } from './page-http.ts'

const http = pageHttp({ LimitError, TransportError })

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('fetching files', () => {
  it('gives what is there, and tells how far it has come', async () => {
    const content = new Uint8Array(300_000).map((_, at) => at)
    const url = await serve((_, response) => response.setHeader('Content-Length', content.length).end(content))
    const parts: number[] = []
    const { status, bytes } = await http.get(url, content.length, { progress: (part) => parts.push(part) })
    expect([status, bytes.length]).toEqual([200, content.length])
    expect(Buffer.compare(bytes, content)).toBe(0)
    expect(parts.at(-1)).toBe(1)
  })

  it('takes no more than it was told, announced or not', async () => {
    const announced = await serve((_, response) => response.setHeader('Content-Length', 101).end(new Uint8Array(101)))
    await expect(http.get(announced, 100, {})).rejects.toMatchObject({ code: 'file-too-large' })
    const silent = await serve((_, response) => {
      response.write(new Uint8Array(60))
      response.end(new Uint8Array(60))
    })
    await expect(http.get(silent, 100, {})).rejects.toMatchObject({ code: 'file-too-large' })
  })

  it('goes nowhere else', async () => {
    let asked = 0
    const other = await serve((_, response) => {
      asked += 1
      response.end('secret')
    })
    const url = await serve((_, response) => response.writeHead(302, { Location: other }).end())
    await expect(http.get(url, 100, {})).rejects.toMatchObject({ code: 'http-failed' })
    expect(asked).toBe(0)
  })

  it('tells a refusal, and brings nothing of its body', async () => {
    const url = await serve((_, response) => response.writeHead(404).end('nothing here'))
    expect(await http.get(url, 100, {})).toEqual({ status: 404, bytes: new Uint8Array() })
  })

  it('ends when it is told to, and when the other end breaks', async () => {
    const abort = new AbortController()
    const slow = await serve((_, response) => {
      response.setHeader('Content-Length', 100).write(new Uint8Array(10))
      abort.abort()
    })
    await expect(http.get(slow, 100, { signal: abort.signal })).rejects.toMatchObject({ code: 'http-failed' })
    const broken = await serve((_, response) => {
      response.setHeader('Content-Length', 100).write(new Uint8Array(10), () => response.destroy())
    })
    await expect(http.get(broken, 100, {})).rejects.toMatchObject({ code: 'http-failed' })
  })
})
