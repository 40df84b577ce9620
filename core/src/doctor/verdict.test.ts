import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { privacyLevels, type PrivacyLevel } from '../ice/index.ts'
import {
  exportReport,
  rungNames,
  verdictCodes,
  verdictOf,
  type Ladder,
  type RungName,
  type RungResult,
} from './index.ts'

const passed: RungResult = { kind: 'passed', ms: 12 }
const failed = (cause: Extract<RungResult, { kind: 'failed' }>['cause']): RungResult => ({
  kind: 'failed',
  cause,
  ms: 8_000,
})
const skipped = (why: Extract<RungResult, { kind: 'skipped' }>['why']): RungResult => ({ kind: 'skipped', why })
const silent = failed('no-answer')
const unset = skipped('not-configured')

function ladder(part: Partial<Record<RungName, RungResult>> = {}, network: Ladder['network'] = 'public'): Ladder {
  const all = Object.fromEntries(rungNames.map((name) => [name, passed])) as Record<RungName, RungResult>
  return { startedAtMs: Date.UTC(2026, 5, 10, 12, 34), rungs: { ...all, ...part }, network }
}

const turn = (rung: RungResult): Partial<Record<RungName, RungResult>> => ({
  'turn-udp': rung,
  'turn-tcp': rung,
  'turn-tls': rung,
})

const cases: readonly [string, Partial<Record<RungName, RungResult>>, readonly [PrivacyLevel, string, string][]][] = [
  [
    'everything works',
    {},
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'good', 'all-good'],
      ['hidden', 'good', 'all-good'],
    ],
  ],
  [
    'only TURN over TLS gets out',
    { stun: silent, 'turn-udp': silent, 'turn-tcp': silent },
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'limited', 'udp-blocked'],
      ['hidden', 'limited', 'udp-blocked'],
    ],
  ],
  [
    'STUN is silent and no other way is set up',
    { stun: silent, ...turn(unset) },
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'blocked', 'udp-blocked'],
      ['hidden', 'blocked', 'udp-blocked'],
    ],
  ],
  [
    'UDP and TCP to the servers are both silent',
    { stun: silent, ...turn(silent) },
    [
      ['standard', 'blocked', 'turn-unreachable'],
      ['hidden', 'blocked', 'turn-unreachable'],
    ],
  ],
  [
    'STUN works, TURN is silent',
    turn(silent),
    [
      ['standard', 'limited', 'turn-unreachable'],
      ['hidden', 'blocked', 'turn-unreachable'],
    ],
  ],
  [
    'TURN refuses the credentials',
    turn(failed('credentials-refused')),
    [
      ['lan', 'limited', 'turn-credentials'],
      ['standard', 'limited', 'turn-credentials'],
      ['hidden', 'blocked', 'turn-credentials'],
    ],
  ],
  [
    'TURN is full',
    { ...turn(silent), 'turn-udp': failed('over-quota') },
    [
      ['standard', 'limited', 'turn-refused'],
      ['hidden', 'blocked', 'turn-refused'],
    ],
  ],
  [
    'no TURN is set up',
    turn(unset),
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'limited', 'no-turn-configured'],
      ['hidden', 'blocked', 'no-turn-configured'],
    ],
  ],
  [
    'neither STUN nor TURN is set up',
    { stun: unset, ...turn(unset) },
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'blocked', 'no-turn-configured'],
    ],
  ],
  [
    'the node does not tell its servers',
    { stun: skipped('ice-servers-unavailable'), ...turn(skipped('ice-servers-unavailable')) },
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'blocked', 'ice-servers-unavailable'],
      ['hidden', 'blocked', 'ice-servers-unavailable'],
    ],
  ],
  [
    'STUN alone fails',
    { stun: silent },
    [
      ['lan', 'good', 'all-good'],
      ['standard', 'limited', 'stun-unreachable'],
      ['hidden', 'good', 'all-good'],
    ],
  ],
  ['there is no WebRTC', { direct: failed('webrtc-unavailable') }, [['lan', 'blocked', 'webrtc-unavailable']]],
  [
    'the node is gone',
    { relay: failed('node-unreachable'), dht: skipped('relay-needed') },
    [['standard', 'blocked', 'node-unreachable']],
  ],
  [
    'no WebSocket opens',
    { relay: failed('socket-refused'), dht: skipped('relay-needed') },
    [['standard', 'blocked', 'websocket-blocked']],
  ],
  [
    'a WebSocket stays mute',
    { relay: failed('no-welcome'), dht: skipped('relay-needed') },
    [['hidden', 'blocked', 'websocket-blocked']],
  ],
  ['the DHT is silent', { dht: silent }, [['lan', 'blocked', 'dht-unreachable']]],
]

describe.each(cases)('when %s', (_name, rungs, expected) => {
  test.each(expected)('a room at %s is %s: %s', (privacy, level, code) => {
    expect(verdictOf(ladder(rungs), privacy)).toMatchObject({ level, code })
  })
})

test('a node on a local network is a limit, and one that anything blocking outranks', () => {
  expect(verdictOf(ladder({}, 'local'), 'standard')).toEqual({ level: 'limited', code: 'local-network-only', also: [] })
  expect(verdictOf(ladder(turn(unset), 'local'), 'hidden')).toEqual({
    level: 'blocked',
    code: 'no-turn-configured',
    also: [{ level: 'limited', code: 'local-network-only' }],
  })
})

test('every ladder has a verdict of a known code, and it is good only when nothing else was found', () => {
  const result = fc.oneof(
    fc.constant(passed),
    fc.constantFrom<RungResult>(
      ...(
        [
          'webrtc-unavailable',
          'no-candidates',
          'no-answer',
          'credentials-refused',
          'over-quota',
          'socket-refused',
        ] as const
      ).map(failed),
    ),
    fc.constantFrom<RungResult>(unset, skipped('ice-servers-unavailable'), skipped('relay-needed')),
  )
  const rungs = fc.record(
    Object.fromEntries(rungNames.map((name) => [name, result])) as Record<RungName, typeof result>,
  )
  fc.assert(
    fc.property(rungs, fc.constantFrom(...privacyLevels), (all, privacy) => {
      const verdict = verdictOf(ladder(all), privacy)
      expect(verdictCodes).toContain(verdict.code)
      expect(verdict.level === 'good').toBe(verdict.code === 'all-good')
      if (verdict.level === 'good') expect(verdict.also).toEqual([])
      if (verdict.level === 'limited') expect(verdict.also.every(({ level }) => level !== 'blocked')).toBe(true)
    }),
  )
})

test('the report reads', () => {
  expect(exportReport(ladder({ 'turn-udp': silent, dht: skipped('relay-needed') }), 'hidden')).toMatchInlineSnapshot(`
    "P2Pigeon connection report
    time: 2026-06-10 12h34 UTC
    room privacy: hidden
    verdict: all-good (good)
    direct: passed, 12 ms
    stun: passed, 12 ms
    turn-udp: failed, no-answer, 8000 ms
    turn-tcp: passed, 12 ms
    turn-tls: passed, 12 ms
    relay: passed, 12 ms
    dht: skipped, relay-needed
    network of the relay: public
    "
  `)
})
