import { finalizeEvent, nip04 } from 'nostr-tools'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  conversationOf,
  legacyIdOf,
  LegacyMessenger,
  type ConversationId,
  type LegacyId,
  type LegacyPorts,
} from '../../src/chat/index.ts'
import { scalarOf } from '../../src/crypto/secp256k1/index.ts'
import { Scope } from '../../src/lifetime/index.ts'
import { RelayPool, signerFromScalar, type Filter, type NostrEvent } from '../../src/nostr/index.ts'
import { wsSockets } from '../../src/runtime/node/ws-sockets.ts'
import { systemClock, webRandom } from '../../src/runtime/platform/index.ts'
import { startTestRelay, type TestRelay } from '../../src/testing/index.ts'
import { Disk, Town, type Citizen } from './town.ts'

let town: Town
let ada: Citizen
let disk: Disk
let scope: Scope
let legacy: LegacyMessenger
let received: string[]
let blocked: Set<string>
/** What was asked for at relays. */
let asked: Filter[]
/** What is being asked for. */
let asking: Set<readonly Filter[]>
let ownPool: RelayPool
let wake: () => void

/** Ben has an old client: an independent implementation of NIP-01 and NIP-04. */
const ben = oldClient()
const eve = oldClient()

function oldClient() {
  const scalar = scalarOf(webRandom.bytes(48))
  const key = signerFromScalar(scalar).publicKey
  const write = (content: string, part: { tags?: string[][]; kind?: number; created_at?: number } = {}): NostrEvent =>
    finalizeEvent(
      {
        kind: 4,
        created_at: nowSeconds(),
        tags: [['p', ada.key]],
        content: nip04.encrypt(scalar, ada.key, content),
        ...part,
      },
      scalar,
    )
  return { key, scalar, write, read: ({ content }: NostrEvent) => nip04.decrypt(scalar, ada.key, content) }
}

const nowSeconds = (): number => Math.floor(systemClock.now() / 1_000)
const relay = (): TestRelay => town.relays[0]!

/** An independent client puts an event on a relay, which tells that it has taken it. */
async function post(event: NostrEvent, url = relay().url): Promise<void> {
  const socket = new WebSocket(url)
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const answered = new Promise((resolve) => socket.addEventListener('message', resolve))
  socket.send(JSON.stringify(['EVENT', event]))
  await answered
  socket.close()
}

async function open(): Promise<void> {
  scope = new Scope()
  const common = { clock: systemClock, random: webRandom, scope, signer: ada.signer }
  const pool = new RelayPool({ ...common, urls: town.relays.map(({ url }) => url), sockets: wsSockets() })
  const relays: LegacyPorts['relays'] = {
    get urls() {
      return pool.urls
    },
    onUrls: (moved) => pool.onUrls(moved),
    publish: (event, urls) => pool.publish(event, urls),
    subscribe: (filters, handlers, urls) => {
      asked.push(...filters)
      const stop = pool.subscribe(filters, handlers, urls)
      asking.add(filters)
      return () => {
        asking.delete(filters)
        stop()
      }
    },
  }
  ownPool = pool
  legacy = await LegacyMessenger.open({ ...common, slots: disk, relays, isBlocked: (key) => blocked.has(key) })
  legacy.on('received', (_, { content }) => received.push(content))
  legacy.on('changed', () => {
    wake()
  })
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise<void>((resolve) => (wake = resolve))
}

const contents = (id: LegacyId): string[] => legacy.messages(id).map(({ content }) => content)
const letters = (): readonly NostrEvent[] => relay().events.filter(({ kind }) => kind === 4)
const kept = (): string => [...disk.slots.values()].map((bytes) => Buffer.from(bytes).toString()).join('')

/** Sent last: once it is here, everything before it was looked at. */
async function andThenOne(): Promise<void> {
  await post(ben.write('the last one'))
  await until(() => received.includes('the last one'))
}

