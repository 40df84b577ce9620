import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CodecError } from '../errors/index.ts'
import {
  formatIceCandidate,
  judgeRemoteCandidate,
  parseIceCandidate,
  parseIpAddress,
  privacyLevels,
  sanitizeIceCandidate,
  type CandidatePolicy,
  type CandidateTarget,
  type IceCandidate,
  type PrivacyLevel,
} from './index.ts'

const target: fc.Arbitrary<CandidateTarget> = fc.oneof(
  fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => ({ kind: 'address' as const, ip: parseIpAddress(text)! })),
  fc
    .oneof(
      fc.uuid().map((id) => `${id}.local`),
      fc.constant('printer.example'),
    )
    .map((name) => ({ kind: 'name' as const, name })),
)
const port = fc.nat(65_535)
const letters = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ019+/'), minLength: min, maxLength: max })

const candidate: fc.Arbitrary<IceCandidate> = fc.record(
  {
    foundation: letters(1, 32),
    component: fc.integer({ min: 1, max: 256 }),
    transport: fc.constantFrom('udp', 'tcp'),
    priority: fc.nat(0xffff_ffff),
    target,
    port,
    type: fc.constantFrom('host', 'srflx', 'prflx', 'relay'),
    related: fc.record({ address: fc.oneof(fc.ipV4(), fc.ipV6()), port }),
    tcpType: fc.constantFrom('active', 'passive', 'so'),
    usernameFragment: letters(4, 20),
    extensions: fc.array(fc.tuple(fc.constantFrom('generation', 'network-id', 'x'), letters(0, 8)), { maxLength: 4 }),
  },
  { requiredKeys: ['foundation', 'component', 'transport', 'priority', 'target', 'port', 'type', 'extensions'] },
)
const policy: fc.Arbitrary<CandidatePolicy> = fc.record({
  level: fc.constantFrom(...privacyLevels),
  loopbackRelay: fc.boolean(),
})

test('a candidate reads back from its line', () => {
  fc.assert(
    fc.property(candidate, (original) => {
      expect(parseIceCandidate(formatIceCandidate(original))).toEqual(original)
    }),
  )
})

test('what has passed once passes unchanged, in both directions', () => {
  fc.assert(
    fc.property(candidate, policy, (original, rules) => {
      const line = formatIceCandidate(original)
      const left = sanitizeIceCandidate(line, rules.level, rules)
      if (left !== null) expect(sanitizeIceCandidate(left, rules.level, rules)).toBe(left)
      const came = judgeRemoteCandidate(line, rules)
      if (came !== null) expect(judgeRemoteCandidate(came, rules)).toBe(came)
    }),
    { numRuns: 500 },
  )
})

