import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Scope } from '../../lifetime/index.ts'
import { wsSockets } from '../../runtime/node/ws-sockets.ts'
import { systemClock, webRandom } from '../../runtime/platform/index.ts'
import { startTestRelay, type TestRelay } from '../../testing/test-relay.ts'
import type { TextSocketHandlers, TextSockets } from '../../runtime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { readEvent, signEvent, type NostrEvent } from '../event.ts'
import { maxRelays, RelayPool } from './relay-pool.ts'
import { freshSigner } from '../signer.ts'

const signer = freshSigner(webRandom)
let scope: Scope
let relays: TestRelay[]

beforeEach(async () => {
  scope = new Scope()
  relays = await Promise.all([startTestRelay(), startTestRelay(), startTestRelay()])
})

afterEach(async () => {
  scope.end()
  await Promise.all(relays.map((relay) => relay.close()))
})

function pool(urls = relays.map(({ url }) => url)): RelayPool {
  return new RelayPool({ urls, sockets: wsSockets(), clock: systemClock, random: webRandom, scope })
}

function event(content: string): Promise<NostrEvent> {
  return signEvent({ kind: 1, created_at: 1_700_000_000, tags: [], content }, signer)
}

/** Contents as they come. */
class Reading {
  readonly contents: string[] = []
  readonly storedAt: string[] = []
  #wake: () => void = () => undefined

  constructor(from: RelayPool) {
    from.subscribe([{ kinds: [1] }], {
      event: ({ content }) => {
        this.contents.push(content)
        this.#wake()
      },
      stored: (url) => {
        this.storedAt.push(url)
        this.#wake()
      },
    })
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}

describe('RelayPool', () => {
  it('writes to all relays and reads each event once', async () => {
    const [writer, reader] = [pool(), new Reading(pool())]
    await reader.until(() => reader.storedAt.length === 3)
    const outcomes = await writer.publish(await event('hello'))
    expect(outcomes.map(({ accepted }) => accepted)).toEqual([true, true, true])
    await writer.publish(await event('again'))
    await reader.until(() => reader.contents.length === 2)
    expect(reader.contents).toEqual(['hello', 'again'])
    expect(relays.map(({ events }) => events.length)).toEqual([2, 2, 2])
  })

  it('is not harmed by relays that are dead, or that forge, repeat and withhold', async () => {
    const [dead, liar, honest] = relays as [TestRelay, TestRelay, TestRelay]
    await dead.kill()
    liar.faults.forge = true
    honest.faults.repeat = true
    const [writer, reader] = [pool(), new Reading(pool())]
    await reader.until(() => reader.storedAt.length === 2)
    await writer.publishSome(await event('one'))
    await reader.until(() => reader.contents.length === 1)
    liar.faults.forge = false
    liar.faults.withhold = true
    await writer.publishSome(await event('two'))
    await reader.until(() => reader.contents.length === 2)
    expect(reader.contents).toEqual(['one', 'two'])
  })

  it('asks again after a loss, and what was published meanwhile is told once', async () => {
    const [only] = relays as [TestRelay]
    const [writer, reader] = [pool([only.url]), new Reading(pool([only.url]))]
    await reader.until(() => reader.storedAt.length === 1)
    await writer.publish(await event('before'))
    await only.kill()
    const late = writer.publish(await event('meanwhile'))
    await only.revive()
    expect((await late)[0]?.accepted).toBe(true)
    await reader.until(() => reader.contents.includes('meanwhile'))
    expect(reader.contents).toEqual(['before', 'meanwhile'])
  })

  it('says which relay has not taken an event, and fails when none has', async () => {
    for (const relay of relays) relay.faults.mute = true
    const writer = pool()
    await expect(writer.publishSome(await event('lost'))).rejects.toMatchObject({ code: 'no-relay-took-it' })
  })

  it('connects to relays that are named for one thing only as long as that lasts', async () => {
    const [first, second] = relays as [TestRelay, TestRelay]
    const one = pool([first.url])
    await one.publish(await event('elsewhere'), [second.url])
    expect(second.events).toHaveLength(1)
    expect(one.health().map(({ url }) => url)).toEqual([first.url])
    one.setUrls([second.url, 'not an address'])
    expect(one.urls).toEqual([second.url, 'not an address'])
    expect(one.health().map(({ url }) => url)).toEqual([second.url, 'not an address'])
  })

  it('answers whoever waits when it is closed, and does nothing from then on', async () => {
    for (const relay of relays) relay.faults.mute = true
    const closing = pool()
    const waiting = closing.publish(await event('one'))
    closing.close()
    expect(await waiting).toEqual(relays.map(({ url }) => ({ url, accepted: false, reason: 'closed' })))
    expect(await closing.publish(await event('two'))).toEqual(
      relays.map(({ url }) => ({ url, accepted: false, reason: 'closed' })),
    )
    closing.subscribe([{}], { event: () => undefined })()
    closing.setUrls(['wss://relay.example'])
    expect(closing.health()).toEqual([])
  })

  it('uses so many relays for one thing and no more', async () => {
    const urls = Array.from({ length: 40 }, (_, index) => `ws://127.0.0.1:1/${index}`)
    const many = pool(urls)
    expect(many.urls).toHaveLength(maxRelays)
    many.subscribe([{}], { event: () => undefined }, urls.slice(20))
    const outcomes = many.publish(await event('one'), urls)
    many.close()
    expect(await outcomes).toHaveLength(maxRelays)
  })
})

/** Relays that ask who is there as soon as there is a connection, as many do, and note who has told. */
class AskingRelays implements TextSockets {
  /** Addresses of what is open, in the order of opening. */
  readonly open: string[] = []
  readonly told: string[] = []
  readonly wrote: string[] = []
  #wake: () => void = () => undefined