beforeEach(async () => {
  town = await Town.withRelays(1)
  ada = town.citizen('Ada')
  ;[disk, received, blocked, asked, asking, wake] = [new Disk(), [], new Set(), [], new Set(), () => undefined]
  await open()
})

afterEach(async () => {
  scope.end()
  await town.close()
})

describe('a conversation with an old client', () => {
  it('is asked for at the relays that are ours now', async () => {
    const second = await startTestRelay()
    try {
      const id = await legacy.start(ben.key)
      ownPool.setUrls([second.url])
      await legacy.send(id, 'over here')
      await until(() => legacy.messages(id)[0]?.standing === 'sent')
      expect(second.events.some(({ kind }) => kind === 4)).toBe(true)
      await post(ben.write('I see'), second.url)
      await until(() => received.includes('I see'))
    } finally {
      await second.close()
    }
  })

  it('goes both ways with an independent implementation, and is there after a restart', async () => {
    const id = await legacy.start(ben.key)
    await legacy.send(id, 'hello é🙂')
    await until(() => legacy.messages(id)[0]?.standing === 'sent')
    const [sent] = letters()
    expect(sent).toMatchObject({ pubkey: ada.key, tags: [['p', ben.key]] })
    expect(ben.read(sent!)).toBe('hello é🙂')

    await post(ben.write('hello yourself'))
    await until(() => received.length > 0)
    expect(contents(id)).toEqual(expect.arrayContaining(['hello é🙂', 'hello yourself']))
    expect(legacy.conversation(id)).toMatchObject({ unread: 1, peer: ben.key })
    await legacy.markRead(id)

    scope.end()
    await open()
    await legacy.load(id)
    expect(contents(id)).toEqual(expect.arrayContaining(['hello é🙂', 'hello yourself']))
    const told: (LegacyId | undefined)[] = []
    legacy.on('changed', (which) => told.push(which))
    // Whoever has looked before the letters were read for another reason is told, too.
    await legacy.load(id)
    expect(told).toContain(id)
    await andThenOne()
    expect(contents(id)).toHaveLength(3)
    expect(legacy.conversation(id)?.unread).toBe(1)
  })

  it('writes to where they read, and asks where they write', async () => {
    const [theirs, inside] = [await startTestRelay(), 'ws://192.168.1.7']
    town.relays.push(theirs)
    // A relay that is in a network is used only if it is one of ours as well.
    await open()
    const id = await legacy.start(ben.key)
    const tags = [
      ['r', theirs.url],
      ['r', inside],
      ['r', 'wss://write.example', 'write'],
      ['r', 'wss://read.example', 'read'],
    ]
    const list = finalizeEvent({ kind: 10_002, created_at: nowSeconds(), tags, content: '' }, ben.scalar)
    await post(list)
    await until(() => (legacy.conversation(id)?.relays.length ?? 0) > 2)
    expect(legacy.conversation(id)?.relays).toEqual([relay().url, theirs.url, 'wss://read.example'])
    await post(ben.write('from there'), theirs.url)
    await until(() => received.includes('from there'))
  })
})

