import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Runtime } from '@p2pigeon/core'
import { freshSigner, npubOf } from '@p2pigeon/core/chat'
import { becomes, FakeFault, FakeKeeper, FakeLocks, FakeManager, fakeCore, openPeople } from '../testing/index.ts'
import type { Chats } from './chats.ts'
import { ChatsLoader, type ChatsState } from './chats-loader.ts'

const relayUrl = 'wss://relay.example'
const lockName = 'p2pigeon.chat'

/** Whom conversations are with is not what is tested here, and takes longer to open than they do: all tabs share one. */
const { people } = await openPeople()

/** What all tabs of one profile share. */
class Profile {
  readonly locks = new FakeLocks()
  readonly disk = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly tabs: Tab[] = []

  tab(): Tab {
    const tab = new Tab(this)
    this.tabs.push(tab)
    return tab
  }
}

/** A keeper over the disk of the profile. */
class TabKeeper extends FakeKeeper {
  readonly #tab: Tab

  constructor(tab: Tab) {
    super()
    this.#tab = tab
  }

  override read(slot: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#tab.step(`read ${slot}`, () => Promise.resolve(this.#tab.profile.disk.get(slot)?.slice()))
  }

  override write(slot: string, bytes: Uint8Array): Promise<void> {
    this.#tab.writes.push(slot)
    return this.#tab.step(`write ${slot}`, () => {
      this.#tab.profile.disk.set(slot, new Uint8Array(bytes))
      return Promise.resolve()
    })
  }

  override remove(slot: string): Promise<void> {
    this.#tab.writes.push(slot)
    this.#tab.profile.disk.delete(slot)
    return Promise.resolve()
  }
}

/** One tab: everything that its conversations wait for can be held up or fail, once, by its name. */
class Tab {
  readonly profile: Profile
  readonly loader: ChatsLoader
  readonly states: ChatsState['kind'][] = []
  readonly steps: string[] = []
  readonly writes: string[] = []
  /** Connections that are open now. */
  readonly sockets: string[] = []
  #stopAt: string | undefined
  #failAt: string | undefined
  #stopped: () => void = () => undefined
  #goOn: () => void = () => undefined

  constructor(profile: Profile) {
    this.profile = profile
    const core = fakeCore(new FakeManager())
    const ground = new FakeManager().ground()
    const sockets = {
      connectText: (url: string) => {
        this.sockets.push(url)
        let isOpen = true
        const close = (): void => {
          if (isOpen) this.sockets.splice(this.sockets.indexOf(url), 1)
          isOpen = false
        }
        return { bufferedBytes: 0, send: () => undefined, close }
      },
    } as unknown as Runtime['sockets']
    this.loader = new ChatsLoader({
      core: {
        loadChat: () => this.step('chat', () => core.loadChat()),
        loadPeople: () => this.step('people', () => core.loadPeople()),
      },
      keeper: new TabKeeper(this),
      people: { load: () => this.step('contacts', () => Promise.resolve(people)) },
      manager: { ground: () => ({ ...ground, runtime: { ...ground.runtime, sockets } }) },
      address: 'http://localhost/',
      relayUrls: () => this.step('relays', () => Promise.resolve([relayUrl])),
      blobs: () => this.step('blobs', () => Promise.resolve(undefined)),
      locks: profile.locks.locks,
      tabs: undefined,
      visibility: { isVisible: () => true, onChange: () => () => undefined },
      notify: () => undefined,
      now: () => Date.now(),
    })
    this.loader.state.subscribe(() => this.states.push(this.loader.state.get().kind))
  }

  get kind(): ChatsState['kind'] {
    return this.loader.state.get().kind
  }

