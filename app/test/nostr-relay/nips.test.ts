import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { privateMessagesOnly } from '../../src/nostr-relay/index.ts'
import { Person, startNostrRelay, startSeconds, wrapFor, type RelayFixture, saying } from './relay-fixture.ts'

let fixture: RelayFixture
beforeEach(async () => {
  fixture = await startNostrRelay()
})
afterEach(() => fixture.close())

const accepted = { accepted: true, reason: '' }

describe('NIP-01: events and subscriptions', () => {
  test('an event is stored, found, and told once to those who wait for it', async () => {
    const [writer, reader] = [await fixture.client(), await fixture.client()]
    const author = new Person()
    expect(await reader.query('s', { authors: [author.key] })).toEqual([])
    const event = author.signs({ kind: 1, content: 'hello "\\ \u{1f54a}' })
    expect(await writer.publish(event)).toEqual(accepted)
    expect(await reader.next('EVENT', 's')).toEqual(['EVENT', 's', JSON.parse(JSON.stringify(event))])
    expect(await reader.query('t', { ids: [event.id] }, { kinds: [1] })).toEqual([event.id])
    expect(await writer.publish(event)).toMatchObject({ accepted: true, reason: saying(/^duplicate: /) })
    expect((await reader.settled()).filter(([type]) => type === 'EVENT')).toEqual([])
  })

  test('nothing that the client adds to an event is passed on', async () => {
    const client = await fixture.client()
    const event = new Person().signs({ kind: 1 })
    await client.publish({ ...event, tracker: 'x' })
    client.say('REQ', 's', {})
    expect(Object.keys((await client.next('EVENT', 's'))[2] as object).sort()).toEqual([
      'content',
      'created_at',
      'id',
      'kind',
      'pubkey',
      'sig',
      'tags',
    ])
  })

  test('a forged id, signature, author or content is refused, also under the id of a stored event', async () => {
    const client = await fixture.client()
    const event = new Person().signs({ kind: 1, content: 'a' })
    const forged = [
      { ...event, content: 'b' },
      { ...event, sig: event.sig.replace(/^../, (pair) => (pair === '00' ? '01' : '00')) },
      { ...event, pubkey: new Person().key },
      { ...event, id: 'f'.repeat(64) },
    ]
    for (const stored of [false, true]) {
      if (stored) await client.publish(event)
      for (const one of forged)
        expect(await client.publish(one)).toEqual({ accepted: false, reason: 'invalid: bad id or signature' })
    }
    expect(await client.query('s', {})).toEqual([event.id])
  })

  test('stored events come newest first, by equal time the lowest id first, limited', async () => {
    const client = await fixture.client()
    const author = new Person()
    const events = [3, 1, 2, 2, 2].map((age, nth) =>
      author.signs({ kind: 1, content: String(nth), created_at: startSeconds - age }),
    )
    for (const event of events) await client.publish(event)
    const sorted = events.toSorted((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1)).map(({ id }) => id)
    expect(await client.query('s', { authors: [author.key] })).toEqual(sorted)
    expect(await client.query('s', { authors: [author.key], limit: 3 })).toEqual(sorted.slice(0, 3))
    expect(await client.query('s', { authors: [author.key], limit: 0 })).toEqual([])
  })

  test('a request replaces the one of the same name, CLOSE ends it, names are per connection', async () => {
    const [one, two] = [await fixture.client(), await fixture.client()]
    await one.query('s', { kinds: [1] })
    await one.query('s', { kinds: [2] })
    await two.query('s', { kinds: [1] })
    await one.publish(new Person().signs({ kind: 1 }))
    expect(await two.next('EVENT', 's')).toBeDefined()
    expect((await one.settled()).filter(([type]) => type === 'EVENT')).toEqual([])
    two.say('CLOSE', 's')
    await two.settled()
    await one.publish(new Person().signs({ kind: 1 }))
    expect(await two.settled()).toEqual([])
    expect(fixture.relay.stats().subscriptions).toBe(1)
  })

  test('the newest of a replaceable event is kept; by equal time the lowest id', async () => {
    const client = await fixture.client()
    const author = new Person()
    const at = (created_at: number, content: string) => author.signs({ kind: 10_050, created_at, content })
    const old = at(startSeconds - 400 * 86_400, 'old')
    expect(await client.publish(old)).toEqual(accepted)
    const [low, high] = [at(startSeconds, 'a'), at(startSeconds, 'b')].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    await client.publish(high)
    await client.publish(low)
    expect(await client.publish(high)).toMatchObject({ accepted: true, reason: saying(/^duplicate: /) })
    await client.publish(old)
    expect(await client.query('s', { kinds: [10_050] })).toEqual([low?.id])
  })

  test('addressable events are kept by their d tag', async () => {
    const client = await fixture.client()
    const author = new Person()
    const at = (created_at: number, d?: string) =>
      author.signs({ kind: 30_023, created_at, tags: d === undefined ? [] : [['d', d]] })
    const [first, second, other, none] = [
      at(startSeconds - 2, 'x'),
      at(startSeconds - 1, 'x'),
      at(startSeconds, 'y'),
      at(startSeconds - 3),
    ]
    for (const event of [first, second, other, none]) await client.publish(event)
    expect(await client.query('s', { kinds: [30_023] })).toEqual([other.id, second.id, none.id])
    expect(await client.query('s', { '#d': ['x'] })).toEqual([second.id])
  })

  test('an ephemeral event reaches those who are there and is not stored', async () => {
    const [writer, reader] = [await fixture.client(), await fixture.client()]
    await reader.query('s', { kinds: [20_001] })
    const event = new Person().signs({ kind: 20_001 })
    expect(await writer.publish(event)).toEqual(accepted)
    expect((await reader.next('EVENT', 's'))[2]).toMatchObject({ id: event.id })
    expect(await reader.query('t', { kinds: [20_001] })).toEqual([])
    expect(fixture.relay.stats().storedEvents).toBe(0)
  })

  test('an event of another time is refused; a replaceable one may be old', async () => {
    const client = await fixture.client()
    const author = new Person()
    const year = 365 * 86_400
    for (const created_at of [startSeconds + year, startSeconds - year])
      expect(await client.publish(author.signs({ kind: 1, created_at }))).toMatchObject({
        accepted: false,
        reason: saying(/^invalid: created_at/),
      })
    expect(await client.publish(author.signs({ kind: 10_002, created_at: startSeconds + year }))).toMatchObject({
      accepted: false,
    })
    expect(await client.publish(author.signs({ kind: 20_001, created_at: startSeconds - 4 * 86_400 }))).toMatchObject({
      accepted: false,
    })
    expect(await client.publish(author.signs({ kind: 10_002, created_at: startSeconds - year }))).toEqual(accepted)
  })

  test('an event that matches two filters comes once', async () => {
    const client = await fixture.client()
    const event = new Person().signs({
      kind: 1,
      tags: [
        ['t', 'a'],
        ['t', 'b'],
      ],
    })
    await client.query('s', { kinds: [1] }, { authors: [event.pubkey] }, { '#t': ['a', 'b'] })
    await client.publish(event)
    expect(await client.query('t', { kinds: [1] }, { '#t': ['a', 'b'] })).toEqual([event.id])
    expect((await client.settled()).filter(([type]) => type === 'EVENT')).toHaveLength(1)
  })
})

