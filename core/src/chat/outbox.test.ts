import { beforeEach, describe, expect, it, vi } from 'vitest'
import { scalarOf } from '../crypto/secp256k1/index.ts'
import type { IdentityId } from '../identity/index.ts'
import { Scope } from '../lifetime/index.ts'
import { signerFromScalar, signEvent, unwrap, type NostrEvent, type NostrSigner, type Rumor } from '../nostr/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { emptyIndex, type Index } from './archive.ts'
import { inboxListKind, readLineFrame } from './line-frames.ts'
import { maxBroughtAtOnce, maxListsOfLine, maxReceiptTargets, maxRepeated } from './limits.ts'
import { Outbox } from './outbox.ts'
import type { ChatLine, MessengerPorts } from './ports.ts'
import { conversationOf, rumorOfDeed } from './rumors.ts'

const person = (): NostrSigner => signerFromScalar(scalarOf(webRandom.bytes(48)))
const [ada, ben, stranger] = [person(), person(), person()]
const members = [ada.publicKey, ben.publicKey].sort()
const conversation = conversationOf(members)

const own = 'wss://ada.example'
const [one, two, three] = ['wss://one.example', 'wss://two.example', 'wss://three.example']
const inside = 'ws://192.168.1.7:7777'
const [hour, day] = [3_600_000, 86_400_000]

/** Relays by their addresses. */
class Relays {
  readonly down = new Set<string>()
  readonly events = new Map<string, NostrEvent[]>()
  readonly asked: string[] = []
  /** Every attempt, also where nobody answers. */
  readonly tried: string[] = []