describe('G10: nobody is pulled into one', () => {
  it('letters are asked for of nobody before the user has started, and of that person only afterwards', async () => {
    await post(ben.write('psst'))
    await post(eve.write('psst'))
    expect(asked).toEqual([])
    expect(legacy.conversations()).toEqual([])
    const id = await legacy.start(ben.key)
    await until(() => received.includes('psst'))
    const forLetters = asked.filter(({ kinds }) => kinds?.includes(4))
    expect(forLetters.length).toBeGreaterThan(0)
    for (const filter of forLetters) expect(filter).toMatchObject({ kinds: [4], authors: [ben.key], '#p': [ada.key] })
    await andThenOne()
    expect(contents(id)).not.toContain(undefined)
    expect(received).toEqual(['psst', 'the last one'])
    expect(legacy.conversations().map(({ peer }) => peer)).toEqual([ben.key])
  })

  it('garbage, changed, oversized, misaddressed, of others, of tomorrow: dropped, each silently', async () => {
    const id = await legacy.start(ben.key)
    const [good, other] = [ben.write('good'), 'c'.repeat(64)]
    const bad: NostrEvent[] = [
      ben.write('', { tags: [['p', ada.key]] }),
      finalizeEvent({ kind: 4, created_at: nowSeconds(), tags: [['p', ada.key]], content: 'garbage' }, ben.scalar),
      { ...good, content: ben.write('changed').content },
      { ...good, id: '0'.repeat(64) },
      finalizeEvent(
        {
          kind: 4,
          created_at: nowSeconds(),
          tags: [['p', ada.key]],
          content: nip04.encrypt(ben.scalar, ada.key, 'x'.repeat(20_000)),
        },
        ben.scalar,
      ),
      ben.write('to two', {
        tags: [
          ['p', ada.key],
          ['p', other],
        ],
      }),
      ben.write('of tomorrow', { created_at: nowSeconds() + 86_400 }),
      ben.write('another kind', { kind: 1 }),
      eve.write('of Eve'),
    ]
    for (const event of bad) await post(event)
    await andThenOne()
    expect(contents(id)).toEqual(['the last one'])
  })

  it('a letter that comes again, from several relays and after a restart, is shown once; one taken away stays away', async () => {
    const id = await legacy.start(ben.key)
    relay().faults.repeat = true
    const letter = ben.write('once')
    await post(letter)
    await post(letter)
    await until(() => received.includes('once'))
    scope.end()
    await open()
    await legacy.load(id)
    await post(letter)
    await andThenOne()
    expect(contents(id).toSorted()).toEqual(['once', 'the last one'])
    await legacy.hide(id, letter.id)
    expect(kept()).not.toContain('"once"')
    scope.end()
    received = []
    await open()
    await legacy.load(id)
    await post(letter)
    await post(ben.write('later'))
    await until(() => received.includes('later'))
    expect(contents(id)).not.toContain('once')
    expect(letters().filter(({ kind }) => kind === 5)).toEqual([])
  })

  it('a blocked person neither gets nor sends', async () => {
    const id = await legacy.start(ben.key)
    blocked.add(ben.key)
    await post(ben.write('let me in'))
    await expect(legacy.send(id, 'no')).rejects.toMatchObject({ code: 'legacy-blocked' })
    blocked.clear()
    await andThenOne()
    expect(received).toEqual(['the last one'])
  })
})

describe('a conversation that is ended', () => {
  it('is gone from the disk, and nothing is asked for or taken any more', async () => {
    const id = await legacy.start(ben.key)
    await legacy.send(id, 'a thing of ours')
    await andThenOne()
    expect(kept()).toContain('a thing of ours')
    expect(asking.size).toBeGreaterThan(0)
    await legacy.end(id)
    expect(asking.size).toBe(0)
    expect([...disk.slots.keys()]).toEqual([])
    expect(legacy.conversations()).toEqual([])
    asked = []
    await post(ben.write('are you there?'))
    scope.end()
    await open()
    expect(asked).toEqual([])
    await expect(legacy.send(id, 'no')).rejects.toMatchObject({ code: 'unknown-conversation' })
    expect(received).toEqual(['the last one'])
  })
})

describe('a message that no relay takes', () => {
  it('waits, also over a restart, and goes out when one is there, once', async () => {
    const id = await legacy.start(ben.key)
    await relay().kill()
    await legacy.send(id, 'for later')
    expect(legacy.messages(id)).toMatchObject([{ content: 'for later', standing: 'waiting' }])
    scope.end()
    await relay().revive()
    await open()
    await legacy.load(id)
    await until(() => legacy.messages(id)[0]?.standing === 'sent')
    expect(letters().map((event) => ben.read(event))).toEqual(['for later'])
    // What is not needed any more is not kept.
    expect(kept()).not.toContain('?iv=')
  })

  it('is not sent any more once it was taken away', async () => {
    const id = await legacy.start(ben.key)
    await relay().kill()
    await legacy.send(id, 'better not')
    const [message] = legacy.messages(id)
    await legacy.hide(id, message?.id ?? '')
    expect(kept()).not.toContain('?iv=')
    expect(kept()).not.toContain('better not')
  })
})

