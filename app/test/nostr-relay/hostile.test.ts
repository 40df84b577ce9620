import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  Person,
  startNostrRelay,
  startSeconds,
  wrapFor,
  type RawClient,
  type RelayFixture,
  saying,
} from './relay-fixture.ts'

let fixture: RelayFixture
beforeEach(async () => {
  fixture = await startNostrRelay()
})
afterEach(() => fixture.close())

/** The relay still serves others. */
async function serves(): Promise<void> {
  const client = await fixture.client()
  const event = new Person().signs({ kind: 1 })
  expect(await client.publish(event)).toEqual({ accepted: true, reason: '' })
  expect(await client.query('s', { ids: [event.id] })).toEqual([event.id])
}

const key = 'a'.repeat(64)

describe('garbage', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '["REQ"'],
    ['two texts', '[] []'],
    ['an object', '{"0":"REQ"}'],
    ['a number', '7'],
    ['null', 'null'],
    ['an empty array', '[]'],
    ['an unknown verb', '["COUNT","s",{}]'],
    ['a verb that is an array', '[["EVENT"]]'],
    ['an inherited verb', '["constructor",{}]'],
    ['EVENT without an event', '["EVENT"]'],
    ['EVENT with two', '["EVENT",{},{}]'],
    ['EVENT of null', '["EVENT",null]'],
    ['an event without an id', '["EVENT",{"kind":1}]'],
    ['AUTH with a text', '["AUTH","x"]'],
    ['REQ without a name', '["REQ"]'],
    ['an empty name', '["REQ","",{}]'],
    ['a long name', JSON.stringify(['REQ', 'x'.repeat(65), {}])],
    ['a name that is a number', '["REQ",1,{}]'],
    ['CLOSE of two', '["CLOSE","a","b"]'],
    ['nested deep', `["REQ","s",${'['.repeat(60_000)}${']'.repeat(60_000)}]`],
    ['nested deep and never closed', '{"a":'.repeat(20_000)],
    ['half a character', '["REQ","\\ud83d",{}]'],
    ['the other half', '["REQ","\\uDD4A\\uD83D",{}]'],
  ])('%s is answered with a notice', async (_name, text) => {
    const client = await fixture.client()
    client.socket.send(text)
    expect(await client.next('NOTICE')).toEqual(['NOTICE', saying(/^(invalid|unsupported): /)])
    await serves()
  })

  test('escaped characters beyond the first plane are text like any other', async () => {
    const client = await fixture.client()
    client.socket.send('["REQ","\\ud83d\\udd4a \\\\ud83d",{}]')
    expect(await client.next('EOSE')).toEqual(['EOSE', '\u{1f54a} \\ud83d'])
  })

  test('who goes on with it is closed', async () => {
    const client = await fixture.client()
    for (let nth = 0; nth < 17; nth++) client.socket.send('?')
    expect(await client.closed).toBe(1008)
    expect(fixture.relay.stats()).toMatchObject({ dropped: 1, connections: 0 })
  })

  test('binary messages close, and so does what is no UTF-8', async () => {
    const [one, two] = [await fixture.client(), await fixture.client()]
    one.socket.send(Buffer.from('["REQ","s",{}]'))
    expect(await one.closed).toBe(1003)
    two.socket.send(Buffer.from([0x5b, 0xff, 0xfe]), { binary: false })
    expect(await two.closed).toBe(1007)
    await serves()
  })

  test('a message beyond the bound closes, whole or in pieces', async () => {
    const [one, two] = [await fixture.client(), await fixture.client()]
    one.socket.send(JSON.stringify(['EVENT', 'x'.repeat(147_456)]))
    expect(await one.closed).toBe(1009)
    for (let nth = 0; nth < 20; nth++) two.socket.send('x'.repeat(10_000), { fin: false })
    expect(await two.closed).toBe(1009)
    await serves()
  })

  test.each<[string, (event: Record<string, unknown>) => unknown]>([
    ['an id in capitals', (event) => ({ ...event, id: String(event['id']).toUpperCase() })],
    ['a kind out of range', (event) => ({ ...event, kind: 65_536 })],
    ['a kind that is no whole number', (event) => ({ ...event, kind: 1.5 })],
    ['a time below zero', (event) => ({ ...event, created_at: -1 })],
    ['a time as text', (event) => ({ ...event, created_at: '1700000000' })],
    ['a tag that is no list', (event) => ({ ...event, tags: ['p'] })],
    ['a tag of numbers', (event) => ({ ...event, tags: [[1]] })],
    ['an empty tag', (event) => ({ ...event, tags: [[]] })],
    ['content that is an object', (event) => ({ ...event, content: {} })],
    ['a short signature', (event) => ({ ...event, sig: 'ab' })],
    ['a signature of zeros', (event) => ({ ...event, sig: '0'.repeat(128) })],
    ['an impossible key', (event) => ({ ...event, pubkey: 'f'.repeat(64) })],
    ['too many tags', (event) => ({ ...event, tags: Array.from({ length: 1_025 }, () => ['t', 'x']) })],
    ['fields of a prototype', ({ id }) => ({ id, __proto__: null, toString: 1 })],
  ])('an event with %s is refused', async (_name, spoil) => {
    const client = await fixture.client()
    client.say('EVENT', spoil({ ...new Person().signs({ kind: 1 }) }))
    expect(await client.next(['OK', 'NOTICE'])).toContainEqual(saying(/^invalid: /))
    expect(fixture.relay.stats().storedEvents).toBe(0)
    await serves()
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['an unknown field', { search: 'x' }],
    ['an inherited field', JSON.parse('{"__proto__":[]}')],
    ['a short id', { ids: ['ab'] }],
    ['an author in capitals', { authors: ['A'.repeat(64)] }],
    ['a short #p', { '#p': ['ab'] }],
    ['a tag name of two letters', { '#pp': [key] }],
    ['a tag of numbers', { '#t': [1] }],
    ['a tag value with a NUL', { '#t': ['a\0b'] }],
    ['a kind as text', { kinds: ['1'] }],
    ['kinds that are no list', { kinds: 1 }],
    ['a kind out of range', { kinds: [65_536] }],
    ['since that is no number', { since: 'now' }],
    ['a negative limit', { limit: -1 }],
    ['a broken limit', JSON.parse('{"limit":1e400}')],
    ['too many values', { kinds: Array.from({ length: 1_025 }, (_, kind) => kind) }],
    ['too many tag conditions', { '#a': ['x'], '#b': ['x'], '#c': ['x'], '#d': ['x'], '#f': ['x'] }],
  ])('a filter that is or has %s is refused', async (_name, filter) => {
    const client = await fixture.client()
    client.say('REQ', 's', filter)
    expect(await client.next('CLOSED', 's')).toEqual(['CLOSED', 's', saying(/^(invalid|unsupported): /)])
    expect(fixture.relay.stats().subscriptions).toBe(0)
  })

  test('a filter whose list is empty matches nothing', async () => {
    const client = await fixture.client()
    await client.publish(new Person().signs({ kind: 1, tags: [['t', 'x']] }))
    for (const filter of [{ ids: [] }, { authors: [] }, { kinds: [] }, { '#t': [] }])
      expect(await client.query('s', filter)).toEqual([])
    await client.publish(new Person().signs({ kind: 1, tags: [['t', 'x']] }))
    expect(await client.settled()).toEqual([['AUTH', expect.any(String)]])
  })

  test('SQL in a value stays a value', async () => {
    const client = await fixture.client()
    const value = `x'); DROP TABLE events; --`
    const event = new Person().signs({ kind: 1, tags: [['t', value]] })
    await client.publish(event)
    expect(await client.query('s', { '#t': [value] })).toEqual([event.id])
    await serves()
  })

  test('a NUL in a tag or in the content changes nothing', async () => {
    const client = await fixture.client()
    const event = new Person().signs({ kind: 1, content: 'a\0b', tags: [['t', 'a\0b']] })
    expect(await client.publish(event)).toMatchObject({ accepted: true })
    expect(await client.query('none', { '#t': ['a'] })).toEqual([])
    client.say('REQ', 's', { ids: [event.id] })
    expect((await client.next('EVENT', 's'))[2]).toEqual(JSON.parse(JSON.stringify(event)))
    expect(await client.publish(new Person().signs({ kind: 30_000, tags: [['d', 'a\0b']] }))).toMatchObject({
      accepted: false,
    })
  })
})

