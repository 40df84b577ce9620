import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SocketHandlers, Sockets } from '../runtime/index.ts'
import { decodeFrame, encodeFrame, type Frame } from '../signalling/carriers/relay/wire/index.ts'
import { FakeClock } from '../testing/index.ts'
import { causeOf } from './gather.ts'
import {
  checkConnection,
  exportReport,
  rungDeadlineMs,
  rungNames,
  type DoctorTargets,
  type LadderProgress,
  type RungName,
} from './index.ts'

const host = '203.0.113.7'
const servers: readonly RTCIceServer[] = [
  { urls: ['stun:turn.example:3478'] },
  {
    urls: ['turn:turn.example:3478', 'turn:turn.example:3478?transport=tcp', 'turns:turn.example:443?transport=tcp'],
    username: '1700000000:someone',
    credential: 'secret',
  },
]

/** What one peer connection meets: candidates, error codes, then the end of gathering or silence. */
interface Weather {
  readonly candidates?: readonly string[]
  readonly errors?: readonly (readonly [code: number, text: string])[]
  readonly ends?: boolean
}

const candidate = (type: string, address = host): string =>
  `candidate:1 1 udp 2122260223 ${address} 54321 typ ${type} raddr 10.1.2.3 rport 9`

class FakeConnection {
  static open = 0
  onicecandidate: ((event: { candidate: { candidate: string } | null }) => void) | null = null
  onicecandidateerror: ((event: { errorCode: number; errorText: string; url: string }) => void) | null = null
  onicegatheringstatechange: (() => void) | null = null
  iceGatheringState = 'new'
  readonly #weather: Weather

  constructor(weather: Weather) {
    this.#weather = weather
    FakeConnection.open += 1
  }

  createDataChannel(): void {}

  async setLocalDescription(): Promise<void> {
    const { candidates = [], errors = [], ends = true } = this.#weather
    for (const text of candidates) this.onicecandidate?.({ candidate: { candidate: text } })
    for (const [errorCode, errorText] of errors)
      this.onicecandidateerror?.({ errorCode, errorText, url: `turn:${host}` })
    if (!ends) return
    this.onicecandidate?.({ candidate: null })
    this.iceGatheringState = 'complete'
    this.onicegatheringstatechange?.()
  }

  close(): void {
    FakeConnection.open -= 1
  }
}

const welcome = {
  type: 'welcome',
  minors: { min: 0, max: 0 },
  network: 'public',
  keepaliveMs: 20_000,
  windowBytes: 10_000,
  maxDataBytes: 4_000,
  maxStreams: 9,
  maxAnnouncements: 9,
  maxLookups: 9,
} as const satisfies Frame

type RelayMood = 'welcomes' | 'local' | 'refuses' | 'mute' | 'dead-dht' | 'hangs'

/** A relay of a given mood; counts the sockets that were left open. */
class FakeRelay implements Sockets {
  open = 0
  readonly #mood: RelayMood

  constructor(mood: RelayMood) {
    this.#mood = mood
  }

