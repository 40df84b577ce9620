import { describe, expect, it } from 'vitest'
import { parsePeerRange, peerPolicy } from './index.ts'

const strict = peerPolicy({ allowed: [], own: ['198.41.0.4', '2001:500:200::b'] })

describe('without configuration', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
  ])('a public address may be a peer: %s', (address) => {
    expect(strict(address)).toBe(true)
  })

  it.each([
    ...['0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.254', '10.0.0.1', '100.64.0.1', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.168.1.1', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1'],
    ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', '100::1', 'fec0::1', '3fff::1'],
    // IPv4 in other clothes
    ...[
      '::ffff:10.0.0.1',
      '::ffff:8.8.8.8',
      '::10.0.0.1',
      '64:ff9b::a00:1',
      '64:ff9b:1::1',
      '2002:a00:1::1',
      '2001::1',
    ],
    // this machine
    ...['198.41.0.4', '2001:500:200::b'],
    ...['', 'localhost', 'example.org', '1.1.1.1:80', '1.1.1.1 ', '01.1.1.1', '1.1'],
  ])('%j may not', (address) => {
    expect(strict(address)).toBe(false)
  })
})

describe('with allowed ranges', () => {
  const office = peerPolicy({ allowed: ['192.168.7.0/24', 'fd00:7::/32'], own: ['192.168.7.1', 'fd00:7::1'] })

  it('those ranges are open, except for this machine', () => {
    expect(['192.168.7.2', 'fd00:7::2', '1.1.1.1'].map(office)).toEqual([true, true, true])
    expect(['192.168.7.1', 'fd00:7::1', '192.168.8.2', 'fd00:8::2', '127.0.0.1', '::1'].map(office)).toEqual(
      Array(6).fill(false),
    )
  })
})

describe('a range', () => {
  it.each(['10.0.0.0/8', '192.168.7.0/24', '192.168.7.9/32', 'fd00::/8', 'fc00::/7', '203.0.113.0/24'])(
    '%s can be opened',
    (range) => {
      expect(parsePeerRange(range)).toBe(range)
    },
  )

  it.each([
    ...[
      '0.0.0.0/0',
      '127.0.0.0/8',
      '127.0.0.1/32',
      '169.254.0.0/16',
      '169.254.169.254/32',
      '168.0.0.0/7',
      '224.0.0.0/4',
    ],
    ...[
      '255.255.255.255/32',
      '240.0.0.0/4',
      '::/0',
      '::1/128',
      'fe80::/10',
      'ff00::/8',
      '::ffff:10.0.0.0/104',
      '2002::/16',
    ],
    ...['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.1/8', 'fd00::1/8', '10.0.0/8', 'x/8', '', '/8'],
    ...['10.0.0.0/-1', '10.0.0.0/8x', 'fd00::%1/8'],
  ])('%j cannot', (range) => {
    expect(parsePeerRange(range)).toBeUndefined()
  })
})