describe('limits', () => {
  async function restart(
    limits: NonNullable<Parameters<typeof startNostrRelay>[0]>['limits'] = {},
  ): Promise<RawClient> {
    await fixture.close()
    fixture = await startNostrRelay({ limits })
    return fixture.client()
  }

  test('subscriptions of a connection, filters of a request, values of a connection', async () => {
    const client = await restart({
      maxSubscriptionsPerConnection: 2,
      maxFiltersPerRequest: 2,
      maxValuesPerConnection: 10,
    })
    client.say('REQ', 'f', {}, {}, {})
    expect(await client.next('CLOSED', 'f')).toEqual(['CLOSED', 'f', 'invalid: too many filters'])
    client.say('REQ', 'v', { kinds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
    expect(await client.next('CLOSED', 'v')).toEqual(['CLOSED', 'v', 'rate-limited: too many filter values'])
    await client.query('a', {})
    await client.query('b', {})
    await client.query('b', {})
    client.say('REQ', 'c', {})
    expect(await client.next('CLOSED', 'c')).toEqual(['CLOSED', 'c', 'rate-limited: too many subscriptions'])
    client.say('CLOSE', 'a')
    await client.query('c', {})
  })

  test('filter values of all connections', async () => {
    const client = await restart({ maxValues: 3 })
    await client.query('a', { kinds: [1, 2] })
    const other = await fixture.client()
    other.say('REQ', 'b', {})
    expect(await other.next('CLOSED', 'b')).toEqual(['CLOSED', 'b', 'rate-limited: the relay is full'])
    client.socket.terminate()
    await client.closed
    await expect.poll(() => fixture.relay.stats().subscriptions).toBe(0)
    await other.query('b', {})
  })

  test('stored events of an answer', async () => {
    const client = await restart({ maxLimit: 2 })
    for (let nth = 0; nth < 3; nth++) await client.publish(new Person().signs({ kind: 1 }))
    expect(await client.query('a', {})).toHaveLength(2)
    expect(await client.query('b', { limit: 1_000_000 })).toHaveLength(2)
  })

  test('events of an address: refused with their id, and taken again later', async () => {
    const client = await restart({ eventBurst: 3, eventsPerSecond: 1, penaltyMs: 5 })
    const publish = () => client.publish(new Person().signs({ kind: 1 }))
    for (let nth = 0; nth < 3; nth++) expect(await publish()).toMatchObject({ accepted: true })
    const limited = { accepted: false, reason: saying(/^rate-limited: /) }
    expect(await publish()).toMatchObject(limited)
    const neighbour = await fixture.client()
    expect(await neighbour.publish(new Person().signs({ kind: 1 }))).toMatchObject(limited)
    fixture.clock.advance(1_000)
    expect(await publish()).toMatchObject({ accepted: true })
  })

  test('events of all addresses together', async () => {
    const client = await restart({ totalEventBurst: 1, totalEventsPerSecond: 1 })
    const publish = () => client.publish(new Person().signs({ kind: 1 }))
    expect(await publish()).toMatchObject({ accepted: true })
    expect(await publish()).toMatchObject({ accepted: false, reason: saying(/^rate-limited: /) })
  })

  test('time that the requests of an address take', async () => {
    await fixture.close()
    let nowMs = startSeconds * 1_000
    // Whatever is done takes 10 ms by this clock.
    const clock = { now: () => (nowMs += 10), after: () => () => undefined }
    fixture = await startNostrRelay({ clock, limits: { workBurstMs: 100, workMsPerSecond: 0, requestsPerSecond: 0 } })
    const client = await fixture.client()
    const answers: unknown[] = []
    for (let nth = 0; nth < 12 && !answers.includes('CLOSED'); nth++) {
      client.say('REQ', 's', {})
      answers.push((await client.next(['EOSE', 'CLOSED']))[0])
    }
    expect(answers).toContain('EOSE')
    expect(answers.at(-1)).toBe('CLOSED')
  })

  test('requests of an address', async () => {
    const client = await restart({ requestBurst: 2, requestsPerSecond: 1 })
    await client.query('a', {})
    await client.query('b', {})
    client.say('REQ', 'c', {})
    expect(await client.next('CLOSED', 'c')).toEqual(['CLOSED', 'c', saying(/^rate-limited: /)])
    // It is not read for a while.
    client.say('CLOSE', 'a')
    await (await fixture.client()).settled()
    expect(fixture.relay.stats().subscriptions).toBe(2)
    fixture.clock.advance(1_000)
    await client.query('c', {})
  })

  test('bytes of an address', async () => {
    const client = await restart({ byteBurst: 2_000, bytesPerSecond: 1_000 })
    const event = () => new Person().signs({ kind: 1, content: 'x'.repeat(1_200) })
    expect(await client.publish(event())).toMatchObject({ accepted: true })
    expect(await client.publish(event())).toMatchObject({ accepted: false, reason: saying(/^rate/) })
  })

  test('mail from one address to one recipient; others are not affected', async () => {
    const client = await restart({ mailBurst: 2, mailPerSecond: 1, penaltyMs: 0 })
    const [victim, other] = [new Person(), new Person()]
    for (let nth = 0; nth < 2; nth++) expect(await client.publish(wrapFor(victim))).toMatchObject({ accepted: true })
    expect(await client.publish(wrapFor(victim))).toMatchObject({
      accepted: false,
      reason: saying(/^rate/),
    })
    fixture.clock.advance(0)
    expect(await client.publish(wrapFor(other))).toMatchObject({ accepted: true })
    fixture.clock.advance(1_000)
    expect(await client.publish(wrapFor(victim))).toMatchObject({ accepted: true })
  })

  test('connections of an address, and of all', async () => {
    await restart({ maxConnectionsPerAddress: 2 })
    const second = await fixture.client()
    await expect(fixture.client()).rejects.toThrow('429')
    second.socket.terminate()
    await expect.poll(() => fixture.relay.stats().connections).toBe(1)
    await fixture.client()
    await restart({ maxConnections: 1 })
    await expect(fixture.client()).rejects.toThrow('503')
    await restart({ connectionBurst: 1, connectionsPerSecond: 1 })
    await expect(fixture.client()).rejects.toThrow('429')
  })

  test('a mailbox that is full forgets its oldest; other mailboxes keep all', async () => {
    const client = await restart({ maxStoredPerRecipient: 3 })
    const [flooded, quiet] = [new Person(), new Person()]
    await client.prove(flooded, fixture.url)
    await client.prove(quiet, fixture.url)
    const kept = wrapFor(quiet, { created_at: startSeconds - 1_000 })
    await client.publish(kept)
    // Dates that a flooder chooses do not save its events.
    const wraps = [5, 1, 2, 3, 4].map((age) => wrapFor(flooded, { created_at: startSeconds - 10 + age }))
    for (const wrap of wraps) await client.publish(wrap)
    const found = await client.query('s', { kinds: [1059], '#p': [flooded.key] })
    expect(found.toSorted()).toEqual(
      wraps
        .slice(2)
        .map(({ id }) => id)
        .toSorted(),
    )
    expect(await client.query('s', { '#p': [quiet.key] })).toEqual([kept.id])
  })

  test('a store that is full, by number or bytes, forgets its oldest; lists and mail do not push each other out', async () => {
    const client = await restart({ maxStoredEvents: 2, maxReplaceableEvents: 2 })
    const inbox = new Person().signs({ kind: 10_050 })
    await client.publish(inbox)
    const events = Array.from({ length: 4 }, (_, nth) =>
      new Person().signs({ kind: 1, created_at: startSeconds - nth }),
    )
    for (const event of events) await client.publish(event)
    expect(await client.query('a', { kinds: [1] })).toEqual(events.slice(2).map(({ id }) => id))
    expect(await client.query('b', { kinds: [10_050] })).toEqual([inbox.id])
    for (let nth = 0; nth < 2; nth++) await client.publish(new Person().signs({ kind: 10_050 }))
    expect(await client.query('c', { ids: [inbox.id] })).toEqual([])
    expect(fixture.relay.stats().storedEvents).toBe(4)

    const small = await restart({ maxStoredBytes: 5_000 })
    for (let nth = 0; nth < 5; nth++) await small.publish(new Person().signs({ kind: 1, content: 'x'.repeat(2_000) }))
    expect(fixture.relay.stats().storedBytes).toBeLessThanOrEqual(5_000)
    expect(fixture.relay.stats().storedEvents).toBe(2)
  })

  test('what is kept too long is forgotten; lists stay', async () => {
    const client = await restart({ retentionMs: 3_600_000 })
    await client.publish(new Person().signs({ kind: 1 }))
    await client.publish(new Person().signs({ kind: 10_050 }))
    fixture.clock.advance(3_500_000)
    expect(fixture.relay.stats().storedEvents).toBe(2)
    fixture.clock.advance(200_000)
    expect(fixture.relay.stats().storedEvents).toBe(1)
  })

  test('a sweep of much goes in steps', async () => {
    const client = await restart({ retentionMs: 10_000 })
    for (let nth = 0; nth < 150; nth++) client.say('EVENT', new Person().signs({ kind: 1 }))
    await client.settled()
    fixture.clock.advance(60_000)
    expect(fixture.relay.stats().storedEvents).toBe(150 - 64)
    fixture.clock.advance(100)
    expect(fixture.relay.stats().storedEvents).toBe(0)
  })
})

describe('time', () => {
  test('who does not answer a ping is dropped; who does stays', async () => {
    const [dead, alive] = [await fixture.client(), await fixture.client()]
    await Promise.all([dead.settled(), alive.settled()])
    await alive.query('s', {})
    const pinged = [once(alive.socket, 'ping')]
    dead.socket.pause()
    fixture.clock.advance(30_000)
    await Promise.all(pinged)
    await alive.settled()
    fixture.clock.advance(30_000)
    await alive.settled()
    expect(fixture.relay.stats()).toMatchObject({ connections: 1, dropped: 1 })
    // It does not take the close either.
    fixture.clock.advance(5_000)
    dead.socket.resume()
    expect([1006, 1008]).toContain(await dead.closed)
  })

  test('a frame that comes byte by byte does not count as a life sign', async () => {
    const client = await fixture.client()
    await client.settled()
    const { hostname, port } = new URL(fixture.url)
    const loris = connect(Number(port), hostname)
    loris.on('error', () => undefined)
    const head = `GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`
    loris.write(head)
    await once(loris, 'data')
    const ended = once(loris, 'close')
    // A masked text frame of 120,000 bytes.
    loris.write(Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0xd4, 0xc0, 1, 2, 3, 4]))
    for (let nth = 0; nth < 2; nth++) {
      loris.write('x')
      await client.settled()
      fixture.clock.advance(30_000)
      await client.settled()
    }
    expect(fixture.relay.stats().dropped).toBe(1)
    fixture.clock.advance(5_000)
    await ended
    await serves()
  })

  test('a connection without purpose is closed, one with a subscription is not', async () => {
    const [idle, waiting] = [await fixture.client(), await fixture.client()]
    await waiting.query('s', {})
    await idle.settled()
    for (let nth = 0; nth < 21; nth++) {
      const pings = [idle, waiting]
        .filter(({ socket }) => socket.readyState === socket.OPEN)
        .map(({ socket }) => once(socket, 'ping'))
      fixture.clock.advance(30_000)
      await Promise.race([Promise.all(pings), idle.closed])
      await waiting.settled()
    }
    expect(await idle.closed).toBe(1000)
    expect(fixture.relay.stats()).toMatchObject({ connections: 1, dropped: 0 })
  })

  test('pings are answered', async () => {
    const client = await fixture.client()
    client.socket.ping()
    await once(client.socket, 'pong')
  })
})

