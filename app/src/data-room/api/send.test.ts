import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { sendPieces } from './send.ts'

async function* endless(): AsyncGenerator<Buffer, void, void> {
  for (;;) yield await Promise.resolve(Buffer.alloc(1_048_576))
}

it('gives up whoever asks and takes nothing', async () => {
  let answered: (response: ServerResponse) => void = () => undefined
  const asked = new Promise<ServerResponse>((resolve) => {
    answered = resolve
  })
  const server = createServer((_request, response) => {
    answered(response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => undefined)
  try {
    client.pause()
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    const response = await asked
    expect(await sendPieces(response, 200, {}, endless(), 50)).toBeGreaterThan(0)
    expect(response.destroyed).toBe(true)
  } finally {
    client.destroy()
    server.close()
  }
})
