import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { decodeFrame, encodeFrame, subprotocols, type Frame } from '@p2pigeon/core/relay-protocol'
import { FakeClock, startDhtTestnet, type DhtTestnet } from '@p2pigeon/core/testing'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { defaultLimits, type HypernatOptions } from '../../src/hypernat/index.ts'
import { relayCarrier, startRelay, type RelayFixture } from './relay-fixture.ts'

let testnet: DhtTestnet
const relays = new Set<RelayFixture>()
const clients = new Set<RawClient>()
beforeAll(async () => {
  testnet = await startDhtTestnet(3)
})
afterEach(async () => {
  for (const client of clients) client.socket.terminate()
  clients.clear()
  await Promise.all([...relays].map((relay) => relay.close()))
  relays.clear()
})
afterAll(() => testnet.close())

async function relay(options: Partial<HypernatOptions> = {}): Promise<RelayFixture> {
  const started = await startRelay({ bootstrap: testnet.bootstrap }, options)
  relays.add(started)
  return started
}

/** A client that says whatever it likes. */
class RawClient {
  readonly socket: WebSocket
  readonly closed: Promise<number>
  readonly opened: Promise<void>
  readonly #frames: Frame[] = []
  #arrived: () => void = () => undefined

  constructor(url: string, protocol: string | undefined = subprotocols.dht, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, protocol, { perMessageDeflate: false, headers })
    this.socket.on('error', () => undefined)
    this.opened = new Promise((resolve) => this.socket.once('open', resolve))
    this.closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.on('message', (data) => {
      this.#frames.push(decodeFrame(new Uint8Array(data as Buffer)))
      this.#arrived()
    })
    clients.add(this)
  }

  async hello(): Promise<this> {
    await this.opened
    this.say({ type: 'hello', minors: { min: 0, max: 0 }, windowBytes: 65_536 })
    return this
  }

  say(frame: Frame): void {
    this.socket.send(encodeFrame(frame))
  }

  /** The next frame of this type; others before it are skipped. */
  async next<T extends Frame['type']>(type: T): Promise<Extract<Frame, { type: T }>> {
    for (;;) {
      const frame = this.#frames.shift()
      if (frame?.type === type) return frame as Extract<Frame, { type: T }>
      if (!frame) await new Promise<void>((resolve) => (this.#arrived = resolve))
    }
  }
}

const topic = () => crypto.getRandomValues(new Uint8Array(32))

/** Resolves when the relay holds nothing for anybody any more. */
async function empty({ hypernat }: RelayFixture): Promise<void> {
  await expect
    .poll(() => hypernat.stats(), { timeout: 15_000 })
    .toMatchObject({ connections: 0, announcements: 0, lookups: 0, streams: 0 })
}

describe('hypernat and hostile clients', () => {
  const id = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0x8000_0000, 0x8000_0001, 0xffff_ffff))
  const someTopics = [topic(), topic()]
  const key = fc.constantFrom(...someTopics, new Uint8Array(32), new Uint8Array(32).fill(255))
  const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => new Uint8Array(each))
  const frame: fc.Arbitrary<Frame> = fc.oneof(
    fc.record({ type: fc.constantFrom('announce' as const, 'lookup' as const), id, topic: key }),
    fc.record({ type: fc.constant('connect' as const), id, publicKey: key }),
    fc.record({
      type: fc.constantFrom(
        ...(['unannounce', 'cancel', 'close', 'ping', 'pong', 'open', 'done', 'going-away'] as const),
      ),
      id,
    }),
    fc.record({ type: fc.constant('data' as const), id, bytes }),
    fc.record({ type: fc.constant('ack' as const), id, credit: fc.constantFrom(1, 1_000, 0xffff_ffff) }),
    fc.record({
      type: fc.constant('hello' as const),
      minors: fc.constant({ min: 0, max: 0 }),
      windowBytes: fc.constant(4_096),
    }),
  )
  /** Sequences that keep to the rules about ids, so that they get further in. */
  const tidy = fc.array(
    fc.record({
      what: fc.constantFrom(
        ...(['announce', 'lookup', 'connect', 'connect', 'ping', 'about', 'about', 'about'] as const),
      ),
      about: fc.constantFrom(...(['unannounce', 'cancel', 'close', 'data', 'data', 'data', 'ack'] as const)),
      back: fc.integer({ min: 0, max: 4 }),
      bytes: fc.integer({ min: 1, max: 9_000 }),
      topic: fc.constantFrom(...someTopics),
      known: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  const legal = (
    steps: typeof tidy extends fc.Arbitrary<infer T> ? T : never,
    host: Uint8Array<ArrayBuffer>,
  ): Frame[] => {
    let last = 0
    return steps.map(({ what, about, back, bytes: count, topic: under, known }): Frame => {
      if (what === 'announce' || what === 'lookup') return { type: what, id: ++last, topic: under }
      if (what === 'connect') return { type: what, id: ++last, publicKey: known ? host : under }
      if (what === 'ping') return { type: what, id: last }
      const id = Math.max(1, last - back)
      if (about === 'data') return { type: about, id, bytes: new Uint8Array(count).fill(1) }
      return about === 'ack' ? { type: about, id, credit: count } : { type: about, id }
    })
  }
  const message = fc.oneof(
    { weight: 8, arbitrary: frame.map((each): Uint8Array | string => encodeFrame(each)) },
    { weight: 2, arbitrary: bytes },
    { weight: 1, arbitrary: fc.string() },
  )

  it(
    'survives any frames and any disconnect, forgets them, and serves others meanwhile',
    { timeout: 120_000 },
    async () => {
      const many = { maxConnectionsPerAddress: 1_000, connectionBurst: 10_000, requestBurst: 1e6 }
      const fixture = await relay({ limits: many })
      const [host, guest] = [relayCarrier(fixture.url), relayCarrier(fixture.url)]
      const meeting = topic()
      host.announce(meeting, (stream) => {
        stream.listen({ frame: (each) => void stream.send(each), ended: () => undefined })
      })
      const signal = AbortSignal.timeout(100_000)
      const address = (await guest.lookup(meeting, { signal })[Symbol.asyncIterator]().next())
        .value as Uint8Array<ArrayBuffer>
      const stream = await guest.dial(meeting, address, { signal })
      let echoed: () => void = () => undefined
      stream.listen({ frame: () => echoed(), ended: () => undefined })

      await fc.assert(
        fc.asyncProperty(
          fc.array(message, { maxLength: 30 }),
          tidy,
          fc.boolean(),
          fc.boolean(),
          async (wild, steps, polite, abrupt) => {
            const client = new RawClient(fixture.url)
            await client.opened
            if (polite) await client.hello()
            for (const each of polite ? legal(steps, address).map(encodeFrame) : []) client.socket.send(each)
            for (const each of wild) client.socket.send(each)
            const answered = new Promise<void>((resolve) => (echoed = resolve))
            await stream.send(new Uint8Array([1]))
            await answered
            if (abrupt) client.socket.terminate()
            else client.socket.close()
            await client.closed
            clients.delete(client)
          },
        ),
        { numRuns: 250 },
      )
      host.close()
      guest.close()
      await empty(fixture)
    },
  )

  it('survives bytes that are no WebSocket frames', async () => {
    const fixture = await relay()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (noise) => {
        const socket = await rawUpgrade(fixture.url)
        socket.on('error', () => undefined)
        socket.resume()
        socket.end(noise)
        await new Promise((closed) => socket.once('close', closed))
      }),
      { numRuns: 60 },
    )
    await empty(fixture)
  })

  it.each<[string, Frame[]]>([
    ['a request before hello', [{ type: 'ping', id: 1 }]],
    ['a second hello', [hello(), hello()]],
    [
      'an id used twice',
      [hello(), { type: 'lookup', id: 1, topic: topic() }, { type: 'lookup', id: 1, topic: topic() }],
    ],
    ['an id that is the relay’s', [hello(), { type: 'lookup', id: 0x8000_0001, topic: topic() }]],
    ['data on nothing', [hello(), { type: 'data', id: 9, bytes: new Uint8Array(1) }]],
    ['what only a relay says', [hello(), { type: 'open', id: 1 }]],
    [
      'data on an announcement',
      [hello(), { type: 'announce', id: 1, topic: topic() }, { type: 'data', id: 1, bytes: new Uint8Array(1) }],
    ],
  ])('closes a connection that sends %s', async (_, frames) => {
    const fixture = await relay()
    const client = new RawClient(fixture.url)
    await client.opened
    for (const frame of frames) client.say(frame)
    expect(await client.closed).toBe(4000)
    await empty(fixture)
    expect(fixture.hypernat.stats().violations).toBe(1)
  })

  it('closes a connection that sends beyond its credit, and one that gives too much', async () => {
    const fixture = await relay()
    for (const fault of ['data', 'ack'] as const) {
      const { dialler, id } = await joined(fixture)
      if (fault === 'ack') dialler.say({ type: 'ack', id, credit: 1 })
      else {
        for (let sent = 0; sent <= 2 * defaultLimits.streamWindowBytes; sent += 65_536) {
          dialler.say({ type: 'data', id, bytes: new Uint8Array(65_536) })
        }
      }
      expect(await dialler.closed).toBe(4000)
    }
  })

  it('closes a message above the bound without taking it', async () => {
    const fixture = await relay()
    const client = await new RawClient(fixture.url).hello()
    client.socket.send(new Uint8Array(1 << 20))
    expect(await client.closed).toBe(1009)
  })
})