describe('slow readers', () => {
  test('who does not take live events is given up; the writer and others go on', async () => {
    await fixture.close()
    fixture = await startNostrRelay({ limits: { maxBacklogBytes: 300_000 } })
    const [slow, quick, writer] = [await fixture.client(), await fixture.client(), await fixture.client()]
    await slow.query('s', { kinds: [20_001] })
    await quick.query('s', { kinds: [20_001] })
    slow.socket.pause()
    const content = 'x'.repeat(100_000)
    let sent = 0
    while (fixture.relay.stats().connections === 3 && sent < 200) {
      expect(await writer.publish(new Person().signs({ kind: 20_001, content }))).toMatchObject({ accepted: true })
      sent += 1
    }
    expect(fixture.relay.stats()).toMatchObject({ connections: 2, dropped: 1 })
    for (let nth = 0; nth < sent; nth++) await quick.next('EVENT', 's')
    slow.socket.resume()
    expect(await slow.closed).toBe(1006)
  })

  test('stored events wait until they are taken, and none is lost', async () => {
    const [writer, reader] = [await fixture.client(), await fixture.client()]
    const content = 'x'.repeat(100_000)
    for (let nth = 0; nth < 100; nth++) await writer.publish(new Person().signs({ kind: 1, content }))
    reader.socket.pause()
    reader.say('REQ', 's', {})
    await writer.settled()
    await serves()
    const { delivered, dropped } = fixture.relay.stats()
    expect(delivered).toBeLessThan(100)
    expect(dropped).toBe(0)
    reader.socket.resume()
    for (let nth = 0; nth < 100; nth++) await reader.next('EVENT', 's')
    await reader.next('EOSE', 's')
  })

  test('who asks and does not read is not read either', async () => {
    const [writer, greedy] = [await fixture.client(), await fixture.client()]
    const content = 'x'.repeat(100_000)
    for (let nth = 0; nth < 60; nth++) await writer.publish(new Person().signs({ kind: 1, content }))
    greedy.socket.pause()
    for (let nth = 0; nth < 300; nth++) greedy.say('REQ', `s${String(nth % 60)}`, {})
    await serves()
    expect(fixture.relay.stats().subscriptions).toBeLessThan(20)
    expect(fixture.relay.stats().dropped).toBe(0)
  })

  test('above the bound of all backlogs, whoever is held back goes', async () => {
    await fixture.close()
    fixture = await startNostrRelay({ limits: { maxTotalBacklogBytes: 300_000, holdAtBytes: 200_000 } })
    const [slow, writer] = [await fixture.client(), await fixture.client()]
    await slow.query('s', { kinds: [20_001] })
    slow.socket.pause()
    for (let sent = 0; fixture.relay.stats().connections === 2 && sent < 200; sent++)
      await writer.publish(new Person().signs({ kind: 20_001, content: 'x'.repeat(100_000) }))
    expect(fixture.relay.stats()).toMatchObject({ connections: 1, dropped: 1 })
  })
})

test('a handshake that is no WebSocket is refused, and its place is free again', async () => {
  await fixture.close()
  fixture = await startNostrRelay({ limits: { maxConnectionsPerAddress: 1 } })
  const { hostname, port } = new URL(fixture.url)
  const socket = connect(Number(port), hostname)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 400 /)
  socket.destroy()
  await expect
    .poll(() =>
      fixture.client().then(
        () => true,
        () => false,
      ),
    )
    .toBe(true)
})

test('closing tells clients, and refuses new ones', async () => {
  const client = await fixture.client()
  const closing = fixture.relay.close()
  expect(await client.closed).toBe(1001)
  await closing
  await expect(fixture.client()).rejects.toThrow('503')
})
