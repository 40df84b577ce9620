import { expect, it } from 'vitest'
import { isPublicRelay, relayUrlOf } from './relay-url.ts'

it.each([
  ['wss://Relay.Example', 'wss://relay.example'],
  [' wss://relay.example/ ', 'wss://relay.example'],
  ['wss://relay.example:443/nostr', 'wss://relay.example/nostr'],
  ['ws://127.0.0.1:8080/nostr?a=b', 'ws://127.0.0.1:8080/nostr?a=b'],
])('%s is %s', (text, url) => {
  expect(relayUrlOf(text)).toBe(url)
})

it.each([
  '',
  'relay.example',
  'https://relay.example',
  'javascript:alert(1)',
  'wss://',
  'wss://name:word@relay.example',
  'wss://relay.example/#part',
  'wss://relay example',
  `wss://relay.example/${'a'.repeat(256)}`,
])('%s is none', (text) => {
  expect(relayUrlOf(text)).toBeUndefined()
})

it.each(['wss://relay.example', 'wss://relay.example./nostr', 'wss://home.example'])('%s is for everybody', (url) => {
  expect(isPublicRelay(url)).toBe(true)
})

it.each([
  'ws://relay.example',
  'wss://127.0.0.1',
  'wss://[::1]',
  'wss://nas',
  'wss://nas.local',
  'wss://nas.local./',
  'wss://localhost./',
  'wss://nas.home.arpa',
  'wss://home.arpa.',
  'wss://nas.local..',
  'wss://relay.test',
  'wss://relay.invalid',
  'wss://files.corp',
])('%s is of one machine or network', (url) => {
  expect(isPublicRelay(url)).toBe(false)
})
