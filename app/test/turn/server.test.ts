import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { FakeClock } from '@p2pigeon/core/testing'
import fc from 'fast-check'
import type { TurnLimits } from '../../src/turn/index.ts'
import {
  attributeTypes,
  encodeMessage,
  methods,
  numberAttribute,
  textAttribute,
  type TransportAddress,
} from '../../src/turn/stun/index.ts'
import { lifetimeIn, RawClient, udpTransport, type User } from './raw-client.ts'
import { echoPeer, ourServer, type OurServer } from './servers.ts'

/* What our server promises beyond the protocol: bounds, expiry, silence towards strangers, nothing left behind. */

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function serve(limits: Partial<TurnLimits> = {}): Promise<OurServer & { readonly clock: FakeClock }> {
  const clock = new FakeClock()
  const server = await ourServer(limits, clock)
  closers.push(() => server.close())
  return { ...server, clock }
}

async function dial(server: OurServer, user: User = server.user(86_400), transport: 'udp' | 'tcp' = 'udp') {
  const client = await RawClient.dial(transport, server.port, user)
  closers.push(() => client.close())
  return client
}

async function peer() {
  const one = await echoPeer()
  closers.push(() => one.close())
  return one
}

const at = (port: number, address = '127.0.0.1'): TransportAddress => ({
  family: address.includes(':') ? 6 : 4,
  address,
  port,
})
const minutes = (count: number): number => count * 60_000

describe('time', () => {
  it('ends an allocation at its lifetime, unless it is refreshed', async () => {
    const server = await serve()
    const [idle, kept] = [await dial(server), await dial(server)]
    await idle.allocate()
    await kept.allocate()
    server.clock.advance(minutes(9))
    await kept.refresh()
    server.clock.advance(minutes(1))
    expect(server.server.stats().allocations).toBe(1)
    await idle.meet()
    expect((await idle.permit(at(9))).code).toBe(437)
    await kept.meet()
    expect((await kept.permit(at(9))).code).toBe(0)
  })

  it('ends a permission after five minutes, and a channel after ten', async () => {
    const server = await serve()
    const client = await dial(server)
    const echo = await peer()
    await client.allocate()
    await client.refresh(3_600)
    await client.bind(0x4000, at(echo.port))
    server.clock.advance(minutes(5) - 1)
    client.sendOn(0x4000, Buffer.from('in time'))
    expect((await client.channelData()).text).toBe('echo in time')
    server.clock.advance(1)
    client.sendOn(0x4000, Buffer.from('late'))
    await client.settled()
    await client.permit(at(echo.port))
    server.clock.advance(minutes(5) - 1)
    client.sendOn(0x4000, Buffer.from('permitted'))
    expect((await client.channelData()).text).toBe('echo permitted')
    server.clock.advance(1)
    await client.meet()
    await client.permit(at(echo.port))
    client.sendOn(0x4000, Buffer.from('too late'))
    client.sendTo(at(echo.port), Buffer.from('but permitted'))
    // no channel any more: it comes as an indication
    expect((await client.data()).text).toBe('echo but permitted')
    expect(echo.received).toEqual(['in time', 'permitted', 'but permitted'])
  })

  it('ends an allocation at its greatest age, however often it is refreshed, and with expired credentials until then', async () => {
    const server = await serve({ maxAllocationAgeMs: minutes(25) })
    const client = await dial(server, server.user(60))
    await client.allocate()
    server.clock.advance(minutes(9))
    expect(lifetimeIn((await client.refresh()).message)).toBe(600)
    server.clock.advance(minutes(9))
    await client.meet()
    expect(lifetimeIn((await client.refresh()).message)).toBe(420)
    server.clock.advance(minutes(7))
    await client.meet()
    // expired credentials hold nothing new
    expect((await client.request(methods.allocate, [udpTransport])).code).toBe(401)
    expect(server.server.stats().allocations).toBe(0)
  })

  it('refuses a nonce that is old, or was made for another client', async () => {
    const server = await serve()
    const [client, other] = [await dial(server), await dial(server)]
    await client.allocate()
    await other.meet()
    expect((await client.refresh(600, { nonce: other.nonce })).code).toBe(438)
    server.clock.advance(minutes(9))
    expect((await client.refresh()).code).toBe(0)
    server.clock.advance(minutes(2))
    expect((await client.refresh()).code).toBe(438)
    await client.meet()
    expect((await client.refresh()).code).toBe(0)
  })
})

