/* What is measured of conversations, in Node as in a browser: over slots that the caller gives. */
import { freshSigner, Messenger, type MessengerPorts, type Slots } from '@p2pigeon/core/chat'
import { createVault, generateDeviceKey, Scope } from '@p2pigeon/core/people'
import { common, needle, writeCorpus, type Corpus } from './corpus.ts'

/** Where bytes lie, whatever they are. */
export interface Shelf {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  delete(name: string): Promise<void>
  names(): Promise<readonly string[]>
}

interface Ground {
  readonly slots: Slots
  readonly names: () => Promise<readonly string[]>
  readonly signer: MessengerPorts['signer']
}

const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
const clock = {
  now: () => Date.now(),
  after: (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Milliseconds by row, in the order of the table. */
export type Times = Readonly<Record<string, number>>

/** Reads and opens everything under names that begin so, a few at a time: what no archive can do without. */
async function readAll({ slots, names }: Ground, prefix: string): Promise<void> {
  const wanted = (await names()).filter((name) => name.startsWith(prefix))
  for (let first = 0; first < wanted.length; first += 16)
    await Promise.all(wanted.slice(first, first + 16).map((name) => slots.read(name)))
}

const ownPorts = {
  relays: {
    urls: [],
    publish: () => Promise.resolve([]),
    publishSome: () => Promise.reject(new TypeError('there is no relay')),
    subscribe: () => () => undefined,
  },
  who: () => undefined,
  seek: () => () => undefined,
  hasOtherDevices: () => false,
} satisfies Partial<MessengerPorts>

/** One start of the program, from nothing in memory. */
async function round(ground: Ground, { longest }: Corpus, scope: Scope): Promise<Times> {
  const times: Record<string, number> = {}
  const time = async <Done>(row: string, run: () => Done | Promise<Done>): Promise<Done> => {
    const start = performance.now()
    const done = await run()
    times[row] = performance.now() - start
    return done
  }
  await time('floor: open the index', () =>
    Promise.all([ground.slots.read('chat.index'), readAll(ground, 'chat.seen')]),
  )
  await time('floor: open every page', () => readAll(ground, 'chat.page'))
  await time('floor: open every digest', () => readAll(ground, 'chat.words'))
  const messenger = await time('open', () => Messenger.open({ ...ownPorts, ...ground, clock, random, scope }))
  await time('list', () => messenger.conversations())
  await time('latest page', async () => {
    await messenger.load(longest)
    return messenger.messages(longest)
  })
  const first = await time('first search', () => messenger.search(needle))
  if (first.length !== 1) throw new RangeError('the needle was not found once')
  await time('later search, one message', () => messenger.search(needle))
  await time('later search, in every message', () => messenger.search(common))
  await time('later search, two usual words', () => messenger.search('kelipa fleto'))
  await time('later search, nothing', () => messenger.search('xyzzy'))
  await time('send', () => messenger.send(longest, 'one more'))
  await time('scroll back 1,000 messages', async () => {
    const shown = messenger.messages(longest).length
    while (messenger.messages(longest).length < shown + 1_000) await messenger.load(longest, 'earlier')
  })
  return times
}

/** So many starts over one archive, sealed by a vault as the page seals it; the first search of all makes the digests, and is told apart. */
export async function rounds(
  shelf: Shelf,
  count: number,
): Promise<{ readonly made: Times; readonly taken: readonly Times[] }> {
  const { vault } = await createVault(random, { kind: 'device', key: await generateDeviceKey() })
  const slots: Slots = {
    read: async (name) => {
      const sealed = await shelf.get(name)
      return sealed && vault.open(name, sealed)
    },
    write: async (name, bytes) => shelf.put(name, await vault.seal(name, bytes)),
    remove: (name) => shelf.delete(name),
  }
  const ground = { slots, names: () => shelf.names(), signer: freshSigner(random) }
  const corpus = await writeCorpus(slots, ground.signer.publicKey, {
    conversations: 1_000,
    messages: 100_000,
    longest: 10_000,
  })
  const taken: Times[] = []
  for (let index = 0; index <= count; index++) {
    const scope = new Scope()
    taken.push(await round(ground, corpus, scope))
    scope.end()
  }
  const [made = {}, ...others] = taken
  return { made, taken: others }
}
