import { afterEach, expect, it } from 'vitest'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { startNostrRelay } from './nostr-relay.ts'
import { textOf, type Service } from './service.ts'

let relay: Service | undefined
afterEach(() => relay?.close())

async function client(
  url: string,
): Promise<{ send(message: unknown): void; heard: unknown[]; next(): Promise<unknown> }> {
  const socket = new WebSocket(url)
  const heard: unknown[] = []
  socket.on('message', (data) => heard.push(JSON.parse(textOf(data))))
  await once(socket, 'open')
  return {
    heard,
    send: (message) => socket.send(JSON.stringify(message)),
    next: async () => {
      if (heard.length === 0) await once(socket, 'message')
      return heard.shift()
    },
  }
}

it('hands live events to the subscriptions whose filter they match, and to no other', async () => {
  relay = await startNostrRelay()
  const [reader, writer] = [await client(relay.url), await client(relay.url)]
  reader.send(['REQ', 'a', { kinds: [20001], '#x': ['topic'], since: 100 }])
  expect(await reader.next()).toEqual(['EOSE', 'a'])

  const event = { id: '1', pubkey: 'p', kind: 20001, created_at: 100, tags: [['x', 'topic']], content: 'yes' }
  for (const other of [{ kind: 20002 }, { tags: [['x', 'else']] }, { created_at: 99 }, {}])
    writer.send(['EVENT', { ...event, ...other }])
  for (let i = 0; i < 4; i++) expect(await writer.next()).toEqual(['OK', '1', true, ''])
  expect(await reader.next()).toEqual(['EVENT', 'a', event])

  reader.send(['CLOSE', 'a'])
  reader.send(['REQ', 'b', { kinds: [1] }])
  expect(await reader.next()).toEqual(['EOSE', 'b'])
  writer.send(['EVENT', event])
  expect(await writer.next()).toEqual(['OK', '1', true, ''])
  expect(reader.heard).toEqual([])
})