describe('a request', () => {
  it('may be signed with SHA-256, and the answer is signed alike', async () => {
    const client = await dial(await serve())
    await client.meet()
    const { code, signed } = await client.request(methods.allocate, [udpTransport], { algorithm: 'sha256' })
    expect([code, signed]).toEqual([0, true])
  })

  it.each([
    ['without a transport', [], 400],
    ['for TCP to peers', [{ type: attributeTypes.requestedTransport, value: Buffer.from([6, 0, 0, 0]) }], 442],
    [
      'for a family that is not there',
      [udpTransport, numberAttribute(attributeTypes.requestedAddressFamily, 2 << 24)],
      440,
    ],
    [
      'for a family that does not exist',
      [udpTransport, numberAttribute(attributeTypes.requestedAddressFamily, 7 << 24)],
      440,
    ],
    ['for a pair of ports', [udpTransport, { type: attributeTypes.evenPort, value: Buffer.from([128]) }], 508],
    ['with a token', [udpTransport, { type: attributeTypes.reservationToken, value: Buffer.alloc(8) }], 508],
  ])('to allocate %s is refused', async (_what, attributes, code) => {
    const server = await serve()
    const client = await dial(server)
    await client.meet()
    expect((await client.request(methods.allocate, attributes)).code).toBe(code)
    expect(server.server.stats().allocations).toBe(0)
  })

  it('for a peer of another family is refused, and so is a Refresh for one', async () => {
    const client = await dial(await serve())
    await client.allocate()
    expect((await client.permit(at(9, '2001:db8::1'))).code).toBe(443)
    expect((await client.bind(0x4000, at(9, '2001:db8::1'))).code).toBe(443)
    const six = numberAttribute(attributeTypes.requestedAddressFamily, 2 << 24)
    expect((await client.request(methods.refresh, [six])).code).toBe(443)
  })

  it('that names one forbidden peer among good ones permits none', async () => {
    const client = await dial(await serve())
    const echo = await peer()
    await client.allocate()
    expect((await client.permit(at(echo.port), at(9, '10.0.0.1'))).code).toBe(403)
    client.sendTo(at(echo.port), Buffer.from('coo'))
    await client.settled()
    expect((await client.request(methods.createPermission)).code).toBe(400)
    await client.permit(at(echo.port))
    client.sendTo(at(echo.port), Buffer.from('now'))
    await client.data()
    expect(echo.received).toEqual(['now'])
  })

  it('without an allocation gets 437, and an unknown method 400', async () => {
    const client = await dial(await serve())
    await client.meet()
    for (const method of [methods.refresh, methods.createPermission, methods.channelBind]) {
      expect((await client.request(method)).code).toBe(437)
    }
    await client.allocate()
    expect((await client.request(0x0aa)).code).toBe(400)
  })

  it('whose credentials lack a part is malformed', async () => {
    const client = await dial(await serve())
    await client.meet()
    const key = randomBytes(16)
    const transactionId = randomBytes(12)
    const attributes = [udpTransport, textAttribute(attributeTypes.username, '9999999999:x')]
    client.send(
      encodeMessage(
        { class: 'request', method: methods.allocate, transactionId, attributes },
        { integrity: { algorithm: 'sha1', key } },
      ),
    )
    expect(await client.settled()).toBe(1)
  })
})