describe('NIP-09: deletion', () => {
  test('the author deletes by id, and the deleted does not come back', async () => {
    const client = await fixture.client()
    const author = new Person()
    const event = author.signs({ kind: 1 })
    await client.publish(event)
    expect(await client.publish(new Person().signs({ kind: 5, tags: [['e', event.id]] }))).toEqual(accepted)
    expect(await client.query('s', { kinds: [1] })).toEqual([event.id])
    await client.publish(author.signs({ kind: 5, tags: [['e', event.id]] }))
    expect(await client.query('s', { kinds: [1] })).toEqual([])
    expect(await client.publish(event)).toMatchObject({ accepted: false, reason: saying(/^blocked: /) })
  })

  test('by address up to the time of the deletion', async () => {
    const client = await fixture.client()
    const author = new Person()
    const version = (created_at: number) => author.signs({ kind: 30_023, created_at, tags: [['d', 'x:y']] })
    await client.publish(version(startSeconds - 10))
    const address = ['a', `30023:${author.key}:x:y`]
    await client.publish(new Person().signs({ kind: 5, tags: [address] }))
    expect(await client.query('s', { kinds: [30_023] })).toHaveLength(1)
    await client.publish(author.signs({ kind: 5, tags: [address], created_at: startSeconds - 5 }))
    expect(await client.query('s', { kinds: [30_023] })).toEqual([])
    expect(await client.publish(version(startSeconds - 6))).toMatchObject({ accepted: false })
    expect(await client.publish(version(startSeconds - 4))).toEqual(accepted)
  })

  test('a deletion cannot be deleted', async () => {
    const client = await fixture.client()
    const author = new Person()
    const deletion = author.signs({ kind: 5, tags: [['e', 'a'.repeat(64)]] })
    await client.publish(deletion)
    await client.publish(author.signs({ kind: 5, tags: [['e', deletion.id]] }))
    expect(await client.query('s', { ids: [deletion.id] })).toEqual([deletion.id])
  })

  test('NIP-59: the recipient deletes a gift wrap, its throw-away author too, nobody else', async () => {
    const client = await fixture.client()
    const reader = new Person()
    await client.prove(reader, fixture.url)
    const wrap = wrapFor(reader)
    await client.publish(wrap)
    await client.publish(new Person().signs({ kind: 5, tags: [['e', wrap.id]] }))
    expect(await client.query('s', { kinds: [1059] })).toEqual([wrap.id])
    await client.publish(reader.signs({ kind: 5, tags: [['e', wrap.id]] }))
    expect(await client.query('s', { kinds: [1059] })).toEqual([])
    expect(await client.publish(wrap)).toMatchObject({ accepted: false })
  })
})