it('has bounds', async () => {
  await expect(legacy.start(ada.key)).rejects.toMatchObject({ code: 'no-members' })
  await expect(legacy.start('ff'.repeat(32))).rejects.toMatchObject({ code: 'bad-peer-key' })
  await expect(legacy.start('abc')).rejects.toMatchObject({ code: 'bad-peer-key' })
  const id = await legacy.start(ben.key)
  await expect(legacy.send(id, ' ')).rejects.toMatchObject({ code: 'empty-message' })
  await expect(legacy.send(id, 'x'.repeat(16_385))).rejects.toMatchObject({ code: 'message-size' })
  for (let count = 1; count < 32; count++) await legacy.start(oldClient().key)
  await expect(legacy.start(eve.key)).rejects.toMatchObject({ code: 'too-many-conversations' })
})

describe('never mixed', () => {
  it('with both kinds of conversation with one person, each message is in its own only', async () => {
    const modern = town.citizen('Ben, by a new client')
    ada.knows(modern)
    await Promise.all([ada.comeHome(), modern.comeHome()])
    town.linesWork = false
    const secret = await ada.messenger.start([modern.key])
    const open = await legacy.start(modern.key)
    expect(String(open)).not.toBe(String(secret))
    await ada.messenger.send(secret, 'a secret')
    await ada.until(() => ada.message(secret, 'a secret')?.delivery.kind !== 'waiting')
    await modern.until(() => modern.received.includes('a secret'))
    await legacy.send(open, 'no secret')
    await until(() => legacy.messages(open)[0]?.standing === 'sent')

    expect(contents(open)).toEqual(['no secret'])
    expect(ada.contents(secret)).toEqual(['a secret'])
    expect(modern.received).toEqual(['a secret'])
    expect(letters()).toHaveLength(1)
    expect(kept()).not.toContain('a secret')
    expect([...ada.disk.slots.values()].map((bytes) => Buffer.from(bytes).toString()).join('')).not.toContain(
      'no secret',
    )
  })

  it('the name of one is refused by the other, by the compiler and at run time', async () => {
    const secret: ConversationId = conversationOf([ada.key, ben.key].sort())
    const open: LegacyId = await legacy.start(ben.key)
    await ada.comeHome()
    // @ts-expect-error -- a conversation of NIP-17 cannot be sent to by NIP-04
    await expect(legacy.send(secret, 'a secret')).rejects.toMatchObject({ code: 'unknown-conversation' })
    // @ts-expect-error -- nor the other way round
    await expect(ada.messenger.send(open, 'no secret')).rejects.toMatchObject({ code: 'unknown-conversation' })
    expect(letters()).toEqual([])
    expect(open).toBe(legacyIdOf(ben.key))
  })

  it('where no relay takes the one, the other is no way out', async () => {
    const modern = town.citizen('Ben')
    ada.knows(modern)
    await ada.comeHome()
    const secret = await ada.messenger.start([modern.key])
    await legacy.start(modern.key)
    // He has named no relays, so his mail waits; his old client would take a letter.
    await ada.messenger.send(secret, 'a secret')
    await ada.until(() => ada.message(secret, 'a secret')?.delivery.kind === 'waiting')
    await ada.until(() => {
      const delivery = ada.message(secret, 'a secret')?.delivery
      return delivery?.kind === 'waiting' && delivery.unreachable
    })
    expect(letters()).toEqual([])
  }, 20_000)
})
