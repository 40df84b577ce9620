import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { blobFromBytes, pageFetch } from './page-fetch.ts'

test.each([0, 1, blobFromBytes - 1, blobFromBytes, blobFromBytes + 1])(
  'a body of %i bytes arrives as it is',
  async (length) => {
    const body = new Uint8Array(length).map((_, at) => at % 251)
    const arrived: Buffer[] = []
    let type: string | undefined
    const server = createServer((request, response) => {
      type = request.headers['content-type']
      request.on('data', (part: Buffer) => arrived.push(part))
      request.on('end', () => response.end('kept'))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      const headers = { 'Content-Type': 'application/octet-stream' }
      const response = await pageFetch(url, { method: 'PUT', body, headers })
      expect(await response.text()).toBe('kept')
      expect(Buffer.concat(arrived).equals(body)).toBe(true)
      expect(type).toBe('application/octet-stream')
    } finally {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    }
  },
)