describe('bounds', () => {
  it('count allocations of one address and of all, and free the place that is given back', async () => {
    for (const [limits, code] of [
      [{ maxAllocationsPerAddress: 2 }, 486],
      [{ maxAllocations: 2 }, 508],
    ] as const) {
      const server = await serve(limits)
      const [first, second, third] = [await dial(server), await dial(server), await dial(server)]
      await first.allocate()
      await second.allocate()
      await third.meet()
      expect((await third.request(methods.allocate, [udpTransport])).code).toBe(code)
      expect(lifetimeIn((await first.refresh(0)).message)).toBe(0)
      expect((await first.permit(at(9))).code).toBe(437)
      expect((await third.request(methods.allocate, [udpTransport])).code).toBe(0)
    }
  })

  it('count permissions and channels of one allocation, and forget the expired ones', async () => {
    const server = await serve({ maxPermissionsPerAllocation: 1, maxChannelsPerAllocation: 2 })
    const client = await dial(server)
    await client.allocate()
    for (const port of [1, 2]) expect((await client.bind(0x4000 + port, at(port))).code).toBe(0)
    expect((await client.bind(0x4003, at(3))).code).toBe(508)
    await client.refresh(3_600)
    server.clock.advance(minutes(10))
    await client.meet()
    expect((await client.bind(0x4003, at(3))).code).toBe(0)
  })

  it('drop what is above the rate of an allocation, and end it at its total', async () => {
    const server = await serve({ bytesPerSecond: 1_000, maxBytesPerAllocation: 1_700 })
    const client = await dial(server)
    await client.allocate()
    await client.bind(0x4000, at(9))
    for (let sent = 0; sent < 4; sent += 1) client.sendOn(0x4000, Buffer.alloc(300, 97))
    await client.settled()
    // nobody is at that port: what counts is what went out
    expect(server.server.stats().relayedBytes).toBe(900)
    server.clock.advance(1_000)
    client.sendOn(0x4000, Buffer.alloc(800, 98))
    await client.settled()
    expect(server.server.stats().relayedBytes).toBe(1_700)
    expect((await client.refresh()).code).toBe(437)
    expect(server.server.stats().allocations).toBe(0)
  })

  it('drop what is above the rate of all', async () => {
    const server = await serve({ totalBytesPerSecond: 1_000 })
    const echo = await peer()
    for (const client of [await dial(server), await dial(server)]) {
      await client.allocate()
      await client.permit(at(echo.port))
      client.sendTo(at(echo.port), Buffer.alloc(900))
      await client.settled()
    }
    expect(server.server.stats().relayedBytes).toBe(900)
  })

  it('answer strangers at a rate, and known clients all the same', async () => {
    const server = await serve({ strangerBurst: 8, strangersPerSecond: 1 })
    const known = await dial(server)
    await known.allocate()
    const stranger = await dial(server)
    for (let sent = 0; sent < 50; sent += 1) stranger.send(binding())
    // a known client's messages come later: by then the stranger's have been dropped
    expect((await known.refresh()).code).toBe(0)
    expect(server.server.stats().droppedMessages).toBeGreaterThan(40)
    server.clock.advance(1_000)
    expect((await stranger.request(methods.binding, [], { user: undefined })).code).toBe(0)
  })

  it('let no message above their size through', async () => {
    const server = await serve({ maxRequestBytes: 200, maxMessageBytes: 1_000 })
    const client = await dial(server)
    const filler = { type: 0x8abc, value: Buffer.alloc(400) }
    client.send(encodeMessage({ class: 'request', method: 1, transactionId: randomBytes(12), attributes: [filler] }))
    expect(await client.settled()).toBe(0)
    const stream = await dial(server, undefined, 'tcp')
    stream.send(Buffer.from([0x40, 0, 0x10, 0]))
    expect(await stream.ended()).toBe(true)
  })

  it('never answer a stranger with more than the challenge needs', async () => {
    const client = await dial(await serve())
    const { message } = await client.meet()
    // header, ERROR-CODE, REALM, NONCE
    expect(message.bytes.length).toBe(20 + 8 + 12 + 20)
    const { message: mapped } = await client.request(methods.binding, [], { user: undefined })
    expect(mapped.bytes.length).toBe(32)
  })
})