  async step<Done>(name: string, done: () => Promise<Done>): Promise<Done> {
    this.steps.push(name)
    if (this.#failAt === name) {
      this.#failAt = undefined
      throw new FakeFault('not-now')
    }
    if (this.#stopAt === name) {
      this.#stopAt = undefined
      const goOn = new Promise<void>((resolve) => (this.#goOn = resolve))
      this.#stopped()
      await goOn
    }
    return done()
  }

  failAt(step: string): void {
    this.#failAt = step
  }

  /** Resolves when it stands there. */
  stopAt(step: string): Promise<void> {
    this.#stopAt = step
    return new Promise((resolve) => (this.#stopped = resolve))
  }

  goOn(): void {
    this.#goOn()
  }

  async becomes(kind: ChatsState['kind']): Promise<void> {
    await becomes(this.loader.state, (state) => state.kind === kind)
  }
}

function chatsOf({ loader }: Tab): Chats {
  const state = loader.state.get()
  if (state.kind !== 'open') throw new TypeError('they are not open')
  return state.chats
}

/** Everything that can follow without the network has followed. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 12; turns++) await new Promise((resolve) => setTimeout(resolve, 0))
}

let profile: Profile

beforeEach(() => {
  profile = new Profile()
})

afterEach(() => {
  for (const { loader } of profile.tabs) loader.close()
})

/** Everything that is waited for until conversations are open, in its order. */
async function stepsOfOpening(): Promise<readonly string[]> {
  const tab = new Profile().tab()
  tab.loader.open()
  await tab.becomes('open')
  const steps = [...new Set(tab.steps)]
  tab.loader.close()
  await settled()
  return steps.filter((step) => !betweenPages.test(step))
}

/** Of pages that are read one after the other in the same way, the first and the last say it. */
const betweenPages = /^read chat\.seen\.(?!0$|40$)\d+$/

const fatal = [
  'chat',
  'people',
  'contacts',
  'relays',
  'blobs',
  'read chat-settings',
  'read chat.index',
  'read chat.old',
]

test('opens in one tab; another one takes over, and gets them back when that one goes', async () => {
  const [one, other] = [profile.tab(), profile.tab()]
  one.loader.open()
  await one.becomes('open')
  expect(one.sockets).toEqual([relayUrl])
  other.loader.open()
  await other.becomes('elsewhere')
  other.loader.takeOver()
  await Promise.all([one.becomes('elsewhere'), other.becomes('open')])
  expect(one.sockets).toEqual([])
  other.loader.close()
  await one.becomes('open')
  expect(other.sockets).toEqual([])
  expect(profile.locks.isHeld(lockName)).toBe(true)
})

test('whoever loses them while they open opens nothing, and writes nothing from then on', async () => {
  const steps = await stepsOfOpening()
  expect(steps).toEqual(expect.arrayContaining([...fatal, 'read chat.seen.0', 'read chat.seen.40']))
  for (const step of steps) {
    profile = new Profile()
    const [one, other] = [profile.tab(), profile.tab()]
    const stopped = one.stopAt(step)
    one.loader.open()
    await stopped
    other.loader.open()
    await other.becomes('elsewhere')
    other.loader.takeOver()
    await Promise.all([one.becomes('elsewhere'), other.becomes('open')])
    const [writes, states] = [one.writes.length, one.states.length]
    one.goOn()
    await settled()
    expect([step, ...one.writes.slice(writes)]).toEqual([step])
    expect([step, ...one.states.slice(states)]).toEqual([step])
    expect([step, ...one.sockets]).toEqual([step])
    expect(other.kind).toBe('open')
    for (const { loader } of profile.tabs) loader.close()
  }
})

test('whoever loses them at once does not even begin', async () => {
  const [one, other] = [profile.tab(), profile.tab()]
  one.loader.open()
  other.loader.open()
  await other.becomes('elsewhere')
  other.loader.takeOver()
  await Promise.all([one.becomes('elsewhere'), other.becomes('open')])
  await settled()
  expect(one.states).not.toContain('open')
  expect([one.writes, one.sockets]).toEqual([[], []])
})

test('what could not be opened is ended, kept from no other tab, and opened again by one writer', async () => {
  for (const step of fatal) {
    profile = new Profile()
    const [one, other] = [profile.tab(), profile.tab()]
    one.failAt(step)
    one.loader.open()
    await one.becomes('failed')
    expect(one.loader.state.get()).toEqual({ kind: 'failed', code: 'not-now' })
    await settled()
    expect([step, ...one.sockets]).toEqual([step])
    expect([step, profile.locks.isHeld(lockName)]).toEqual([step, false])
    other.loader.open()
    await other.becomes('open')
    other.loader.close()
    await settled()
    const writes = one.writes.length
    await settled()
    expect(one.writes).toHaveLength(writes)
    one.loader.open()
    await one.becomes('open')
    await settled()
    expect([step, ...one.sockets]).toEqual([step, relayUrl])
    for (const { loader } of profile.tabs) loader.close()
  }
})

test('a tab that has failed and finds them elsewhere waits for them', async () => {
  const [one, other] = [profile.tab(), profile.tab()]
  one.failAt('read chat.old')
  one.loader.open()
  await one.becomes('failed')
  await settled()
  other.loader.open()
  await other.becomes('open')
  one.loader.open()
  await one.becomes('elsewhere')
  other.loader.close()
  await one.becomes('open')
})

test('the page that goes while they open keeps nothing open', async () => {
  const tab = profile.tab()
  const stopped = tab.stopAt('read chat.old')
  tab.loader.open()
  await stopped
  tab.loader.close()
  tab.goOn()
  await settled()
  expect([tab.states.includes('open'), tab.sockets, profile.locks.isHeld(lockName)]).toEqual([false, [], false])
})

test('a relay that somebody lists is used at once and after a reload, and no more when they have removed it', async () => {
  const tab = profile.tab()
  const second = 'wss://second.example'
  tab.loader.open()
  await tab.becomes('open')
  const chats = chatsOf(tab)
  const listed = () =>
    chatsOf(tab)
      .relays.get()
      .map(({ url, listed, state }) => [url, listed, state])
  expect(await chats.addRelay('nonsense')).toBe('no-address')
  expect(await chats.addRelay('ws://relay.example')).toBe('not-secure')
  expect(await chats.addRelay(`${relayUrl}/`)).toBe('known')
  expect(await chats.addRelay('Second.example')).toBe('added')
  expect(await chats.addRelay(second)).toBe('known')
  expect(tab.sockets).toEqual([relayUrl, second])
  expect(listed()).toEqual([
    [relayUrl, false, 'connecting'],
    [second, true, 'connecting'],
  ])
  expect(chats.legacy.ownRelays).toEqual([relayUrl, second])
  tab.loader.close()

  const again = profile.tab()
  again.loader.open()
  await again.becomes('open')
  expect(again.sockets).toEqual([relayUrl, second])
  await chatsOf(again).removeRelay(second)
  expect(again.sockets).toEqual([relayUrl])
  for (let count = 0; count < 8; count++) expect(await chatsOf(again).addRelay(`${second}/${count}`)).toBe('added')
  expect(await chatsOf(again).addRelay(`${second}/9`)).toBe('full')
  expect(again.sockets).toHaveLength(9)
})

test('old clients have relays of their own, from when there is one on: neither side takes the connections of the other', async () => {
  const tab = profile.tab()
  tab.loader.open()
  await tab.becomes('open')
  expect(tab.sockets).toEqual([relayUrl])
  const { legacy } = chatsOf(tab)
  const { publicKey } = freshSigner({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) })
  const id = await legacy.start(npubOf(publicKey))
  expect(tab.sockets).toEqual([relayUrl, relayUrl])
  await legacy.end(id)
  expect(tab.sockets).toEqual([relayUrl])
})
