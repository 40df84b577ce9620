import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { nodeIceSource, originOf } from './ice-source.ts'

it.each([
  ['http://localhost:3060/#/r/AQAA', 'http://localhost:3060'],
  [' <https://pigeon.example.org/sub/#/r/AQAA>', 'https://pigeon.example.org'],
  ['AQAAoKGio6', undefined],
  ['#/r/AQAAoKGio6', undefined],
  ['file:///etc/passwd#/r/AQAA', undefined],
])('a link like %s leads to %s', (link, origin) => {
  expect(originOf(link)).toBe(origin)
})

it('asks for /ice and sends nothing of the link', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.referer ?? '-'}`)
    response.end(JSON.stringify({ iceServers: [{ urls: 'stun:127.0.0.1:3478' }], ttlSeconds: 60 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const origin = originOf(`http://127.0.0.1:${String(port)}/#/r/secret`) ?? ''
    expect(await nodeIceSource(origin)()).toEqual({ iceServers: [{ urls: 'stun:127.0.0.1:3478' }], ttlSeconds: 60 })
    expect(asked).toEqual(['GET /ice -'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
