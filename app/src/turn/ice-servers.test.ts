import { describe, expect, it } from 'vitest'
import { passwordOf } from './access/index.ts'
import { iceAnswer, type IceSources } from './index.ts'
import type { EmbeddedTurn } from './ice-servers.ts'

const secret = Buffer.alloc(32, 7)
const loopback: EmbeddedTurn = {
  port: 3478,
  secret,
  loopbackOnly: true,
  listensOn: '127.0.0.1',
  publicAddresses: [],
}
const open = { ...loopback, loopbackOnly: false, listensOn: '0.0.0.0' }
const nothing: IceSources = {
  embedded: undefined,
  tlsUrls: [],
  stunUrls: [],
  turnUrls: [],
  turnSecret: undefined,
  fixed: [],
}
const urlsFor = (embedded: EmbeddedTurn, hostname: string, behindTls = false) =>
  iceAnswer({ ...nothing, embedded }, { hostname, behindTls }, 0).iceServers.flatMap(({ urls }) => urls)

describe('the server of this node', () => {
  it.each([
    [loopback, 'localhost', false, '127.0.0.1'],
    [loopback, '127.0.0.1', false, '127.0.0.1'],
    [{ ...loopback, listensOn: '::1' }, 'localhost', false, '[::1]'],
    [open, 'localhost', false, '127.0.0.1'],
    [open, '192.168.7.1', false, '192.168.7.1'],
    [open, 'pigeon.lan', false, 'pigeon.lan'],
    [open, '[2001:db8::1]', false, '[2001:db8::1]'],
    [open, 'pigeon.example.org', true, 'pigeon.example.org'],
    [{ ...open, publicAddresses: ['198.41.0.4'] }, 'pigeon.example.org', true, '198.41.0.4'],
    [{ ...open, publicAddresses: ['2001:500:200::b'] }, 'pigeon.example.org', true, '[2001:500:200::b]'],
    [{ ...open, publicAddresses: ['198.41.0.4'] }, '192.168.7.1', false, '192.168.7.1'],
  ])('is named as the client reaches it: %#', (embedded, hostname, behindTls, host) => {
    expect(urlsFor(embedded, hostname, behindTls)).toEqual([
      `stun:${host}:3478`,
      `turn:${host}:3478?transport=udp`,
      `turn:${host}:3478?transport=tcp`,
    ])
  })

  it('is not named to those who cannot reach it', () => {
    expect(urlsFor(loopback, 'pigeon.example.org', true)).toEqual([])
  })

  it('is named by the proxy that ends TLS for it, too, with the same credentials', () => {
    const tlsUrls = ['turns:pigeon.example.org:443?transport=tcp']
    const reached = { hostname: 'pigeon.example.org', behindTls: true }
    const [, turn] = iceAnswer({ ...nothing, embedded: open, tlsUrls }, reached, 0).iceServers
    expect(turn?.urls.slice(2)).toEqual(tlsUrls)
    expect(turn?.credential).toBe(passwordOf(turn?.username ?? '', secret))
    const behind = iceAnswer({ ...nothing, embedded: loopback, tlsUrls }, reached, 0).iceServers
    expect(behind.map(({ urls }) => urls)).toEqual([tlsUrls])
    expect(iceAnswer({ ...nothing, tlsUrls }, reached, 0).iceServers).toEqual([])
  })
})

describe('other servers', () => {
  it('get credentials of the secret shared with them, or bring their own', () => {
    const fixed = [{ urls: ['turn:old.example.org'], username: 'team', credential: 'word' }]
    const sources = { ...nothing, stunUrls: ['stun:s'], turnUrls: ['turns:t:443'], turnSecret: 'north', fixed }
    const { iceServers, ttlSeconds } = iceAnswer(sources, { hostname: 'localhost', behindTls: false }, 1_000_000)
    const [stun, turn, old] = iceServers
    expect([stun, old, ttlSeconds]).toEqual([{ urls: ['stun:s'] }, fixed[0], 3_600])
    expect(turn?.username).toMatch(/^4600:/)
    expect(turn).toMatchObject({ urls: ['turns:t:443'], credential: passwordOf(turn?.username ?? '', 'north') })
  })
})