test('NIP-11: the information document says what is enforced', () => {
  expect(fixture.relay.information('pigeon.example')).toMatchObject({
    supported_nips: [1, 9, 11, 17, 40, 42, 59, 70],
    limitation: { max_message_length: 147_456, max_subid_length: 64, restricted_writes: false, auth_required: false },
  })
})

describe('NIP-40: expiration', () => {
  test('the expired is refused, no longer served, and thrown away', async () => {
    const client = await fixture.client()
    const lasting = (seconds: string) => new Person().signs({ kind: 1, tags: [['expiration', seconds]] })
    expect(await client.publish(lasting(String(startSeconds)))).toMatchObject({ accepted: false })
    for (const bad of ['', 'soon', '-1', '1e99', '9'.repeat(40)])
      expect(await client.publish(lasting(bad))).toMatchObject({
        accepted: false,
        reason: 'invalid: expiration is no time',
      })
    const event = lasting(String(startSeconds + 30))
    expect(await client.publish(event)).toEqual(accepted)
    expect(await client.query('s', {})).toEqual([event.id])
    fixture.clock.advance(30_000)
    expect(await client.query('s', {})).toEqual([])
    await client.settled()
    fixture.clock.advance(30_000)
    expect(fixture.relay.stats().storedEvents).toBe(0)
  })

  test('it means nothing for an ephemeral event', async () => {
    const client = await fixture.client()
    const event = new Person().signs({ kind: 20_001, tags: [['expiration', '1']] })
    expect(await client.publish(event)).toEqual(accepted)
  })
})