describe('hypernat', () => {
  it('tells a client of another version so', async () => {
    const fixture = await relay()
    expect(await new RawClient(fixture.url, 'p2pigeon-dht.99').closed).toBe(4001)
    const client = new RawClient(fixture.url)
    await client.opened
    client.say({ type: 'hello', minors: { min: 7, max: 9 }, windowBytes: 65_536 })
    expect(await client.closed).toBe(4001)
  })

  it('lets in pages of its own host and clients without a page, and asks the app about others', async () => {
    const strict = await relay()
    const own = strict.url.replace('ws:', 'http:').replace('/dht', '')
    expect(await outcome(new RawClient(strict.url, subprotocols.dht, { origin: own }))).toBe('open')
    expect(await outcome(new RawClient(strict.url))).toBe('open')
    expect(await outcome(new RawClient(strict.url, subprotocols.dht, { origin: 'https://evil.example' }))).toBe(
      'refused',
    )
    expect(await outcome(new RawClient(strict.url, subprotocols.dht, { origin: 'null' }))).toBe('refused')
    const lenient = await relay({ allowedOrigins: (origin) => origin === 'https://friend.example' })
    expect(await outcome(new RawClient(lenient.url, subprotocols.dht, { origin: 'https://friend.example' }))).toBe(
      'open',
    )
    expect(await outcome(new RawClient(lenient.url))).toBe('refused')
  })

  it('honours no forwarding header when it counts connections by address', async () => {
    const fixture = await relay({ limits: { maxConnectionsPerAddress: 1 } })
    expect(await outcome(new RawClient(fixture.url, subprotocols.dht, { 'x-forwarded-for': '1.2.3.4' }))).toBe('open')
    expect(await outcome(new RawClient(fixture.url, subprotocols.dht, { 'x-forwarded-for': '5.6.7.8' }))).toBe(
      'refused',
    )
    expect(fixture.hypernat.stats()).toMatchObject({ connections: 1, refused: 1 })
  })

  it('refuses what goes beyond the bounds of a connection, and goes on', async () => {
    const fixture = await relay({
      limits: { maxAnnouncementsPerConnection: 2, maxLookupsPerConnection: 0, maxConnectsPerMinute: 3 },
    })
    const client = await new RawClient(fixture.url).hello()
    for (const id of [1, 2, 3]) client.say({ type: 'announce', id, topic: topic() })
    expect(await client.next('refused')).toEqual({ type: 'refused', id: 3, code: 'limit' })
    client.say({ type: 'lookup', id: 4, topic: topic() })
    expect(await client.next('refused')).toEqual({ type: 'refused', id: 4, code: 'limit' })
    for (const id of [5, 6, 7, 8]) client.say({ type: 'connect', id, publicKey: new Uint8Array(32) })
    const codes = [await client.next('refused'), await client.next('refused')]
    expect(codes).toContainEqual({ type: 'refused', id: 8, code: 'limit' })
    client.say({ type: 'ping', id: 0 })
    await client.next('pong')
  })

  it('refuses streams beyond the bound of either side', async () => {
    const fixture = await relay({ limits: { maxStreamsPerConnection: 2 } })
    const { announcer, dialler, address } = await joined(fixture)
    dialler.say({ type: 'connect', id: 3, publicKey: address })
    await dialler.next('open')
    dialler.say({ type: 'connect', id: 4, publicKey: address })
    expect(await dialler.next('refused')).toEqual({ type: 'refused', id: 4, code: 'limit' })
    const third = await new RawClient(fixture.url).hello()
    third.say({ type: 'connect', id: 1, publicKey: address })
    expect(await third.next('refused')).toMatchObject({ code: 'limit' })
    announcer.socket.terminate()
    await dialler.next('close')
  })

  it('passes the last bytes of a stream on before its end', async () => {
    const fixture = await relay()
    const { announcer, dialler, id } = await joined(fixture)
    for (let count = 0; count < 4; count++) dialler.say({ type: 'data', id, bytes: new Uint8Array(40_000).fill(count) })
    dialler.say({ type: 'close', id })
    const incoming = await announcer.next('incoming')
    let received = 0
    while (received < 65_536) received += (await announcer.next('data')).bytes.length
    expect(received).toBe(65_536)
    announcer.say({ type: 'ack', id: incoming.id, credit: 65_536 })
    while (received < 131_072) received += (await announcer.next('data')).bytes.length
    announcer.say({ type: 'ack', id: incoming.id, credit: 65_536 })
    while (received < 160_000) received += (await announcer.next('data')).bytes.length
    expect(await announcer.next('close')).toEqual({ type: 'close', id: incoming.id })
  })

  it('drops clients that never say hello, and those that fall silent', async () => {
    const clock = new FakeClock()
    const fixture = await relay({ clock })
    const mute = new RawClient(fixture.url)
    await mute.next('welcome')
    clock.advance(defaultLimits.helloTimeoutMs)
    expect(await mute.closed).toBe(4002)
    const client = await new RawClient(fixture.url).hello()
    client.say({ type: 'ping', id: 1 })
    await client.next('pong')
    clock.advance(defaultLimits.keepaliveMs)
    await client.next('ping')
    client.say({ type: 'ping', id: 2 })
    await client.next('pong')
    clock.advance(defaultLimits.keepaliveMs)
    await client.next('ping')
    clock.advance(defaultLimits.keepaliveMs)
    expect(await client.closed).toBe(4002)
  })

  it('says good-bye when it closes, and takes nobody in after that', async () => {
    const fixture = await relay()
    const client = await new RawClient(fixture.url).hello()
    client.say({ type: 'announce', id: 1, topic: topic() })
    await client.next('announced')
    const closing = fixture.hypernat.close()
    await client.next('going-away')
    expect(await client.closed).toBe(1001)
    expect(await outcome(new RawClient(fixture.url))).toBe('refused')
    await closing
    await empty(fixture)
  })

  it('finds nothing under a topic with the records of clients that have left', async () => {
    const fixture = await relay()
    const shared = topic()
    const first = await new RawClient(fixture.url).hello()
    first.say({ type: 'announce', id: 1, topic: shared })
    const { publicKey } = await first.next('announced')
    first.socket.close()
    await empty(fixture)
    const second = await new RawClient(fixture.url).hello()
    second.say({ type: 'lookup', id: 1, topic: shared })
    second.say({ type: 'connect', id: 2, publicKey })
    expect(await second.next('refused')).toMatchObject({ id: 2, code: 'unreachable' })
    second.say({ type: 'ping', id: 3 })
    await second.next('done')
  })
})

function hello(): Frame {
  return { type: 'hello', minors: { min: 0, max: 0 }, windowBytes: 65_536 }
}

/** Two clients with a stream between them. */
async function joined(fixture: RelayFixture) {
  const announcer = await new RawClient(fixture.url).hello()
  const dialler = await new RawClient(fixture.url).hello()
  announcer.say({ type: 'announce', id: 1, topic: topic() })
  const { publicKey: address } = await announcer.next('announced')
  dialler.say({ type: 'connect', id: 2, publicKey: address })
  await dialler.next('open')
  return { announcer, dialler, address, id: 2 }
}

async function outcome(client: RawClient): Promise<'open' | 'refused'> {
  return await Promise.race([client.opened.then(() => 'open' as const), client.closed.then(() => 'refused' as const)])
}

async function rawUpgrade(url: string) {
  return await new Promise<Duplex>((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': subprotocols.dht,
    }
    request(url.replace('ws:', 'http:'), { headers })
      .on('upgrade', (_, socket) => {
        resolve(socket)
      })
      .on('error', reject)
      .end()
  })
}