test('garbage is refused by a CodecError and nothing else', () => {
  const rotten = fc
    .tuple(candidate, fc.nat(), fc.string({ maxLength: 4, unit: 'binary' }))
    .map(([original, at, insert]) => {
      const line = formatIceCandidate(original)
      const place = at % line.length
      return line.slice(0, place) + insert + line.slice(place + insert.length)
    })
  fc.assert(
    fc.property(fc.oneof(rotten, fc.string({ unit: 'binary' })), policy, (line, rules) => {
      for (const rule of [sanitizeIceCandidate, (text: string) => judgeRemoteCandidate(text, rules)])
        try {
          rule(line)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  '750 1 udp 500 fe80::1%eth0 53987 typ host',
  '750 1 udp 500 [::1] 53987 typ host',
  '750 1 udp 500 0177.0.0.1 53987 typ host',
  '750 1 udp 500 127.1 53987 typ host',
  '750 1 udp 500 1.2.3.4 65536 typ host',
  '750 0 udp 500 1.2.3.4 5000 typ host',
  '750 257 udp 500 1.2.3.4 5000 typ host',
  '750 1 udp 4294967296 1.2.3.4 5000 typ host',
  '750 1 udp -1 1.2.3.4 5000 typ host',
  '750 1 sctp 500 1.2.3.4 5000 typ host',
  '750 1 udp 500 1.2.3.4 5000 type host',
  '750 1 udp 500 1.2.3.4 5000 typ hosts',
  '750 1 udp 500 1.2.3.4 5000 typ srflx raddr 10.0.0.1',
  '750 1 udp 500 1.2.3.4 5000 typ srflx rport 1 raddr 10.0.0.1',
  '750 1 udp 500 1.2.3.4 5000 typ srflx generation 0 raddr 10.0.0.1 rport 1',
  '750 1 udp 500 1.2.3.4 5000 typ srflx raddr 10.0.0.1 rport 70000',
  '750 1 tcp 500 1.2.3.4 5000 typ host tcptype none',
  '750 1 udp 500 1.2.3.4 5000 typ host ufrag a"b"',
  '7$0 1 udp 500 1.2.3.4 5000 typ host',
  '750 1 udp 500 1.2.3.4 5000 typ host\r\na=candidate:1 1 udp 1 10.0.0.1 1 typ host',
  '750 1 udp 500 1.2.3.4 5000 typ host x \u0000',
  'a=candidate:candidate:750 1 udp 500 1.2.3.4 5000 typ host',
  ` 750 1 udp 500 1.2.3.4 5000 typ host`,
  `750 1 udp 500 1.2.3.4 5000 typ host ${'x'.repeat(600)}`,
])('%j is no candidate', (line) => {
  expect(() => parseIceCandidate(line)).toThrow(expect.objectContaining({ code: 'bad-candidate' }))
})

const srflx =
  'candidate:842163049 1 udp 1677729535 82.64.133.208 51044 typ srflx raddr 192.168.0.87 rport 51044 generation 0 network-id 3 network-cost 999'
const relay =
  'candidate:3 1 UDP 100401151 162.222.183.171 49761 typ relay raddr 82.64.133.208 rport 49761 url turn:secret.example'
const host = 'candidate:1 1 udp 2122260223 192.168.0.87 61015 typ host generation 0'
const mdns = 'candidate:1 1 udp 2122260223 824513ca-d0bd-4eb8-bab4-2140986241f5.local 61015 typ host'

describe('what leaves', () => {
  test('a reflexive candidate loses everything but where it leads', () => {
    expect(sanitizeIceCandidate(srflx)).toBe(
      'candidate:8 1 udp 1694498559 82.64.133.208 51044 typ srflx raddr 0.0.0.0 rport 0',
    )
  })

  test('a relay keeps nothing of who it serves and what it is called', () => {
    const left = sanitizeIceCandidate(relay, 'hidden') ?? ''
    expect(left).toMatch(/^candidate:16 1 udp \d+ 162\.222\.183\.171 49761 typ relay raddr 0\.0\.0\.0 rport 0$/)
  })

  test.each<[line: string, levels: readonly PrivacyLevel[]]>([
    [host, ['lan']],
    [mdns, ['lan']],
    [srflx, ['lan', 'standard']],
    [relay, ['lan', 'standard', 'hidden']],
    // a public address of an interface: STUN would show it, but that an interface bears it stays here
    ['candidate:1 1 udp 1 8.8.8.8 5000 typ host', ['lan']],
    ['candidate:1 1 udp 1 printer.local 5000 typ host', []],
    ['candidate:1 1 udp 1 relay.example 5000 typ relay', []],
    ['candidate:1 1 udp 1 2a00:1450:4001:0:217:f2ff:fe0f:e0f6 5000 typ srflx', []],
    ['candidate:1 1 udp 1 fe80::1 5000 typ host', []],
    ['candidate:1 1 udp 1 127.0.0.1 5000 typ host', []],
    ['candidate:1 1 udp 1 127.0.0.1 5000 typ relay', []],
    ['candidate:1 1 udp 1 10.0.0.1 5000 typ relay', ['lan']],
    ['candidate:1 1 udp 1 100.64.0.1 5000 typ srflx', ['lan']],
    ['candidate:1 1 udp 1 100.63.255.255 5000 typ srflx', ['lan', 'standard']],
    ['candidate:1 1 udp 1 100.128.0.1 5000 typ srflx', ['lan', 'standard']],
    ['candidate:1 2 udp 1 8.8.8.8 5000 typ srflx', []],
  ])('%s leaves in %j', (line, levels) => {
    expect(privacyLevels.filter((level) => sanitizeIceCandidate(line, level) !== null)).toEqual(levels)
  })

  test('a relay of our own node on this machine leaves in every level', () => {
    const line = 'candidate:1 1 udp 1 127.0.0.1 50000 typ relay raddr 127.0.0.1 rport 40000'
    for (const level of privacyLevels)
      expect(sanitizeIceCandidate(line, level, { loopbackRelay: true })).toContain('127.0.0.1 50000 typ relay')
  })

  test('the shape that goes in comes out', () => {
    expect(sanitizeIceCandidate(`a=${srflx}`)).toMatch(/^a=candidate:8 /)
    expect(sanitizeIceCandidate(srflx.slice('candidate:'.length))).toMatch(/^8 /)
    expect(sanitizeIceCandidate('')).toBe('')
    const init = { candidate: srflx, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'abcd', url: 'stun:secret' }
    expect(sanitizeIceCandidate(init)).toEqual({
      candidate: sanitizeIceCandidate(srflx),
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'abcd',
    })
    expect(() => sanitizeIceCandidate({ candidate: srflx, sdpMid: 'a\r\nb' })).toThrow(CodecError)
  })
})

describe('what comes in', () => {
  const passes = (line: string, loopbackRelay = false) =>
    privacyLevels.filter((level) => judgeRemoteCandidate(line, { level, loopbackRelay }) !== null)

  test.each<[line: string, levels: readonly PrivacyLevel[]]>([
    [srflx, ['lan', 'standard']],
    [relay, ['lan', 'standard', 'hidden']],
    [host, ['lan']],
    [mdns, ['lan']],
    ['candidate:1 1 udp 1 8.8.8.8 5000 typ host', ['lan', 'standard']],
    ['candidate:1 1 udp 1 8.8.8.8 1024 typ srflx', ['lan', 'standard']],
    ['candidate:1 1 udp 1 8.8.8.8 1023 typ srflx', []],
    ['candidate:1 1 udp 1 8.8.8.8 53 typ relay', []],
    ['candidate:1 1 udp 1 8.8.8.8 9 typ srflx', []],
    ['candidate:1 1 tcp 1 8.8.8.8 9 typ srflx tcptype active', ['lan', 'standard']],
    ['candidate:1 1 tcp 1 8.8.8.8 0 typ srflx tcptype active', ['lan', 'standard']],
    ['candidate:1 1 tcp 1 8.8.8.8 9 typ srflx tcptype passive', []],
    ['candidate:1 1 tcp 1 8.8.8.8 22 typ srflx tcptype active', []],
    ['candidate:1 1 udp 1 127.0.0.1 5000 typ host', []],
    ['candidate:1 1 udp 1 127.0.0.1 5000 typ relay', []],
    ['candidate:1 1 udp 1 ::1 5000 typ host', []],
    ['candidate:1 1 udp 1 ::ffff:127.0.0.1 5000 typ srflx', []],
    ['candidate:1 1 udp 1 64:ff9b::7f00:1 5000 typ srflx', []],
    ['candidate:1 1 udp 1 0.0.0.0 5000 typ srflx', []],
    ['candidate:1 1 udp 1 224.0.0.251 5353 typ srflx', []],
    ['candidate:1 1 udp 1 ff02::fb 5353 typ srflx', []],
    ['candidate:1 1 udp 1 255.255.255.255 5000 typ srflx', []],
    ['candidate:1 1 udp 1 169.254.169.254 8080 typ srflx', []],
    ['candidate:1 1 udp 1 169.254.169.254 8080 typ host', []],
    ['candidate:1 1 udp 1 fe80::1 5000 typ host', []],
    ['candidate:1 1 udp 1 metadata.internal 8080 typ host', []],
    ['candidate:1 1 udp 1 router.local 8080 typ host', []],
    ['candidate:1 1 udp 1 824513ca-d0bd-4eb8-bab4-2140986241f5.local 5000 typ relay', []],
    ['candidate:1 1 udp 1 824513ca-d0bd-4eb8-bab4-2140986241f5.local.evil.example 5000 typ host', []],
    ['candidate:1 1 udp 1 10.0.0.1 5000 typ srflx', ['lan']],
    ['candidate:1 1 udp 1 fd00::1 5000 typ host', ['lan']],
    ['candidate:1 2 udp 1 8.8.8.8 5000 typ srflx', []],
  ])('%s is added in %j', (line, levels) => {
    expect(passes(line)).toEqual(levels)
  })

  test('loopback opens for relays alone, where relays are, and only if our own relay stands there', () => {
    expect(passes('candidate:1 1 udp 1 127.0.0.1 50000 typ relay', true)).toEqual(privacyLevels)
    expect(passes('candidate:1 1 udp 1 127.0.0.1 80 typ relay', true)).toEqual([])
    expect(passes('candidate:1 1 udp 1 127.0.0.1 50000 typ host', true)).toEqual([])
    // what a stranger may call a relay and is a service of this machine
    expect(passes('candidate:1 1 udp 1 127.0.0.1 5353 typ relay', true)).toEqual([])
    expect(passes('candidate:1 1 udp 1 ::1 8080 typ relay', true)).toEqual([])
    expect(passes('candidate:1 1 tcp 1 127.0.0.1 5432 typ relay tcptype passive', true)).toEqual([])
    expect(passes('candidate:1 1 tcp 1 127.0.0.1 50000 typ relay tcptype passive', true)).toEqual([])
    expect(passes('candidate:1 1 udp 1 127.0.0.1 50000 typ srflx', true)).toEqual([])
  })
})
