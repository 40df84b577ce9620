import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { systemClock } from '@p2pigeon/core/node'
import { FakeClock } from '@p2pigeon/core/testing'
import { afterEach, expect, it } from 'vitest'
import { answerMs, minBytesPerSecond, sendPieces } from './send.ts'

async function* endless(): AsyncGenerator<Buffer, void, void> {
  for (;;) yield await Promise.resolve(Buffer.alloc(1_048_576))
}

async function* once(bytes: number): AsyncGenerator<Buffer, void, void> {
  yield await Promise.resolve(Buffer.alloc(bytes))
}

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** Somebody who asks so often on one connection and takes nothing, with the responses that are for them. */
async function asked(times = 1): Promise<{ readonly client: Socket; readonly responses: readonly ServerResponse[] }> {
  const responses: ServerResponse[] = []
  let answered: () => void = () => undefined
  const all = new Promise<void>((resolve) => {
    answered = resolve
  })
  const server = createServer((_request, response) => {
    if (responses.push(response) === times) answered()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.on('error', () => undefined)
  client.pause()
  ends.push(() => {
    client.destroy()
    server.close()
  })
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(times))
  await all
  return { client, responses }
}

it('gives up whoever asks and takes nothing', async () => {
  const [response] = (await asked()).responses as [ServerResponse]
  const pace = { clock: systemClock, maxBytes: 1e9, stallMs: 50 }
  expect(await sendPieces(response, 200, {}, endless(), pace)).toBeGreaterThan(0)
  expect(response.destroyed).toBe(true)
})

it('gives up whoever takes a little now and then, and not before they had their time', async () => {
  const clock = new FakeClock()
  const { client, responses } = await asked()
  const [response] = responses as [ServerResponse]
  let isOver = false
  const sending = sendPieces(response, 200, {}, endless(), { clock, maxBytes: minBytesPerSecond * 100 })
  void sending.then(() => (isOver = true))
  await expect.poll(() => response.writableNeedDrain).toBe(true)
  clock.advance(answerMs(minBytesPerSecond * 100) - 1)
  // They took something, and so have not stalled.
  await expect.poll(() => client.read(1) as Buffer | null).not.toBeNull()
  expect([isOver, response.destroyed]).toEqual([false, false])
  clock.advance(1)
  expect(await sending).toBeGreaterThan(0)
  expect(response.destroyed).toBe(true)
  expect(clock.pending).toBe(0)
})

it('gives up a response that waits for its turn behind another one', async () => {
  const clock = new FakeClock()
  const [, second] = (await asked(2)).responses as [ServerResponse, ServerResponse]
  const sending = sendPieces(second, 200, {}, once(1_048_576), { clock, maxBytes: 1_048_576 })
  await expect.poll(() => second.writableNeedDrain).toBe(true)
  clock.advance(answerMs(1_048_576))
  expect(await sending).toBe(1_048_576)
})

it('is not done before the last piece is on its way', async () => {
  const clock = new FakeClock()
  const { client, responses } = await asked()
  const [response] = responses as [ServerResponse]
  const bytes = 64 * 1_048_576
  const sending = sendPieces(response, 200, { 'Content-Length': bytes }, once(bytes), { clock, maxBytes: bytes })
  await expect.poll(() => response.writableNeedDrain).toBe(true)
  expect(clock.pending).toBe(1)
  client.resume()
  expect(await sending).toBe(bytes)
  expect([response.writableFinished, clock.pending]).toEqual([true, 0])
})
