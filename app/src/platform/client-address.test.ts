import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { clientAddressOf } from './client-address.ts'

function request(peer: string, forwarded?: string): IncomingMessage {
  return { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage
}

it.each([
  ['nobody is trusted', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['a stranger who claims to be a proxy', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['one proxy', ['127.0.0.1'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['a mapped address', ['127.0.0.1'], '::ffff:127.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
  ['two proxies', ['127.0.0.1', '10.0.0.0/8'], '127.0.0.1', '198.51.100.1, 10.1.2.3', '198.51.100.1'],
  ['a client that writes the header itself', ['127.0.0.1'], '127.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
  ['a header of nonsense', ['127.0.0.1'], '127.0.0.1', 'x, , y', '127.0.0.1'],
  ['no header', ['127.0.0.1'], '127.0.0.1', undefined, '127.0.0.1'],
  ['IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
])('%s', (_, trusted, peer, forwarded, expected) => {
  expect(clientAddressOf(trusted)(request(peer, forwarded))).toBe(expected)
})