  readonly port: MessengerPorts['relays'] = {
    urls: [own],
    publish: (event, urls = [own]) => Promise.resolve(urls.map((url) => this.#take(url, event))),
    publishSome: (event, urls = [own]) => {
      for (const url of urls) this.#take(url, event)
      return Promise.resolve()
    },
    subscribe: (filters, { event, stored }, urls = [own]) => {
      this.asked.push(...urls)
      queueMicrotask(() => {
        for (const url of urls) {
          if (this.down.has(url)) continue
          for (const each of this.events.get(url) ?? []) {
            if (filters.some(({ kinds, authors }) => kinds?.includes(each.kind) && authors?.includes(each.pubkey)))
              event(each, url)
          }
          stored?.(url)
        }
      })
      return () => undefined
    },
  }

  put(url: string, event: NostrEvent): void {
    this.events.set(url, [...(this.events.get(url) ?? []), event])
  }

  letters(url: string): readonly NostrEvent[] {
    return (this.events.get(url) ?? []).filter(({ kind }) => kind === 1_059)
  }

  #take(url: string, event: NostrEvent): { url: string; accepted: boolean; reason: string } {
    this.tried.push(url)
    const accepted = !this.down.has(url)
    if (accepted) this.put(url, event)
    return { url, accepted, reason: '' }
  }
}

let relays: Relays
let clock: FakeClock
let scope: Scope
let outbox: Outbox
let contacts: Set<string>
let otherDevices: boolean
let letters = 0

function open(
  kept: Pick<Index, 'outbox' | 'inboxes' | 'told'> = emptyIndex,
  port = relays.port,
  signer: NostrSigner = ada,
): void {
  scope = new Scope()
  outbox = new Outbox(
    {
      slots: {
        read: () => Promise.resolve(undefined),
        write: () => Promise.resolve(),
        remove: () => Promise.resolve(),
      },
      clock,
      random: webRandom,
      scope,
      signer,
      relays: port,
      who: (key) =>
        contacts.has(key) ? { id: key as IdentityId, name: 'Ben', devices: 2, blocked: false } : undefined,
      seek: () => () => undefined,
      hasOtherDevices: () => otherDevices,
      changed: () => undefined,
      listsChanged: () => undefined,
      lineOpened: () => undefined,
    },
    kept,
  )
  outbox.start()
}

/** What is kept of it, read again as after a restart. */
function reopen(): void {
  const kept = { outbox: outbox.all(), inboxes: outbox.inboxes(), told: outbox.told }
  scope.end()
  open(JSON.parse(JSON.stringify(kept)) as typeof kept)
}

function send(): string {
  letters += 1
  const rumor = rumorOfDeed({
    from: ada.publicKey,
    members,
    title: undefined,
    sentAtSeconds: Math.floor(clock.now() / 1_000),
    clock: letters,
    expiresAtSeconds: undefined,
    act: { kind: 'text', content: `letter ${String(letters)}`, replyTo: undefined },
  })
  outbox.add({ conversation, rumor, to: { [ben.publicKey]: 'waiting' }, kept: true })
  outbox.dispatch(rumor.id)
  return rumor.id
}

const listOf = (signer: NostrSigner, urls: readonly string[], atSeconds = 1_000, kind = inboxListKind) =>
  signEvent(
    {
      kind,
      created_at: atSeconds,
      tags: urls.map((url) => [kind === inboxListKind ? 'relay' : 'r', url]),
      content: '',
    },
    signer,
  )

const leftOf = (id: string): readonly string[] | undefined =>
  outbox.all().find(({ rumor }) => rumor.id === id)?.brought?.[ben.publicKey]?.left

/** What one of these letters holds, for whoever it is for. */
async function opened(letter: NostrEvent | undefined, reader: NostrSigner): Promise<Rumor> {
  if (letter === undefined) throw new Error('there is no such letter')
  return (await unwrap(letter, reader, clock.now())).rumor
}

/** Resolves when everything that is under way has come to rest; nothing here waits for anything but the clock. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

async function pass(ms: number): Promise<void> {
  clock.advance(ms)
  await rest()
}

class Line implements ChatLine {
  readonly lists: NostrEvent[] = []
  readonly key: string

  constructor(key: string) {
    this.key = key
  }

  send(message: Uint8Array): void {
    const frame = readLineFrame(message)
    if (frame.kind === 'inbox') this.lists.push(frame.list)
  }

  listen(): void {
    // Nothing is said by this end.
  }

  close(): void {
    // Nobody looks.
  }
}

beforeEach(() => {
  ;[relays, clock, contacts, otherDevices] = [new Relays(), new FakeClock(), new Set([ben.publicKey]), false]
  open()
  return () => {
    scope.end()
  }
})

describe('a letter that one relay has taken', () => {
  beforeEach(async () => {
    relays.put(own, await listOf(ben, [one, two, three]))
  })

  it('G15: is shown as sent, and goes on to those that have not, less and less often, until they have it', async () => {
    relays.down.add(two).add(three)
    const id = send()
    await rest()
    expect(outbox.stateOf(id)).toEqual({ kind: 'sent' })
    expect(leftOf(id)).toEqual([two, three])
    relays.tried.length = 0
    for (let tick = 0; tick < 120; tick++) await pass(30_000)
    const tries = relays.tried.filter((url) => url === two).length
    expect(tries).toBeGreaterThan(4)
    expect(tries).toBeLessThan(9)
    expect(relays.tried).not.toContain(one)
    relays.down.clear()
    for (let tick = 0; tick < 120; tick++) await pass(30_000)
    expect([one, two, three].map((url) => relays.letters(url).length)).toEqual([1, 1, 1])
    expect(leftOf(id)).toEqual([])
    expect((await opened(relays.letters(two)[0], ben)).id).toBe(id)
  })

  it('goes on after a restart, at once', async () => {
    relays.down.add(two)
    send()
    await rest()
    relays.down.clear()
    reopen()
    await rest()
    expect([one, two, three].map((url) => relays.letters(url).length)).toEqual([1, 1, 1])
  })

  it('goes no further once it is delivered', async () => {
    relays.down.add(two)
    const id = send()
    await rest()
    outbox.delivered(id, ben.publicKey)
    relays.down.clear()
    await pass(hour)
    expect(relays.letters(two)).toEqual([])
    expect(outbox.all()).toEqual([])
  })

  it('is brought to all again once after a start and then daily, until it is a week old', async () => {
    send()
    await rest()
    const count = (): number => relays.letters(one).length
    reopen()
    await rest()
    expect(count()).toBe(1)
    await pass(2 * hour)
    expect(count()).toBe(1)
    reopen()
    await rest()
    expect(count()).toBe(2)
    await pass(hour)
    expect(count()).toBe(2)
    for (let step = 0; step < 24; step++) await pass(hour)
    expect(count()).toBe(3)
    for (let step = 0; step < 24 * 8; step++) await pass(hour)
    const [inAll, before] = [count(), clock.now()]
    expect(inAll).toBeGreaterThanOrEqual(7)
    expect(inAll).toBeLessThanOrEqual(9)
    reopen()
    await pass(2 * day)
    expect([count(), clock.now()]).toEqual([inAll, before + 2 * day])
  })

  it('is not brought again to somebody who is no contact', async () => {
    contacts.clear()
    send()
    await rest()
    await pass(2 * hour)
    reopen()
    await pass(day)
    expect(relays.letters(one)).toHaveLength(1)
  })

  it('is one of a bounded number that are brought again, the latest first, some at a time', async () => {
    for (let n = 0; n < maxRepeated + 20; n++) {
      send()
      // Each is made and sealed by itself.
      if (n % 20 === 0) await rest()
    }
    await vi.waitFor(() => expect(relays.letters(three)).toHaveLength(maxRepeated + 20), 20_000)
    await pass(2 * hour)
    reopen()
    await vi.waitFor(() => expect(relays.letters(three)).toHaveLength(maxRepeated + 20 + maxBroughtAtOnce), 20_000)
    const latest = relays.letters(three).slice(-maxBroughtAtOnce)
    const contents = await Promise.all(latest.map(async (letter) => (await opened(letter, ben)).content))
    const isLatest = (_: unknown, n: number): string => `letter ${String(letters - n)}`
    expect(new Set(contents)).toEqual(new Set(Array.from({ length: maxBroughtAtOnce }, isLatest)))
    for (let tick = 0; tick < 10; tick++) await pass(30_000)
    expect(relays.letters(three)).toHaveLength(2 * maxRepeated + 20)
  }, 60_000)
})

describe('copies for other devices of ours', () => {
  beforeEach(async () => {
    relays.put(own, await listOf(ben, [one]))
    otherDevices = true
  })

  it('are tried until a relay takes them, and say nothing of how far the message has come', async () => {
    await outbox.inboxOf(ben.publicKey)
    relays.down.add(own)
    const id = send()
    await rest()
    expect(outbox.stateOf(id)).toEqual({ kind: 'sent' })
    outbox.delivered(id, ben.publicKey)
    expect(outbox.stateOf(id)).toEqual({ kind: 'delivered' })
    reopen()
    await rest()
    expect(outbox.stateOf(id)).toEqual({ kind: 'delivered' })
    relays.down.clear()
    await pass(30_000)
    expect((await opened(relays.letters(own)[0], ada)).id).toBe(id)
    expect(outbox.all()).toEqual([])
  })

  it('are over when everybody has the message and one relay of ours the copy, or none would keep it any longer', async () => {
    scope.end()
    open(emptyIndex, { ...relays.port, urls: [own, two] })
    await outbox.inboxOf(ben.publicKey)
    relays.down.add(two)
    const [first, second] = [send(), send()]
    await rest()
    outbox.delivered(first, ben.publicKey)
    await pass(30_000)
    expect(outbox.all().map(({ rumor }) => rumor.id)).toEqual([second])
    await pass(31 * day)
    expect(outbox.all()[0]?.to[ada.publicKey]).toBe('delivered')
  })

  it('are given up when there is no other device any more', async () => {
    relays.down.add(own)
    const id = send()
    await rest()
    outbox.delivered(id, ben.publicKey)
    otherDevices = false
    await pass(30_000)
    expect(outbox.all()).toEqual([])
  })
})

/** Relays of ours that become others. */
function moving(first: readonly string[]) {
  let [urls, moved]: [readonly string[], (before: readonly string[]) => void] = [first, () => undefined]
  const port: MessengerPorts['relays'] = {
    ...relays.port,
    get urls() {
      return urls
    },
    onUrls: (listener) => {
      moved = listener
      return () => (moved = () => undefined)
    },
  }
  const move = (next: readonly string[]): void => {
    const before = urls
    urls = next
    moved(before)
  }
  return { port, move }
}

/** Opens with a relay that takes something only when it is told to, by the function that is given. */
function openSlow(port: MessengerPorts['relays'], slow: string): () => void {
  let answer: () => void = () => undefined
  open(emptyIndex, {
    ...port,
    get urls() {
      return port.urls
    },
    publish: async (event, urls = []) => {
      if (urls.includes(slow)) await new Promise<void>((resolve) => (answer = resolve))
      return port.publish(event, urls)
    },
  })
  return () => {
    answer()
  }
}

/** What each list that a relay has names. */
const toldAt = (url: string): readonly string[][] =>
  (relays.events.get(url) ?? []).map(({ tags }) => tags.map(([, named = '']) => named))

describe('lists of relays', () => {
  it('are said to contacts on each line, as they are published, and to nobody else', async () => {
    await rest()
    const [contact, other] = [new Line(ben.publicKey), new Line(stranger.publicKey)]
    outbox.opened(contact)
    outbox.opened(other)
    await rest()
    const published = relays.events.get(own)?.find(({ kind }) => kind === inboxListKind)
    expect(contact.lists.map(({ id }) => id)).toEqual([published?.id])
    expect(other.lists).toEqual([])
  })

  it('are published until each relay of ours has taken them, and after a restart as they were', async () => {
    scope.end()
    relays.events.clear()
    relays.down.add(own)
    open()
    await rest()
    relays.down.clear()
    await pass(30_000)
    await pass(hour)
    expect(relays.events.get(own)).toHaveLength(1)
    reopen()
    await rest()
    expect(new Set(relays.events.get(own)?.map(({ id }) => id)).size).toBe(1)
  })

  it('are told anew as soon as relays of ours are others: to these, to those before, and to contacts who are online', async () => {
    scope.end()
    const { port, move } = moving([own, two])
    const line = new Line(ben.publicKey)
    relays.events.clear()
    open(emptyIndex, port)
    outbox.opened(line)
    await rest()
    move([own, three])
    await rest()
    expect(toldAt(own)).toEqual([
      [own, two],
      [own, three],
    ])
    expect([toldAt(two), toldAt(three)]).toEqual([toldAt(own), [[own, three]]])
    expect(line.lists.map(({ tags }) => tags.at(-1)?.[1])).toEqual([two, three])
    // One that was left is told once, and a line is told no more often than its other end takes it.
    await pass(hour)
    expect(toldAt(two)).toHaveLength(2)
    for (let n = 0; n < maxListsOfLine; n++) {
      move([own, `wss://relay.example/${String(n)}`])
      await rest()
    }
    expect(line.lists).toHaveLength(maxListsOfLine)
    scope.end()
    move([own])
    await rest()
    expect(toldAt(own)).toHaveLength(maxListsOfLine + 2)
  })

  it('name what is inside our network inside of it alone', async () => {
    scope.end()
    relays.events.clear()
    const { port, move } = moving([inside])
    open(emptyIndex, port)
    const [early, later] = [new Line(ben.publicKey), new Line(ben.publicKey)]
    outbox.opened(early)
    await rest()
    expect([toldAt(inside), early.lists]).toEqual([[[inside]], []])
    move([inside, two])
    await rest()
    expect([toldAt(inside).at(-1), toldAt(two)]).toEqual([[two], [[two]]])
    move([inside])
    await rest()
    outbox.opened(later)
    await rest()
    // Who has gone by the public one learns that it is over.
    expect([toldAt(inside).at(-1), toldAt(two).at(-1)]).toEqual([[inside], []])
    expect([early, later].map(({ lists }) => lists.at(-1)?.tags)).toEqual([[], []])
    const [near, open_] = [relays.events.get(inside)?.at(-1), relays.events.get(two)?.at(-1)]
    expect(near?.created_at).toBeGreaterThan(open_?.created_at ?? Infinity)
    move([])
    await rest()
    expect(toldAt(inside).at(-1)).toEqual([])
  })

  it('reach relays that have become ours while others did not answer', async () => {
    scope.end()
    relays.events.clear()
    const { port, move } = moving([own])
    const answer = openSlow(port, own)
    await rest()
    move([own, two])
    outbox.opened(new Line(ben.publicKey))
    await rest()
    answer()
    await rest()
    answer()
    await rest()
    expect([toldAt(own).at(-1), toldAt(two).at(-1)]).toEqual([
      [own, two],
      [own, two],
    ])
  })

  it('inside our network as well, if the one before was under way when they became others', async () => {
    scope.end()
    relays.events.clear()
    const { port, move } = moving([two, inside])
    const answer = openSlow(port, two)
    await rest()
    move([two, three, inside])
    outbox.opened(new Line(ben.publicKey))
    for (let round = 0; round < 2; round++) {
      await rest()
      answer()
    }
    await rest()
    expect([two, three, inside].map((url) => toldAt(url).at(-1))).toEqual(Array(3).fill([two, three]))
  })

  it('that could not be signed are signed and told later, also at relays that were ours, and on the next line', async () => {
    scope.end()
    relays.events.clear()
    const { port, move } = moving([own])
    let isLocked = false
    const sign: NostrSigner['sign'] = (hash) => (isLocked ? Promise.reject(new Error('locked')) : ada.sign(hash))
    open(emptyIndex, port, { ...ada, sign })
    await rest()
    isLocked = true
    move([two])
    const [early, later] = [new Line(ben.publicKey), new Line(ben.publicKey)]
    outbox.opened(early)
    await rest()
    expect([toldAt(own), early.lists]).toEqual([[[own]], []])
    isLocked = false
    outbox.opened(later)
    await pass(30_000)
    expect([toldAt(own).at(-1), toldAt(two)]).toEqual([[two], [[two]]])
    expect(later.lists.map(({ tags }) => tags)).toEqual([[['relay', two]]])
  })

  it('are asked for at relays of others only now and then, however long somebody has none', async () => {
    relays.put(own, await listOf(ben, [two], 500, 10_002))
    for (let count = 0; count < 10; count++) {
      expect(await outbox.inboxOf(ben.publicKey)).toEqual([])
      clock.advance(30_000)
    }
    expect(relays.asked.filter((url) => url === two)).toHaveLength(1)
    expect(relays.asked.filter((url) => url === own)).toHaveLength(10)
    clock.advance(hour)
    await outbox.inboxOf(ben.publicKey)
    expect(relays.asked.filter((url) => url === two)).toHaveLength(2)
  })

  it('are taken from a line if they are signed by who is at its other end, the newest', async () => {
    const line = new Line(ben.publicKey)
    const inboxOfBen = () => outbox.inboxOf(ben.publicKey)
    expect(outbox.heardInbox(line, await listOf(stranger, [three]))).toBe(false)
    const forged = { ...(await listOf(stranger, [three])), pubkey: ben.publicKey }
    expect(outbox.heardInbox(line, forged)).toBe(false)
    const altered = { ...(await listOf(ben, [one])), tags: [['relay', three]] }
    expect(outbox.heardInbox(line, altered)).toBe(false)
    expect(outbox.heardInbox(line, await listOf(ben, [three], 1_000, 10_002))).toBe(false)
    expect(await inboxOfBen()).toEqual([])
    expect(outbox.heardInbox(line, await listOf(ben, [two, inside, 'wss://127.0.0.1'], 2_000))).toBe(true)
    expect(outbox.heardInbox(line, await listOf(ben, [one], 1_000))).toBe(true)
    expect(await inboxOfBen()).toEqual([two])
    reopen()
    expect(await inboxOfBen()).toEqual([two])
  })

  it('are not taken from somebody who is no contact, and without end from nobody', async () => {
    expect(outbox.heardInbox(new Line(stranger.publicKey), await listOf(stranger, [three]))).toBe(true)
    expect(outbox.inboxes()).toEqual({})
    const line = new Line(ben.publicKey)
    for (let n = 0; n < maxListsOfLine; n++)
      expect(outbox.heardInbox(line, await listOf(ben, [three], 1_000 + n))).toBe(true)
    expect(outbox.heardInbox(line, await listOf(ben, [three], 9_000))).toBe(false)
  })

  it('are looked for at the relays of their kind 10002, public ones only, and later where they take their mail', async () => {
    relays.put(own, await listOf(ben, [inside, two, 'ws://localhost:1'], 500, 10_002))
    relays.put(two, await listOf(ben, [three], 600))
    expect(await outbox.inboxOf(ben.publicKey)).toEqual([three])
    relays.put(three, await listOf(ben, [one], 700))
    clock.advance(hour)
    expect(await outbox.inboxOf(ben.publicKey)).toEqual([one])
    expect(new Set(relays.asked)).toEqual(new Set([own, two, three]))
  })
})

it('what is said once and does not fit into a letter is lost without a word', async () => {
  relays.put(own, await listOf(ben, [one]))
  const unheard: unknown[] = []
  const hear = (reason: unknown): void => void unheard.push(reason)
  process.on('unhandledRejection', hear)
  const receipt = (count: number): Rumor =>
    rumorOfDeed({
      from: ada.publicKey,
      members,
      title: undefined,
      sentAtSeconds: Math.floor(clock.now() / 1_000),
      clock: undefined,
      expiresAtSeconds: undefined,
      act: { kind: 'receipt', targets: Array<string>(count).fill('0'.repeat(64)) },
    })
  outbox.sendOnce(receipt(1_000), ben.publicKey)
  outbox.sendOnce(receipt(maxReceiptTargets), ben.publicKey)
  await rest()
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
  expect(relays.letters(one)).toHaveLength(1)
})