const binding = (): Buffer =>
  encodeMessage({ class: 'request', method: methods.binding, transactionId: randomBytes(12), attributes: [] })

describe('streams', () => {
  it('that say nothing useful are ended, those with an allocation are kept', async () => {
    const server = await serve({ idleStreamMs: 1_000 })
    const [idle, used] = [await dial(server, undefined, 'tcp'), await dial(server, undefined, 'tcp')]
    await used.allocate()
    await idle.meet()
    server.clock.advance(1_000)
    expect(await idle.ended()).toBe(true)
    expect((await used.refresh()).code).toBe(0)
  })

  it('take their allocation with them', async () => {
    const server = await serve()
    const client = await dial(server, undefined, 'tcp')
    await client.allocate()
    await client.close()
    await expect.poll(() => server.server.stats().allocations).toBe(0)
  })

  it('are bounded for one address', async () => {
    const server = await serve({ maxStreamsPerAddress: 1 })
    const [first, second] = [await dial(server, undefined, 'tcp'), await dial(server, undefined, 'tcp')]
    expect(await second.ended()).toBe(true)
    expect((await first.request(methods.binding, [], { user: undefined })).code).toBe(0)
  })

  it('are ended when they are no STUN', async () => {
    const client = await dial(await serve(), undefined, 'tcp')
    client.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    expect(await client.ended()).toBe(true)
  })
})

describe('garbage', () => {
  it('of any kind, from strangers and clients, is survived', async () => {
    const server = await serve({ strangerBurst: 1e6, strangersPerSecond: 1e6, totalStrangerBurst: 1e6 })
    const [stranger, client] = [await dial(server), await dial(server)]
    const relayed = await client.allocate()
    const attribute = fc.record({
      type: fc.oneof(fc.constantFrom(...Object.values(attributeTypes)), fc.nat(0xffff)),
      value: fc.uint8Array({ maxLength: 24 }),
    })
    const message = fc
      .record({
        class: fc.constantFrom('request' as const, 'indication' as const, 'success' as const, 'error' as const),
        method: fc.oneof(fc.constantFrom(...Object.values(methods)), fc.nat(0xfff)),
        transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }),
        attributes: fc.array(attribute, { maxLength: 8 }),
      })
      .map((content) => encodeMessage(content))
    const channelLike = fc.uint8Array({ maxLength: 60 }).map((rest) => Buffer.from([0x40, ...rest]))
    for (const bytes of fc.sample(fc.oneof(message, channelLike, fc.uint8Array({ maxLength: 100 })), 3_000)) {
      stranger.send(bytes)
      client.send(bytes)
    }
    expect((await stranger.request(methods.binding, [], { user: undefined })).code).toBe(0)
    await client.meet()
    expect((await client.refresh()).code).toBe(0)
    expect(server.server.stats().allocations).toBe(1)
    expect(relayed.port).toBeGreaterThan(0)
  })
})

describe('closing', () => {
  it('leaves no socket and no timer', async () => {
    const open = () => process.getActiveResourcesInfo().filter((kind) => /UDP|TCP/.test(kind)).length
    await expect.poll(open).toBe(0)
    const server = await serve()
    const [udp, tcp] = [await dial(server), await dial(server, undefined, 'tcp')]
    await udp.allocate()
    await tcp.allocate()
    // two listeners, two relay sockets, both ends of the stream, the client's own socket
    expect(open()).toBe(7)
    await server.close()
    expect(await tcp.ended()).toBe(true)
    await Promise.all([udp.close(), tcp.close()])
    closers.length = 0
    expect(server.clock.pending).toBe(0)
    await expect.poll(open).toBe(0)
  })
})
