import { nip19, nip59 } from 'nostr-tools'
import { describe, expect, it } from 'vitest'
import { loadVectors } from '../../test/load-vectors.ts'
import { fromHex } from '../bytes/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { isGenuine, readEvent, rumorOf, signEvent, type NostrEvent, type Rumor } from './event.ts'
import { backdatingSeconds, maxRumorBytes, sealAndWrap, sealKind, unwrap, wrapKinds } from './gift-wrap.ts'
import { decrypt44, encrypt44 } from './nip44.ts'
import { freshSigner, signerFromScalar, type NostrSigner } from './signer.ts'

const clock = new FakeClock()
const nowSeconds = clock.now() / 1_000
const ports = { clock, random: webRandom }
const [adaScalar, bobScalar] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const [ada, bob, eve] = [signerFromScalar(adaScalar), signerFromScalar(bobScalar), freshSigner(webRandom)]

function rumor(content = 'hello', author: NostrSigner = ada): Rumor {
  return rumorOf({ pubkey: author.publicKey, created_at: nowSeconds, kind: 14, tags: [['p', bob.publicKey]], content })
}

async function sealed(content: unknown, by: NostrSigner, to = bob): Promise<string> {
  return encrypt44(JSON.stringify(content), await by.conversationKey(to.publicKey), webRandom)
}

async function sealOf(content: unknown, by = ada, tags: string[][] = []): Promise<NostrEvent> {
  return signEvent({ kind: sealKind, created_at: nowSeconds, tags, content: await sealed(content, by) }, by)
}

async function wrapOf(seal: unknown, kind: number = wrapKinds.kept, to = bob): Promise<NostrEvent> {
  const once = freshSigner(webRandom)
  const tags = [['p', to.publicKey]]
  return signEvent({ kind, created_at: nowSeconds, tags, content: await sealed(seal, once) }, once)
}

const opened = (wrap: NostrEvent, reader = bob, nowMs = clock.now()) => unwrap(wrap, reader, nowMs)
const afterExamplesMs = Date.UTC(2024, 0, 1)
const refused = { name: 'AuthenticationError', code: 'wrap-refused', message: 'this wrap does not hold what it must' }

describe('official examples', () => {
  const { nip17 } = loadVectors<{
    nip17: {
      nsec: readonly `nsec1${string}`[]
      pubkeys: readonly string[]
      wraps: readonly { wrap: unknown; recipient_index: number; rumor: Rumor }[]
    }
  }>('nostr/nip17-nip59-examples.json')
  const readers = nip17.nsec.map((nsec) => signerFromScalar(nip19.decode(nsec).data))

  it.each(nip17.wraps)('NIP-17: message $rumor.content, to $recipient_index', async ({ wrap, rumor, ...rest }) => {
    const [reader, other] = [readers[rest.recipient_index], readers[1 - rest.recipient_index]]
    if (reader === undefined || other === undefined) throw new Error('the example has two readers')
    expect(reader.publicKey).toBe(nip17.pubkeys[rest.recipient_index])
    expect(await opened(readEvent(wrap), reader, afterExamplesMs)).toEqual({ rumor, from: rumor.pubkey })
    await expect(opened(readEvent(wrap), other, afterExamplesMs)).rejects.toMatchObject(refused)
  })

  it('NIP-59', async () => {
    const example = loadVectors<{ wrap: unknown; recipient: string; author: string }>('nostr/nip59-wrap.json')
    const [author, recipient] = [example.author, example.recipient].map((key) => signerFromScalar(fromHex(key)))
    const { rumor, from } = await opened(readEvent(example.wrap), recipient)
    expect(rumor.content).toBe('Are you going to the party tonight?')
    expect(from).toBe(author?.publicKey)
  })
})

