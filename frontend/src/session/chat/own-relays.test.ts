import { relayUrlOf } from '@p2pigeon/core/chat'
import { expect, test } from 'vitest'
import { ownRelays, readRelay } from './own-relays.ts'

const [far, near] = ['https://node.example/', 'http://localhost:3060/']

test.each([
  ['wss://Relay.Example/', far, 'wss://relay.example'],
  [' relay.example ', far, 'wss://relay.example'],
  ['relay.example:7000/nostr', far, 'wss://relay.example:7000/nostr'],
  ['wss://nas/nostr', far, 'wss://nas/nostr'],
  ['ws://127.0.0.1:7000', near, 'ws://127.0.0.1:7000'],
  ['ws://localhost:7000', 'http://127.0.0.1:3060/', 'ws://localhost:7000'],
])('%s at %s is %s', (text, page, url) => {
  expect(readRelay(text, page, relayUrlOf)).toEqual({ kind: 'address', url })
})

test.each([
  ['', far, 'no-address'],
  ['relay', far, 'no-address'],
  ['ws://[::1]:7000', near, 'not-secure'],
  ['ws://127.0.0.2:7000', near, 'not-secure'],
  ['https://relay.example', far, 'no-address'],
  ['two relays.example', far, 'no-address'],
  ['me@relay.example', far, 'no-address'],
  ['javascript:alert(1)', far, 'no-address'],
  ['wss://name:word@relay.example', far, 'no-address'],
  ['ws://relay.example', near, 'not-secure'],
  ['ws://localhost:7000', far, 'not-secure'],
  ['ws://localhost.example', near, 'not-secure'],
  ['ws://192.168.0.9', near, 'not-secure'],
])('%s at %s is refused', (text, page, why) => {
  expect(readRelay(text, page, relayUrlOf)).toEqual({ kind: 'refused', why })
})

test('what was listed stands behind the first of the node, each once and in one form', () => {
  const node = ['wss://node.example/nostr', 'wss://other.example/', 'wss://third.example']
  expect(ownRelays(node, ['wss://mine.example', 'wss://other.example'], relayUrlOf)).toEqual([
    'wss://node.example/nostr',
    'wss://mine.example',
    'wss://other.example',
    'wss://third.example',
  ])
  expect(ownRelays([], [], relayUrlOf)).toEqual([])
})
