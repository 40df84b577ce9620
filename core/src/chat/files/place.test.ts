import { describe, expect, it } from 'vitest'
import { isOwnPlace, mayFetch } from './place.ts'

const own = 'http://localhost:3060/blobs'
const relays = ['wss://node.example/nostr', 'wss://relay.example:444/', 'ws://plain.example/', 'wss://10.0.0.1/']

describe('our own store', () => {
  it.each([`${own}/a`, 'http://LOCALHOST:3060/blobs/a', 'http://localhost:3060/x/../blobs/a'])('is at %s', (url) => {
    expect(isOwnPlace(url, own)).toBe(true)
  })

  it.each([
    `${own}/../ice`,
    `${own}/%2e%2e/ice`,
    `${own}/..\\ice`,
    'http://localhost:3060/blobsx/a',
    'http://localhost:3061/blobs/a',
    'https://localhost:3060/blobs/a',
    'http://localhost:3060@evil.example/blobs/a',
    'http://evil.example/blobs/a#http://localhost:3060/blobs/',
  ])('is not at %s', (url) => {
    expect(isOwnPlace(url, own)).toBe(false)
    expect(mayFetch(url, own, [])).toBe(false)
  })

  it('is nowhere without one', () => {
    expect(isOwnPlace(`${own}/a`, undefined)).toBe(false)
  })
})

describe('a foreign host may be asked', () => {
  it.each(['https://node.example/blobs/a', 'https://relay.example:444/a'])('where its sender takes mail: %s', (url) => {
    expect(mayFetch(url, own, relays)).toBe(true)
  })

  it.each([
    'https://other.example/a',
    'https://sub.node.example/a',
    'https://node.example.evil.example/a',
    'http://node.example/blobs/a',
    'https://node.example:8443/a',
    'https://relay.example/a',
    'https://plain.example/a',
    'https://10.0.0.1/a',
    'https://192.168.1.1/a',
    'https://[::1]/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    'https://router.local/a',
    'https://localhost/a',
    'https://printer/a',
  ])('and never otherwise: %s', (url) => {
    const inside = ['wss://192.168.1.1/', 'wss://[::1]/', 'wss://127.0.0.1/', 'wss://router.local/', 'wss://printer/']
    expect(mayFetch(url, own, [...relays, ...inside, 'wss://localhost/'])).toBe(false)
  })
})