  connectText(url: string, handlers: TextSocketHandlers) {
    let isOpen = true
    this.open.push(url)
    queueMicrotask(() => {
      if (!isOpen) return
      handlers.opened()
      handlers.received(JSON.stringify(['AUTH', `who at ${url}?`]))
    })
    return {
      bufferedBytes: 0,
      send: (text: string) => {
        const [type, said] = JSON.parse(text) as [string, unknown]
        if (type === 'AUTH') {
          const { pubkey, tags } = readEvent(said)
          expect(pubkey).toBe(signer.publicKey)
          expect(tags).toContainEqual(['challenge', `who at ${url}?`])
          this.told.push(url)
          handlers.received(JSON.stringify(['OK', readEvent(said).id, true, '']))
        }
        if (type === 'EVENT') this.wrote.push(url)
        this.#wake()
      },
      close: () => {
        if (isOpen) this.open.splice(this.open.indexOf(url), 1)
        isOpen = false
      },
    }
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve))
  }
}

describe('whom a relay is told', () => {
  const [home, theirs] = ['wss://home.example', 'wss://theirs.example'] as const
  let sockets: AskingRelays
  const asking = (urls: readonly string[], part: { maxOthers?: number; onlyWhenUsed?: boolean } = {}): RelayPool =>
    new RelayPool({ urls, sockets, clock: new FakeClock(), random: webRandom, scope, signer, ...part })
  const read = { event: () => undefined }

  beforeEach(() => {
    sockets = new AskingRelays()
  })

  it('is who reads, by a relay that was somebody else’s when it asked and is ours now, in the connection that there is', async () => {
    const mine = asking([home])
    mine.subscribe([{}], read, [theirs])
    await sockets.until(() => sockets.told.includes(home))
    mine.setUrls([home, theirs])
    await sockets.until(() => sockets.told.includes(theirs))
    expect(sockets.told).toEqual([home, theirs])
    expect(sockets.open).toEqual([home, theirs])
  })

  it('is nobody any more, by one that is not ours any more: it is spoken to in a connection that has not said it', async () => {
    const mine = asking([home, theirs])
    mine.subscribe([{}], read, [theirs])
    await sockets.until(() => sockets.told.length === 2)
    mine.setUrls([home])
    expect(sockets.open).toEqual([home, theirs])
    void mine.publish(await event('to an inbox'), [theirs])
    await sockets.until(() => sockets.wrote.includes(theirs))
    expect(sockets.told).toEqual([home, theirs])
    // Ours again, it asks again.
    mine.setUrls([home, theirs])
    await sockets.until(() => sockets.told.length === 3)
    expect(sockets.told.at(-1)).toBe(theirs)
  })

  it('says what our relays were when they change, and nothing when they do not', () => {
    const mine = asking([home])
    const moves: (readonly string[])[] = []
    const stop = mine.onUrls((before) => moves.push([...before, '→', ...mine.urls]))
    mine.setUrls([home])
    mine.setUrls([home, theirs])
    stop()
    mine.setUrls([])
    expect(moves).toEqual([[home, '→', home, theirs]])
  })

  it('our own relays are connected to however many of others are, whose number is bounded', () => {
    const mine = asking([home], { maxOthers: 3 })
    const named = Array.from({ length: 8 }, (_, index) => `wss://other.example/${index}`)
    const stop = mine.subscribe([{}], read, named)
    expect(sockets.open).toEqual([home, ...named.slice(0, 3)])
    mine.setUrls([home, theirs])
    expect(sockets.open).toContain(theirs)
    stop()
    expect(sockets.open).toEqual([home, theirs])
  })

  it('with `onlyWhenUsed` our own relays are connected to while something is asked of them or sent', async () => {
    const mine = asking([home], { onlyWhenUsed: true })
    expect(mine.urls).toEqual([home])
    expect(sockets.open).toEqual([])
    const stop = mine.subscribe([{}], read)
    expect(sockets.open).toEqual([home])
    stop()
    expect(sockets.open).toEqual([])
    const sent = mine.publish(await event('one'))
    expect(sockets.open).toEqual([home])
    mine.close()
    await sent
    expect(sockets.open).toEqual([])
  })
})
