import { request as httpRequest, type IncomingMessage } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Person, startNostrRelay, type RelayFixture } from './relay-fixture.ts'

let fixture: RelayFixture
afterEach(() => fixture.close())

/** The status of an upgrade with these headers; 101 when it is let in. */
function knock(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
    const key = { 'Sec-WebSocket-Key': `${'A'.repeat(22)}==` }
    const request = httpRequest(fixture.url.replace('ws:', 'http:'), { headers: { ...upgrade, ...key, ...headers } })
    request.on('response', (response: IncomingMessage) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('upgrade', (_response, socket) => {
      socket.destroy()
      resolve(101)
    })
    request.on('error', reject)
    request.end()
  })
}

test('pages of all origins are let in, unless somebody judges them', async () => {
  fixture = await startNostrRelay()
  expect(await knock({ Origin: 'https://elsewhere.example' })).toBe(101)
  await fixture.close()
  fixture = await startNostrRelay({ allowedOrigins: (origin) => origin === undefined })
  expect(await knock({ Origin: 'https://elsewhere.example' })).toBe(403)
  expect(await knock({})).toBe(101)
  expect(fixture.relay.stats().refused).toBe(1)
})

test('no header names the client, unless somebody says which', async () => {
  fixture = await startNostrRelay({ limits: { connectionBurst: 1, connectionsPerSecond: 0 } })
  expect(await knock({ 'X-Forwarded-For': '192.0.2.1' })).toBe(101)
  expect(await knock({ 'X-Forwarded-For': '192.0.2.2' })).toBe(429)
  await fixture.close()
  fixture = await startNostrRelay({
    limits: { connectionBurst: 1, connectionsPerSecond: 0 },
    clientAddress: ({ headers }) => headers['x-forwarded-for']?.toString(),
  })
  expect(await knock({ 'X-Forwarded-For': '2001:db8::1' })).toBe(101)
  expect(await knock({ 'X-Forwarded-For': '2001:db8:1::1' })).toBe(101)
  // Of the first one's /64.
  expect(await knock({ 'X-Forwarded-For': '2001:db8::2' })).toBe(429)
})

test('the relay is known by the name in Host, or by those that somebody says', async () => {
  fixture = await startNostrRelay()
  const proves = async (host: string, relay: string): Promise<boolean> => {
    const socket = new WebSocket(fixture.url, { headers: { Host: host } })
    const [, challenge] = await message(socket)
    const tags = [
      ['relay', relay],
      ['challenge', String(challenge)],
    ]
    socket.send(JSON.stringify(['AUTH', new Person().signs({ kind: 22_242, tags })]))
    const [, , accepted] = await message(socket)
    socket.terminate()
    return accepted === true
  }
  expect(await proves('Relay.Example:8443', 'wss://relay.example/nostr')).toBe(true)
  expect(await proves('relay.example', 'wss://relay.example.evil/')).toBe(false)
  expect(await proves('relay.example', 'wss://evil@relay.example.evil/relay.example')).toBe(false)
  expect(await proves('[::1]:3000', 'ws://[0:0::1]:3000/nostr')).toBe(true)
  expect(await proves('not a host', 'ws:///')).toBe(false)
  await fixture.close()
  fixture = await startNostrRelay({ hostNames: () => ['relay.example'] })
  expect(await proves('internal:3000', 'wss://relay.example/nostr')).toBe(true)
  expect(await proves('internal:3000', 'ws://internal:3000')).toBe(false)
})

function message(socket: WebSocket): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('message', (data: Buffer) => {
      resolve(JSON.parse(data.toString()) as unknown[])
    })
  })
}