describe('a wrap', () => {
  it('is opened by its recipient alone, and says nothing of its author', async () => {
    const wrap = await sealAndWrap(rumor(), ada, bob.publicKey, ports)
    expect(isGenuine(wrap)).toBe(true)
    expect(JSON.stringify(wrap)).not.toContain(ada.publicKey)
    expect(wrap.tags).toEqual([['p', bob.publicKey]])
    expect(await opened(wrap)).toEqual({ rumor: rumor(), from: ada.publicKey })
    for (const other of [eve, ada]) await expect(opened(wrap, other)).rejects.toMatchObject(refused)
  })

  it('has a key of its own each time', async () => {
    const wraps = await Promise.all(Array.from({ length: 10 }, () => sealAndWrap(rumor(), ada, bob.publicKey, ports)))
    expect(new Set(wraps.map(({ pubkey }) => pubkey)).size).toBe(10)
  })

  it('is of now if relays are not to keep it', async () => {
    const wrap = await sealAndWrap(rumor(), ada, bob.publicKey, ports, wrapKinds.ephemeral)
    expect(wrap).toMatchObject({ kind: 21_059, created_at: nowSeconds })
    expect(await opened(wrap)).toEqual({ rumor: rumor(), from: ada.publicKey })
  })

  it('is read by an independent client, and its wraps by us', async () => {
    const ours = await sealAndWrap(rumor('from us'), ada, bob.publicKey, ports)
    expect(
      nip59.unwrapEvent(JSON.parse(JSON.stringify(ours)) as Parameters<typeof nip59.unwrapEvent>[0], bobScalar),
    ).toEqual(rumor('from us'))
    const template = { kind: 14, created_at: nowSeconds, tags: [['p', bob.publicKey]], content: 'from them' }
    const theirs = readEvent(nip59.wrapEvent(template, adaScalar, bob.publicKey))
    expect(await unwrap(theirs, bob, Date.now())).toEqual({ rumor: rumor('from them'), from: ada.publicKey })
  })

  it('takes the longest rumor and no longer one', async () => {
    const room = maxRumorBytes - JSON.stringify(rumor('')).length
    const longest = rumor('x'.repeat(room))
    expect((await opened(await sealAndWrap(longest, ada, bob.publicKey, ports))).rumor).toEqual(longest)
    await expect(sealAndWrap(rumor('x'.repeat(room + 1)), ada, bob.publicKey, ports)).rejects.toMatchObject({
      name: 'LimitError',
      code: 'plaintext-size',
    })
  })

  it('goes to nobody whose key is none', async () => {
    await expect(sealAndWrap(rumor(), ada, 'f'.repeat(64), ports)).rejects.toMatchObject({ code: 'bad-peer-key' })
  })
})

it('G7: our times are spread evenly over two days, those of seal and wrap each by itself', async () => {
  const readerKey = (wrap: NostrEvent) => bob.conversationKey(wrap.pubkey)
  // Times are all that counts here: these two save a third of the sums.
  const author: NostrSigner = {
    publicKey: ada.publicKey,
    sign: () => Promise.resolve(new Uint8Array(64)),
    conversationKey: () => Promise.resolve(new Uint8Array(32)),
  }
  const ages: (readonly [wrap: number, seal: number])[] = []
  for (let count = 0; count < 1_000; count++) {
    const wrap = await sealAndWrap(rumor(), author, bob.publicKey, ports)
    const seal = readEvent(JSON.parse(decrypt44(wrap.content, await readerKey(wrap))))
    ages.push([nowSeconds - wrap.created_at, nowSeconds - seal.created_at])
  }
  const all = ages.flat()
  expect(Math.min(...all)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...all)).toBeLessThan(backdatingSeconds)
  // A table of tenths: each has its share within six standard deviations, in rows, in columns and in whole.
  const tenth = (age: number) => Math.floor((age / backdatingSeconds) * 10)
  const table = Array.from({ length: 10 }, () => new Array<number>(10).fill(0))
  for (const [wrap, seal] of ages) {
    const row = table[tenth(wrap)] ?? []
    row[tenth(seal)] = (row[tenth(seal)] ?? 0) + 1
  }
  const chiSquared = table.flat().reduce((sum, count) => sum + (count - 10) ** 2 / 10, 0)
  expect(chiSquared).toBeLessThan(99 + 6 * Math.sqrt(2 * 99))
  // Whatever is made at once must not be seen to be: no step that all times share.
  expect(new Set(all).size).toBeGreaterThan(1_900)
}, 60_000)