  connect(_url: string, _subprotocol: string, handlers: SocketHandlers): ReturnType<Sockets['connect']> {
    let over = false
    this.open += 1
    const close = (): void => {
      if (over) return
      over = true
      this.open -= 1
      handlers.closed()
    }
    const say = (frame: Frame): void => {
      if (!over) handlers.received(encodeFrame(frame))
    }
    queueMicrotask(() => {
      if (over || this.#mood === 'hangs') return
      if (this.#mood === 'refuses') close()
      else handlers.opened()
      if (this.#mood === 'mute') close()
      else say({ ...welcome, network: this.#mood === 'local' ? 'local' : 'public' })
    })
    return {
      bufferedBytes: 0,
      close,
      send: (message) => {
        const frame = decodeFrame(message)
        if (frame.type === 'lookup' && this.#mood !== 'dead-dht')
          queueMicrotask(() => say({ type: 'done', id: frame.id }))
      },
    }
  }
}

interface World {
  readonly weather?: Partial<Record<'direct' | 'stun' | 'turn-udp' | 'turn-tcp' | 'turn-tls', Weather>>
  readonly relay?: RelayMood
  readonly targets?: Partial<DoctorTargets>
  readonly create?: () => never
}

const fair: NonNullable<World['weather']> = {
  direct: { candidates: [candidate('host', '4f2c.local')] },
  stun: { candidates: [candidate('host'), candidate('srflx')] },
  'turn-udp': { candidates: [candidate('relay')] },
  'turn-tcp': { candidates: [candidate('relay')] },
  'turn-tls': { candidates: [candidate('relay')] },
}

function rungOf({ iceServers = [] }: RTCConfiguration): keyof NonNullable<World['weather']> {
  const url = [iceServers[0]?.urls ?? []].flat()[0]
  if (url === undefined) return 'direct'
  if (url.startsWith('stun:')) return 'stun'
  return url.startsWith('turns:') ? 'turn-tls' : url.includes('tcp') ? 'turn-tcp' : 'turn-udp'
}

function setUp({ weather = {}, relay = 'welcomes', targets = {}, create }: World = {}) {
  const clock = new FakeClock()
  const sockets = new FakeRelay(relay)
  const asked: RTCConfiguration[] = []
  const progress: LadderProgress[] = []
  const controller = new AbortController()
  const ports = {
    clock,
    sockets,
    random: { bytes: (length: number) => new Uint8Array(length).fill(127) },
    peerConnections: {
      supportsMedia: true,
      create: (configuration: RTCConfiguration) => {
        create?.()
        asked.push(configuration)
        const made = new FakeConnection({ ...fair, ...weather }[rungOf(configuration)] ?? {})
        return made as unknown as RTCPeerConnection
      },
    },
  }
  FakeConnection.open = 0
  const running = checkConnection(
    ports,
    {
      relayUrls: ['wss://node.example/dht'],
      iceServers: () => Promise.resolve(servers),
      nodeAnswers: () => Promise.resolve(true),
      ...targets,
    },
    { signal: controller.signal, onProgress: (now) => progress.push(now) },
  )
  /** Lets whatever can happen without time happen, then the deadline pass, twice: servers first, rungs after. */
  const finish = async () => {
    for (let turn = 0; turn < 3; turn++) {
      for (let tick = 0; tick < 50; tick++) await Promise.resolve()
      clock.advance(rungDeadlineMs)
    }
    return running
  }
  return { clock, sockets, asked, progress, controller, running, finish }
}

test('on a good network every rung passes, at once, and nothing stays open', async () => {
  const { running, sockets, clock, progress, asked } = setUp()
  const ladder = await running
  for (const name of rungNames) expect([name, ladder.rungs[name].kind]).toEqual([name, 'passed'])
  expect(ladder.network).toBe('public')
  expect([FakeConnection.open, sockets.open, clock.pending]).toEqual([0, 0, 0])
  expect(progress.map((now) => Object.keys(now).length)).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(asked.filter(({ iceTransportPolicy }) => iceTransportPolicy === 'relay')).toHaveLength(3)
  for (const { iceServers = [] } of asked) expect(new Set(iceServers.map(({ urls }) => urls)).size).toBeLessThan(2)
})

test('a rung says how long it took', async () => {
  const { finish } = setUp({ weather: { stun: { ends: false } } })
  expect((await finish()).rungs).toMatchObject({
    direct: { kind: 'passed', ms: 0 },
    stun: { kind: 'failed', ms: rungDeadlineMs },
  })
})

const failures: readonly [string, World, Partial<Record<RungName, string>>][] = [
  [
    'UDP that goes nowhere',
    { weather: { stun: { ends: false }, 'turn-udp': { ends: false } } },
    { stun: 'no-answer', 'turn-udp': 'no-answer' },
  ],
  [
    'refused credentials',
    { weather: { 'turn-udp': { errors: [[401, 'Unauthorized']] } } },
    { 'turn-udp': 'credentials-refused' },
  ],
  ['a forbidden client', { weather: { 'turn-tcp': { errors: [[403, 'Forbidden']] } } }, { 'turn-tcp': 'forbidden' }],
  ['a full server', { weather: { 'turn-udp': { errors: [[486, 'Quota']] } } }, { 'turn-udp': 'over-quota' }],
  ['a broken server', { weather: { 'turn-udp': { errors: [[500, 'Oops']] } } }, { 'turn-udp': 'server-error' }],
  [
    'a server that is not there',
    { weather: { 'turn-tls': { errors: [[701, 'timed out']] } } },
    { 'turn-tls': 'no-answer' },
  ],
  [
    'a name without an address',
    { weather: { 'turn-udp': { errors: [[701, 'TURN host lookup received error.']] } } },
    { 'turn-udp': 'name-unresolved' },
  ],
  [
    'the most telling of several errors',
    {
      weather: {
        'turn-udp': {
          errors: [
            [701, 'timed out'],
            [401, 'x'],
            [701, 'lookup'],
          ],
          ends: false,
        },
      },
    },
    { 'turn-udp': 'credentials-refused' },
  ],
  ['STUN errors', { weather: { stun: { errors: [[701, 'timed out']] } } }, { stun: 'no-answer' }],
  ['gathering that finds no way', { weather: { direct: {} } }, { direct: 'no-candidates' }],
  ['a WebSocket that is refused', { relay: 'refuses' }, { relay: 'socket-refused' }],
  ['a WebSocket that never opens', { relay: 'hangs' }, { relay: 'socket-refused' }],
  ['a WebSocket without a word', { relay: 'mute' }, { relay: 'no-welcome' }],
  [
    'a node that is gone',
    { relay: 'refuses', targets: { nodeAnswers: () => Promise.resolve(false) } },
    { relay: 'node-unreachable' },
  ],
  [
    'a node that cannot be asked',
    { relay: 'hangs', targets: { nodeAnswers: () => Promise.reject(new TypeError('x')) } },
    { relay: 'node-unreachable' },
  ],
  ['a DHT that does not answer', { relay: 'dead-dht' }, { dht: 'no-answer' }],
]

test.each(failures)('names %s, closes everything, and fails nothing else', async (_name, world, expected) => {
  const { finish, sockets, clock } = setUp(world)
  const { rungs } = await finish()
  const causes = Object.fromEntries(
    rungNames.flatMap((name) => {
      const rung = rungs[name]
      return rung.kind === 'failed' ? [[name, rung.cause]] : []
    }),
  )
  expect(causes).toEqual(expected)
  expect([FakeConnection.open, sockets.open, clock.pending]).toEqual([0, 0, 0])
})

test('a platform without WebRTC fails each rung that needs it, and the relay is tried all the same', async () => {
  const { running } = setUp({
    create: () => {
      throw new TypeError('RTCPeerConnection is not defined')
    },
  })
  const { rungs } = await running
  expect(rungs.direct).toMatchObject({ cause: 'webrtc-unavailable' })
  expect(rungs['turn-tls']).toMatchObject({ cause: 'webrtc-unavailable' })
  expect(rungs.relay.kind).toBe('passed')
})

test('a STUN answer that shows no translation passes; an error of another address family is no answer about the server', async () => {
  const { running } = setUp({
    weather: {
      stun: { candidates: [candidate('host')], errors: [[701, 'STUN server address is incompatible.']] },
    },
  })
  expect((await running).rungs.stun.kind).toBe('passed')
})

describe('what is not there is skipped', () => {
  test('servers that are not configured', async () => {
    const { running } = setUp({ targets: { iceServers: () => Promise.resolve([]), relayUrls: [] } })
    const { rungs, network } = await running
    expect(rungs.stun).toEqual({ kind: 'skipped', why: 'not-configured' })
    expect(rungs.relay).toEqual({ kind: 'skipped', why: 'not-configured' })
    expect(rungs.dht).toEqual({ kind: 'skipped', why: 'relay-needed' })
    expect(network).toBeUndefined()
  })

  test.each([
    ['are refused', () => Promise.reject(new TypeError('x'))],
    ['never come', () => new Promise<never>(() => {})],
  ])('servers that %s', async (_name, iceServers) => {
    const { rungs } = await setUp({ targets: { iceServers } }).finish()
    expect(rungs['turn-udp']).toEqual({ kind: 'skipped', why: 'ice-servers-unavailable' })
  })

  test('schemes that browsers do not speak', async () => {
    const urls = ['stuns:a', 'turns:a?transport=udp', 'turn:a?transport=quic', 'https://a', '', 'turn']
    const { asked, running } = setUp({ targets: { iceServers: () => Promise.resolve([{ urls }]) } })
    expect((await running).rungs['turn-udp'].kind).toBe('skipped')
    expect(asked).toHaveLength(1)
  })
})

test('an abort ends everything at once, with its own reason', async () => {
  const { controller, running, sockets, clock } = setUp({ weather: { stun: { ends: false } }, relay: 'hangs' })
  for (let tick = 0; tick < 50; tick++) await Promise.resolve()
  expect(FakeConnection.open).toBeGreaterThan(0)
  const reason = new DOMException('enough', 'AbortError')
  controller.abort(reason)
  await expect(running).rejects.toBe(reason)
  for (let tick = 0; tick < 50; tick++) await Promise.resolve()
  expect([FakeConnection.open, sockets.open, clock.pending]).toEqual([0, 0, 0])
})

test('codes of the browser are read as the specifications give them', () => {
  expect([401, 438, 441].map((code) => causeOf(code, ''))).toEqual(Array(3).fill('credentials-refused'))
  expect([486, 508].map((code) => causeOf(code, ''))).toEqual(Array(2).fill('over-quota'))
  expect(causeOf(701, 'Address not associated with the desired network interface.')).toBeUndefined()
})

/** Lines of the report, each of words that this folder knows. */
const reportLines = [
  /^P2Pigeon connection report$/,
  /^time: (\d{4}-\d\d-\d\d \d\dh\d\d UTC|not known)$/,
  /^room privacy: (lan|standard|hidden)$/,
  /^(verdict|also): [a-z-]+ \((good|limited|blocked)\)$/,
  /^(direct|stun|turn-udp|turn-tcp|turn-tls|relay|dht): (passed, \d+ ms|failed, [a-z-]+, \d+ ms|skipped, [a-z-]+)$/,
  /^network of the relay: (public|local|unknown|not known)$/,
]

test('the report holds no address, name, candidate or credential, whatever servers and networks say', async () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.uuid().map((id) => `${id}.local`),
  )
  const weather = fc.record({
    candidates: fc.array(
      fc.tuple(fc.constantFrom('host', 'srflx', 'relay', 'prflx'), address).map(([type, at]) => candidate(type, at)),
    ),
    errors: fc.array(fc.tuple(fc.integer({ min: 300, max: 799 }), fc.oneof(address, fc.string()))),
    ends: fc.boolean(),
  })
  const urls = fc
    .tuple(fc.constantFrom('stun:', 'turn:', 'turns:'), address)
    .map(([scheme, at]) => `${scheme}${at}:3478`)
  await fc.assert(
    fc.asyncProperty(
      fc.record({ direct: weather, stun: weather, 'turn-udp': weather, 'turn-tcp': weather, 'turn-tls': weather }),
      fc.constantFrom<RelayMood>('welcomes', 'local', 'refuses', 'mute', 'dead-dht', 'hangs'),
      fc.array(fc.record({ urls, username: fc.string(), credential: fc.string() }), { maxLength: 6 }),
      address,
      fc.constantFrom('lan', 'standard', 'hidden'),
      async (skies, relay, iceServers, node, privacy) => {
        const { finish } = setUp({
          weather: skies,
          relay,
          targets: { iceServers: () => Promise.resolve(iceServers), relayUrls: [`wss://${node}/dht`] },
        })
        const report = exportReport(await finish(), privacy)
        for (const line of report.trimEnd().split('\n')) {
          expect([line, reportLines.some((form) => form.test(line))]).toEqual([line, true])
        }
        for (const server of iceServers) expect(report).not.toContain(server.urls.replace(/^\w+:|:3478$/g, ''))
        expect(report).not.toContain(node)
      },
    ),
    { numRuns: 60 },
  )
})
