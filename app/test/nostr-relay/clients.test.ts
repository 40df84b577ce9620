import { freshSigner, RelayPool, rumorOf, sealAndWrap, unwrap, type NostrEvent } from '@p2pigeon/core/nostr'
import { nodeRuntime, systemClock, webRandom } from '@p2pigeon/core/node'
import { Scope } from '@p2pigeon/core/people'
import { finalizeEvent, type EventTemplate } from 'nostr-tools'
import { unwrapEvent, wrapEvent } from 'nostr-tools/nip59'
import { SimplePool, useWebSocketImplementation } from 'nostr-tools/pool'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { privateMessagesOnly } from '../../src/nostr-relay/index.ts'
import { Person, startNostrRelay, type RelayFixture } from './relay-fixture.ts'

useWebSocketImplementation(WebSocket)

const now = (): number => Math.floor(Date.now() / 1_000)

/** An independent client of somebody, who proves the key when asked. */
function poolOf(person: Person): SimplePool {
  const pool = new SimplePool()
  pool.automaticallyAuth = () => (event: EventTemplate) => Promise.resolve(finalizeEvent(event, person.secret))
  return pool
}

let fixture: RelayFixture
let pools: { destroy(): void }[]
beforeEach(async () => {
  fixture = await startNostrRelay({ clock: systemClock, policy: privateMessagesOnly })
  pools = []
})
afterEach(async () => {
  for (const pool of pools) pool.destroy()
  await fixture.close()
})

function simplePool(person: Person): SimplePool {
  const pool = poolOf(person)
  pools.push(pool)
  return pool
}

describe('nostr-tools SimplePool', () => {
  test('publishes lists and finds them', async () => {
    const [alice, bob] = [new Person(), new Person()]
    const inbox = alice.signs({ kind: 10_050, created_at: now(), tags: [['relay', fixture.url]] })
    await Promise.all(simplePool(alice).publish([fixture.url], inbox))
    const found = await simplePool(bob).get([fixture.url], { kinds: [10_050], authors: [alice.key] })
    expect(found).toMatchObject(JSON.parse(JSON.stringify(inbox)) as object)
  })

  test('is told why something is not taken', async () => {
    const person = new Person()
    const [publication] = simplePool(person).publish([fixture.url], person.signs({ kind: 1, created_at: now() }))
    await expect(publication).rejects.toThrow('blocked: ')
  })

  test('exchanges gift wraps, waiting and live, after proving its key', async () => {
    const [alice, bob] = [new Person(), new Person()]
    const wrapped = (content: string) => wrapEvent({ kind: 14, content, tags: [['p', bob.key]] }, alice.secret, bob.key)
    const writer = simplePool(alice)
    await Promise.all(writer.publish([fixture.url], wrapped('waiting')))
    const reader = simplePool(bob)
    await reader.ensureRelay(fixture.url)
    // The proof is on its way when the connection opens; asking again after a refusal is the client's part (NIP-42).
    const contents: string[] = []
    reader.subscribe(
      [fixture.url],
      { kinds: [1059], '#p': [bob.key] },
      {
        onevent: (event) => contents.push(unwrapEvent(event, bob.secret).content),
        onauth: (event) => Promise.resolve(finalizeEvent(event, bob.secret)),
      },
    )
    await expect.poll(() => contents).toEqual(['waiting'])
    await Promise.all(writer.publish([fixture.url], wrapped('live')))
    await expect.poll(() => contents).toEqual(['waiting', 'live'])
  })
})

describe('nostr-tools and our own pool', () => {
  test('write to each other through the relay', async () => {
    const bob = new Person()
    const alice = freshSigner(webRandom)
    const ports = { clock: systemClock, random: webRandom }
    const pool = new RelayPool({
      urls: [fixture.url],
      sockets: nodeRuntime().sockets,
      ...ports,
      scope: new Scope(),
      signer: alice,
    })
    pools.push({ destroy: () => pool.close() })

    const forAlice: string[] = []
    pool.subscribe([{ kinds: [1059], '#p': [alice.publicKey] }], {
      event: (event: NostrEvent) => {
        void unwrap(event, alice, Date.now()).then(({ rumor }) => forAlice.push(rumor.content))
      },
    })
    const theirs = simplePool(bob)
    await Promise.all(
      theirs.publish([fixture.url], wrapEvent({ kind: 14, content: 'from bob' }, bob.secret, alice.publicKey)),
    )
    await expect.poll(() => forAlice).toEqual(['from bob'])

    const rumor = rumorOf({
      kind: 14,
      pubkey: alice.publicKey,
      created_at: now(),
      tags: [['p', bob.key]],
      content: 'from alice',
    })
    await pool.publishSome(await sealAndWrap(rumor, alice, bob.key, ports))
    const forBob: string[] = []
    theirs.subscribe(
      [fixture.url],
      { kinds: [1059], '#p': [bob.key] },
      {
        onevent: (event) => forBob.push(unwrapEvent(event, bob.secret).content),
        onauth: (event) => Promise.resolve(finalizeEvent(event, bob.secret)),
      },
    )
    await expect.poll(() => forBob).toEqual(['from alice'])
  })
})