describe('NIP-42: who somebody is', () => {
  test('every connection gets its own challenge', async () => {
    const challenges = await Promise.all([1, 2].map(async () => (await (await fixture.client()).challenge())[1]))
    expect(new Set(challenges).size).toBe(2)
    expect(challenges[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  test('an answer counts only if it is genuine, of now, to this challenge and for this relay', async () => {
    const client = await fixture.client()
    const person = new Person()
    const challenge = String((await client.challenge())[1])
    const foreign = String((await (await fixture.client()).challenge())[1])
    const answer = (parts: { kind?: number; relay?: string; challenge?: string; created_at?: number }) => {
      const { relay = fixture.url, challenge: said = challenge, ...rest } = parts
      return person.signs({
        kind: 22_242,
        ...rest,
        tags: [
          ['relay', relay],
          ['challenge', said],
        ],
      })
    }
    const bad = [
      answer({ kind: 1 }),
      answer({ relay: 'wss://other.example' }),
      answer({ relay: 'not a URL' }),
      answer({ relay: fixture.url.replace('ws:', 'http:') }),
      answer({ challenge: foreign }),
      answer({ challenge: '' }),
      answer({ created_at: startSeconds - 601 }),
      answer({ created_at: startSeconds + 601 }),
      person.signs({ kind: 22_242 }),
      { ...answer({}), pubkey: new Person().key },
    ]
    for (const event of bad) {
      client.say('AUTH', event)
      expect(await client.next('OK')).toEqual(['OK', event.id, false, saying(/^invalid: /)])
    }
    client.say('REQ', 's', { kinds: [1059] })
    expect(await client.next('CLOSED', 's')).toEqual(['CLOSED', 's', saying(/^auth-required: /)])
    const good = answer({})
    client.say('AUTH', good)
    expect(await client.next('OK')).toEqual(['OK', good.id, true, ''])
    expect(await client.query('s', { kinds: [1059] })).toEqual([])
  })

  test('an AUTH event is never stored or passed on', async () => {
    const [client, other] = [await fixture.client(), await fixture.client()]
    await other.query('all', {})
    const event = new Person().signs({ kind: 22_242 })
    expect(await client.publish(event)).toMatchObject({ accepted: false })
    await client.prove(new Person(), fixture.url)
    expect((await other.settled()).filter(([type]) => type === 'EVENT')).toEqual([])
  })

  test('several keys on one connection all count, up to the bound', async () => {
    const client = await fixture.client()
    const people = Array.from({ length: 17 }, () => new Person())
    const answers = []
    for (const person of people) answers.push(await client.prove(person, fixture.url))
    expect(answers.slice(0, 16).every(({ accepted }) => accepted)).toBe(true)
    expect(answers[16]).toMatchObject({ accepted: false, reason: saying(/^restricted: /) })
    const wraps = people.slice(0, 3).map((person) => wrapFor(person))
    for (const wrap of wraps) await client.publish(wrap)
    expect((await client.query('s', { kinds: [1059] })).toSorted()).toEqual(wraps.map(({ id }) => id).toSorted())
  })
})

describe('NIP-17 and NIP-59: a gift wrap is for its recipient', () => {
  test('nobody else finds it, however they ask, stored or live', async () => {
    const [writer, stranger, reader] = [await fixture.client(), await fixture.client(), await fixture.client()]
    const [alice, mallory] = [new Person(), new Person()]
    const before = wrapFor(alice)
    await writer.publish(before)
    await stranger.prove(mallory, fixture.url)
    await reader.prove(alice, fixture.url)
    const ways = [
      {},
      { ids: [before.id] },
      { '#p': [alice.key] },
      { authors: [before.pubkey] },
      { since: 1 },
      { limit: 5 },
    ]
    for (const [nth, filter] of ways.entries()) {
      expect(await writer.query(`w${String(nth)}`, filter)).toEqual([])
      expect(await stranger.query(`w${String(nth)}`, filter)).toEqual([])
      expect(await reader.query(`w${String(nth)}`, filter)).toEqual([before.id])
    }
    const live = wrapFor(alice)
    await writer.publish(live)
    const isEvent = ([type]: unknown[]): boolean => type === 'EVENT'
    expect((await reader.settled()).filter(isEvent)).toHaveLength(ways.length - 2)
    expect((await stranger.settled()).filter(isEvent)).toEqual([])
    expect((await writer.settled()).filter(isEvent)).toEqual([])
  })

  test('asking for those of others is refused in words', async () => {
    const client = await fixture.client()
    const me = new Person()
    await client.prove(me, fixture.url)
    client.say('REQ', 's', { kinds: [1059], '#p': [new Person().key] })
    expect(await client.next('CLOSED', 's')).toEqual(['CLOSED', 's', saying(/^restricted: /)])
    expect(await client.query('t', { kinds: [1059], '#p': [me.key, new Person().key] })).toEqual([])
  })

  test('a limit counts what the reader may see', async () => {
    const client = await fixture.client()
    const me = new Person()
    await client.prove(me, fixture.url)
    const mine = wrapFor(me, { created_at: startSeconds - 100 })
    await client.publish(mine)
    for (let nth = 0; nth < 3; nth++) await client.publish(wrapFor(new Person()))
    expect(await client.query('s', { limit: 1 })).toEqual([mine.id])
  })

  test('a subscription from before the proof gets what comes after it', async () => {
    const client = await fixture.client()
    const me = new Person()
    await client.query('s', {})
    await client.prove(me, fixture.url)
    const wrap = wrapFor(me)
    await client.publish(wrap)
    expect((await client.next('EVENT', 's'))[2]).toMatchObject({ id: wrap.id })
  })

  test('a wrap without one clear recipient is refused', async () => {
    const client = await fixture.client()
    const key = new Person().key
    for (const kind of [1059, 21_059])
      for (const tags of [
        [],
        [['p']],
        [['p', 'x']],
        [
          ['p', key],
          ['p', key],
        ],
        [['p', key.toUpperCase()]],
      ])
        expect(await client.publish(new Person().signs({ kind, tags }))).toMatchObject({ accepted: false })
  })

  test('an ephemeral wrap reaches whoever knows its recipient, and is never stored', async () => {
    const [writer, reader, stranger] = [await fixture.client(), await fixture.client(), await fixture.client()]
    const box = new Person()
    await reader.query('s', { kinds: [21_059], '#p': [box.key] })
    await stranger.query('s', {})
    stranger.say('REQ', 'all', { kinds: [21_059] })
    expect(await stranger.next('CLOSED', 'all')).toEqual(['CLOSED', 'all', saying(/^restricted: /)])
    const wrap = wrapFor(box, { kind: 21_059 })
    expect(await writer.publish(wrap)).toEqual(accepted)
    expect((await reader.next('EVENT', 's'))[2]).toMatchObject({ id: wrap.id })
    expect((await stranger.settled()).filter(([type]) => type === 'EVENT')).toEqual([])
    expect(fixture.relay.stats().storedEvents).toBe(0)
    expect(await writer.publish(wrapFor(new Person(), { kind: 21_059 }))).toEqual(accepted)
  })
})

describe('NIP-70: protected events', () => {
  test('only their author brings them', async () => {
    const client = await fixture.client()
    const author = new Person()
    const event = author.signs({ kind: 1, tags: [['-']] })
    const refused = { accepted: false, reason: saying(/^auth-required: /) }
    expect(await client.publish(event)).toMatchObject(refused)
    await client.prove(new Person(), fixture.url)
    expect(await client.publish(event)).toMatchObject(refused)
    await client.prove(author, fixture.url)
    expect(await client.publish(event)).toEqual(accepted)
  })

  test('a repost that embeds one is refused', async () => {
    const client = await fixture.client()
    const content = JSON.stringify(new Person().signs({ kind: 1, tags: [['-']] }))
    for (const kind of [6, 16])
      expect(await client.publish(new Person().signs({ kind, content }))).toMatchObject({ accepted: false })
    expect(await client.publish(new Person().signs({ kind: 6, content: 'no JSON' }))).toEqual(accepted)
  })
})

test('by default the relay takes private messages and what belongs to them, and nothing else', async () => {
  const post = await startNostrRelay({ policy: privateMessagesOnly })
  try {
    const client = await post.client()
    for (const kind of [0, 1, 3, 4, 7, 14, 1984, 10_000, 30_023])
      expect(await client.publish(new Person().signs({ kind }))).toMatchObject({
        accepted: false,
        reason: saying(/^blocked: /),
      })
    for (const kind of [5, 10_002, 10_050]) expect(await client.publish(new Person().signs({ kind }))).toEqual(accepted)
    for (const kind of [1059, 21_059]) expect(await client.publish(wrapFor(new Person(), { kind }))).toEqual(accepted)
    expect(post.relay.information('x')).toMatchObject({ limitation: { restricted_writes: true } })
  } finally {
    await post.close()
  }
})
