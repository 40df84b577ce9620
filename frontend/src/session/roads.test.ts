import { expect, test } from 'vitest'
import { readNodeInfo } from './node-status.ts'
import { roadConfigs, socketUrls } from './roads.ts'

const none = { relay: undefined, signalling: undefined }
const page = 'https://node.example/'

test('the roads are those the node names', () => {
  const info = readNodeInfo({
    dhtRelayUrl: 'wss://node.example/dht',
    signallingUrl: 'wss://node.example/signalling',
    nostrRelayUrls: ['wss://node.example/nostr', 'wss://relay.example', 7],
  })
  expect(roadConfigs(page, info, none, 'automatic')).toEqual({
    serverlessMesh: { relayUrls: ['wss://node.example/dht'] },
    webrtc: { urls: ['wss://node.example/signalling'] },
    nostr: { relayUrls: ['wss://node.example/nostr', 'wss://relay.example/'] },
  })
})

test('a node that does not answer is looked for where nodes are; one that has switched a road off has none', () => {
  expect(roadConfigs(page, undefined, none, 'server')).toMatchObject({
    webrtc: { urls: ['wss://node.example/signalling'] },
    nostr: { relayUrls: ['wss://node.example/nostr'] },
    road: 'server',
  })
  expect(roadConfigs(page, readNodeInfo({}), none, 'automatic')).toEqual({
    serverlessMesh: { relayUrls: ['wss://node.example/dht'] },
  })
})

test('what is no socket address is left out', () => {
  expect(socketUrls(page, ['wss://a.example', 'javascript:alert(1)', 'http://[', '/x'])).toEqual([
    'wss://a.example/',
    'wss://node.example/x',
  ])
})
