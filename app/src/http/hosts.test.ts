import { describe, expect, it } from 'vitest'
import { admitHost, admitOrigin, isLoopback } from './hosts.ts'

const loopback = { boundTo: '127.0.0.1', origins: [] }

describe('a loopback node', () => {
  it.each(['localhost', 'localhost:3060', 'LOCALHOST:3060', '127.0.0.1:1', '[::1]:3060'])('answers to %s', (header) => {
    expect(admitHost(header, loopback)).toBeDefined()
  })

  it.each([
    undefined,
    '',
    'evil.example.org',
    'localhost.evil.org',
    'localhost:3060@evil.org',
    'localhost, evil.org',
    'localhost:99999',
    'localhost:3060/x',
    '192.168.1.2:3060',
    '127.0.0.1.nip.io',
    '[::2]',
    '0.0.0.0',
    'local host',
  ])('does not answer to %s', (header) => {
    expect(admitHost(header, loopback)).toBeUndefined()
  })

  it('answers to the hosts of configured origins, port included', () => {
    const policy = { ...loopback, origins: ['https://pigeon.example.org', 'http://dev.example.org:5173'] }
    expect(admitHost('pigeon.example.org', policy)).toBeDefined()
    expect(admitHost('dev.example.org:5173', policy)).toBeDefined()
    expect(admitHost('dev.example.org', policy)).toBeUndefined()
  })
})

describe('a team node', () => {
  it('answers to the name it is bound to and to addresses, which nobody can rebind', () => {
    const policy = { boundTo: 'Pigeon.lan', origins: [] }
    for (const header of ['pigeon.lan:3060', '192.168.1.2:3060', '[2001:db8::1]:3060', 'localhost']) {
      expect(admitHost(header, policy)).toBeDefined()
    }
    expect(admitHost('evil.example.org', policy)).toBeUndefined()
    expect(admitHost('evil.example.org', { boundTo: '0.0.0.0', origins: [] })).toBeUndefined()
  })
})

it('knows loopback addresses', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1']) expect(isLoopback(host)).toBe(true)
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.example.org']) expect(isLoopback(host)).toBe(false)
})

describe('an origin at the second listener', () => {
  const host = { host: 'localhost:3051', hostname: 'localhost' }
  const policy = { ...loopback, pagePort: 3060 }

  it('is the page of the same name on the port of the page, or on its own', () => {
    expect(admitOrigin('http://localhost:3060', host, policy)).toBe(true)
    expect(admitOrigin('http://localhost:3051', host, policy)).toBe(true)
    expect(admitOrigin('http://localhost', host, { ...policy, pagePort: 80 })).toBe(true)
  })

  it.each(['http://localhost:8000', 'http://127.0.0.1:3060', 'file://', 'http://localhost:3060/', 'null', ''])(
    'is not %j',
    (origin) => {
      expect(admitOrigin(origin, host, policy)).toBe(false)
    },
  )
})
