import fc from 'fast-check'
import { expect, test } from 'vitest'
import { classifyAddress, parseIpAddress } from './index.ts'

test.each([
  ['1.2.3.4', 'public'],
  ['100.63.255.255', 'public'],
  ['100.64.0.0', 'cgnat'],
  ['100.127.255.255', 'cgnat'],
  ['100.128.0.1', 'public'],
  ['9.255.255.255', 'public'],
  ['10.0.0.0', 'private'],
  ['11.0.0.0', 'public'],
  ['172.15.255.255', 'public'],
  ['172.16.0.0', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'public'],
  ['192.167.255.255', 'public'],
  ['192.168.0.1', 'private'],
  ['192.169.0.0', 'public'],
  ['169.254.1.1', 'link-local'],
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'reserved'],
  ['127.255.255.254', 'loopback'],
  ['192.0.0.8', 'reserved'],
  ['192.0.2.1', 'documentation'],
  ['198.17.255.255', 'public'],
  ['198.18.0.1', 'reserved'],
  ['198.19.255.255', 'reserved'],
  ['198.51.100.7', 'documentation'],
  ['203.0.113.9', 'documentation'],
  ['223.255.255.255', 'public'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::2', 'reserved'],
  ['2a00:1450:4001::200e', 'public'],
  ['2001:db8::1', 'documentation'],
  ['3fff:fff::1', 'documentation'],
  ['fc00::1', 'ula'],
  ['fdff::1', 'ula'],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['fec0::1', 'reserved'],
  ['ff02::fb', 'multicast'],
  ['4000::1', 'reserved'],
  ['100::1', 'reserved'],
  // hardware addresses
  ['2a00:1450:4001:0:217:f2ff:fe0f:e0f6', 'eui64'],
  ['fe80::217:f2ff:fe0f:e0f6', 'eui64'],
  ['fd00::5a55:caff:fe1a:e187', 'eui64'],
  // the same bits elsewhere are no hardware address
  ['2a00:12ff:fe34:5678::1', 'public'],
  // what an IPv4 address inside is
  ['::ffff:10.0.0.1', 'private'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:8.8.8.8', 'reserved'],
  ['64:ff9b::192.168.1.1', 'private'],
  ['64:ff9b::8.8.8.8', 'public'],
  ['64:ff9b:1::8.8.8.8', 'reserved'],
  ['2002:c0a8:101::1', 'private'],
  ['2002:808:808::1', 'public'],
  ['2002:7f00:1::1', 'loopback'],
  // Teredo: 192.168.1.1 with its bits inverted at the end
  ['2001:0:808:808:0:1234:3f57:fefe', 'private'],
  ['2001:0:808:808:0:1234:f7f7:f7f7', 'public'],
  // ISATAP
  ['2a00:1450::5efe:10.1.2.3', 'private'],
])('%s is %s', (text, is) => {
  expect(classifyAddress(text)).toBe(is)
})

test.each([
  ...['', '1', '127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '01.2.3.4', '1.2.3.04', '1.2.3', '1.2.3.4.5'],
  ...[
    '256.1.1.1',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4\n',
    '１.2.3.4',
    '[::1]',
    'fe80::1%eth0',
    '::1/128',
    ':::',
    '1::2::3',
  ],
  ...[
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '1:2:3:4::5:6:7:8',
    '12345::',
    'g::',
    ':1::',
    '1::2:',
  ],
  ...['::1.2.3', '::1.2.3.4:5', '::01.2.3.4', '1.2.3.4::', '0:0:0:0:0:0:0:0:1.2.3.4'],
])('%j is no address', (text) => {
  expect(parseIpAddress(text)).toBeUndefined()
})

test('the text is canonical (RFC 5952)', () => {
  const canonical = (text: string) => parseIpAddress(text)?.text
  expect(canonical('2001:DB8:0:0:1:0:0:1')).toBe('2001:db8::1:0:0:1')
  expect(canonical('2001:db8:0:1:1:1:1:1')).toBe('2001:db8:0:1:1:1:1:1')
  expect(canonical('1:0:0:2:0:0:0:3')).toBe('1:0:0:2::3')
  expect(canonical('0:0:0:0:0:0:0:0')).toBe('::')
  expect(canonical('::ffff:1.2.3.4')).toBe('::ffff:102:304')
})

test('every address reads back from its text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseIpAddress(text)
      expect(address).toBeDefined()
      expect(parseIpAddress(address?.text ?? '')).toEqual(address)
    }),
  )
})

test('no text is read as an address that the platform reads otherwise', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdefx:.%[]/ '), maxLength: 24 }), (text) => {
      const address = parseIpAddress(text)
      if (address === undefined) return
      const host = new URL(`http://${address.family === 6 ? `[${text}]` : text}/`).hostname
      expect(host.replace(/^\[|\]$/g, '')).toBe(address.text)
    }),
    { numRuns: 2_000 },
  )
})