describe('refused, all with one error', () => {
  it('G1: a rumor of somebody else than who sealed it', async () => {
    const wrap = await wrapOf(await sealOf(rumor('I am Ada', ada), eve))
    await expect(opened(wrap)).rejects.toMatchObject(refused)
  })

  it.each<[string, () => Promise<NostrEvent>]>([
    ['a seal with tags', async () => wrapOf(await sealOf(rumor(), ada, [['p', bob.publicKey]]))],
    [
      'a seal with a signature of something else',
      async () => {
        const [seal, other] = [await sealOf(rumor()), await sealOf(rumor('other'))]
        return wrapOf({ ...seal, sig: other.sig })
      },
    ],
    ['a seal with another id', async () => wrapOf({ ...(await sealOf(rumor())), id: 'a'.repeat(64) })],
    ['a seal without a signature', async () => wrapOf({ ...(await sealOf(rumor())), sig: undefined })],
    [
      'a seal of another kind',
      async () => {
        const content = await sealed(rumor(), ada)
        return wrapOf(await signEvent({ kind: 1, created_at: nowSeconds, tags: [], content }, ada))
      },
    ],
    ['a seal that is a signed message', async () => wrapOf(await signEvent(rumor(), ada))],
    ['a rumor with a signature', async () => wrapOf(await sealOf(await signEvent(rumor(), ada)))],
    ['a rumor with a signature that is none', async () => wrapOf(await sealOf({ ...rumor(), sig: null }))],
    ['a rumor with another id', async () => wrapOf(await sealOf({ ...rumor(), id: 'a'.repeat(64) }))],
    ['a rumor without an id', async () => wrapOf(await sealOf({ ...rumor(), id: undefined }))],
    [
      'a rumor from the future',
      async () => {
        const late = rumorOf({ ...rumor(), created_at: nowSeconds + 601 })
        return wrapOf(await sealOf(late))
      },
    ],
    ['a rumor that is no object', async () => wrapOf(await sealOf(null))],
    ['a wrap for somebody else', async () => wrapOf(await sealOf(rumor()), wrapKinds.kept, eve)],
    ['a wrap of another kind', async () => wrapOf(await sealOf(rumor()), 1_060)],
    [
      'a wrap with another content',
      async () => {
        const wrap = await wrapOf(await sealOf(rumor()))
        return { ...wrap, content: (await wrapOf(await sealOf(rumor()))).content }
      },
    ],
    ['a wrap whose content is no seal', async () => wrapOf('seal')],
    ['a wrap by no key', async () => ({ ...(await wrapOf(await sealOf(rumor()))), pubkey: 'f'.repeat(64) })],
    [
      'what is no JSON',
      async () => {
        const once = freshSigner(webRandom)
        const content = encrypt44('{', await once.conversationKey(bob.publicKey), webRandom)
        return signEvent({ kind: 1059, created_at: nowSeconds, tags: [['p', bob.publicKey]], content }, once)
      },
    ],
    [
      'JSON that is very deep',
      async () => {
        const once = freshSigner(webRandom)
        const content = encrypt44('['.repeat(65_000), await once.conversationKey(bob.publicKey), webRandom)
        return signEvent({ kind: 1059, created_at: nowSeconds, tags: [['p', bob.publicKey]], content }, once)
      },
    ],
  ])('G2: %s', async (_name, make) => {
    await expect(opened(await make())).rejects.toMatchObject(refused)
  })

  it('and the fixtures hold without the fault', async () => {
    expect(await opened(await wrapOf(await sealOf(rumor())))).toEqual({ rumor: rumor(), from: ada.publicKey })
  })
})
