import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { farEndOf } from './client-address.ts'

function request(peer: string, headers: Record<string, string | undefined>): IncomingMessage {
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage
}

describe('clientAddress', () => {
  it.each([
    ['nobody is trusted', [], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a stranger who claims to be a proxy', ['10.0.0.0/8'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['one proxy', ['127.0.0.1'], '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a mapped address', ['127.0.0.1'], '::ffff:127.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['two proxies', ['127.0.0.1', '10.0.0.0/8'], '127.0.0.1', '198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['a client that writes the header itself', ['127.0.0.1'], '127.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
    ['a proxy that writes ports', ['127.0.0.1'], '127.0.0.1', '1.2.3.4, 198.51.100.1:4711', '198.51.100.1'],
    ['ports of IPv6', ['127.0.0.1'], '127.0.0.1', '1.2.3.4, [2001:db8::7]:4711', '2001:db8::7'],
    ['nonsense behind what a client wrote', ['127.0.0.1'], '127.0.0.1', '1.2.3.4, unknown', '127.0.0.1'],
    ['a header of nonsense', ['127.0.0.1'], '127.0.0.1', 'x, , y', '127.0.0.1'],
    ['no header', ['127.0.0.1'], '127.0.0.1', undefined, '127.0.0.1'],
    ['nobody but proxies', ['127.0.0.0/8'], '127.0.0.1', '127.0.0.7', '127.0.0.7'],
    ['IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ])('%s', (_, trusted, peer, forwarded, expected) => {
    expect(farEndOf(trusted).clientAddress(request(peer, { 'x-forwarded-for': forwarded }))).toBe(expected)
  })
})

describe('cameByTls', () => {
  it.each([
    [['127.0.0.1'], '127.0.0.1', 'https', true],
    [['127.0.0.1'], '127.0.0.1', 'http', false],
    [['127.0.0.1'], '127.0.0.1', 'https, http', false],
    [['127.0.0.1'], '127.0.0.1', undefined, false],
    [['127.0.0.1'], '203.0.113.9', 'https', false],
    [[], '127.0.0.1', 'https', false],
  ])('%j %s %s', (trusted, peer, proto, expected) => {
    expect(farEndOf(trusted).cameByTls(request(peer, { 'x-forwarded-proto': proto }))).toBe(expected)
  })
})
