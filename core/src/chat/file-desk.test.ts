import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromUtf8, utf8 } from '../bytes/index.ts'
import { TransportError, UsageError } from '../errors/index.ts'
import { Scope } from '../lifetime/index.ts'
import { webRandom } from '../runtime/platform/index.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { FakeFileStore } from '../testing/fake-file-store.ts'
import { FileDesk, type FileDeskPorts } from './file-desk.ts'
import { maxCopies, maxFetchedBytes, maxParcels, uploadRetryMs, type FileNote, type PlainFile } from './files/index.ts'
import type { KeptFiles } from './kept-files.ts'
import type { Slots } from './slots.ts'
import type { ConversationId } from './view.ts'

const talk = 'a'.repeat(64) as ConversationId
const other = 'b'.repeat(64) as ConversationId
const ben = 'c'.repeat(64)

interface Message {
  readonly id: string
  readonly conversation: ConversationId
  readonly note: FileNote
  readonly from: string
  readonly replyTo?: string | undefined
}

/** What a device keeps: slots, and in one of them the index of messages and files. */
class Disk implements Slots {
  readonly slots = new Map<string, Uint8Array<ArrayBuffer>>()
  isFull = false
  /** From now on nothing is written or removed any more: the device has crashed. */
  isCrashed = false

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.slots.get(name)?.slice())
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.isFull) throw new TransportError('disk-full', 'no room')
    if (this.isCrashed) await new Promise(() => undefined)
    this.slots.set(name, new Uint8Array(bytes))
  }

  async remove(name: string): Promise<void> {
    if (this.isCrashed) await new Promise(() => undefined)
    this.slots.delete(name)
  }

  /** Names of files that are there. */
  get files(): string[] {
    return [...this.slots.keys()].filter((name) => name.startsWith('chat.file.'))
  }

  get index(): { readonly files: KeptFiles; readonly messages: readonly Message[] } {
    const bytes = this.slots.get('index')
    if (bytes === undefined) return { files: { parcels: [], copies: [] }, messages: [] }
    return JSON.parse(fromUtf8(bytes)) as Disk['index']
  }
}

let disk: Disk
let clock: FakeClock
let store: FakeFileStore
let scope: Scope
let desk: FileDesk
let messages: Message[]
let relays: readonly string[]
let hasStore: boolean
let isPadded: boolean
/** What happens between the end of an upload and its message. */
let beforePosting: () => Promise<void>

function open(): void {
  scope = new Scope()
  const ours = scope
  messages = [...disk.index.messages]
  const keep = async (): Promise<void> => {
    if (ours.ended) throw new UsageError('messenger-closed', 'closed')
    await disk.write('index', utf8(JSON.stringify({ files: desk.kept, messages })))
  }
  const ports: FileDeskPorts = {
    slots: disk,
    clock,
    random: webRandom,
    scope,
    store: hasStore ? store : undefined,
    isPadded: () => isPadded,
    fileOf: (conversation, id) => messages.find((each) => each.id === id && each.conversation === conversation),
    relaysOf: () => Promise.resolve(relays),
    post: async (conversation, note, replyTo, posting) => {
      if (ours.ended) throw new UsageError('messenger-closed', 'closed')
      await beforePosting()
      const id = `message ${String(messages.length)}`
      posting.done(id)
      messages.push({ id, conversation, note, from: 'me', replyTo })
      try {
        await keep()
      } catch (error) {
        messages.pop()
        posting.undone()
        throw error
      }
    },
    keep,
    changed: () => undefined,
  }
  desk = new FileDesk(ports, disk.index.files)
}

async function restart(): Promise<void> {
  scope.end()
  disk.isCrashed = false
  open()
  await desk.start()
}

const file = (name: string, length = 300): PlainFile => ({
  name,
  type: 'text/plain',
  bytes: new Uint8Array(length).fill(1),
})
const states = (): string[] => desk.parcels(talk).map(({ state }) => state.kind)
const names = (): string[] => messages.map(({ note }) => note.name)

/** A file that Ben has sent, which is at this address. */
async function fromBen(url: (hash: string) => string, part: Partial<FileNote> = {}): Promise<string> {
  const sender = new FakeFileStore('https://bens.example/blobs')
  const theirs = new Disk()
  const before = { disk, store, messages, desk, scope }
  ;[disk, store] = [theirs, sender]
  open()
  await desk.send(talk, file('from-ben.txt', 500))
  await vi.waitFor(() => expect(messages).toHaveLength(1))
  const note = messages[0]?.note
  scope.end()
  ;({ disk, store, messages, desk, scope } = before)
  if (note === undefined) throw new Error('nothing was sent')
  const [at, bytes] = [url(note.hash), sender.files.get(note.url)]
  if (bytes !== undefined) store.files.set(at, bytes)
  messages.push({ id: 'from ben', conversation: talk, note: { ...note, url: at, ...part }, from: ben })
  return 'from ben'
}
const atBens = (hash: string): string => `https://bens.example/blobs/${hash}`

beforeEach(() => {
  ;[disk, clock, store, hasStore, isPadded] = [new Disk(), new FakeClock(), new FakeFileStore(), true, true]
  relays = ['wss://bens.example/nostr']
  beforePosting = () => Promise.resolve()
  open()
})

afterEach(() => {
  scope.end()
})

describe('a file that is sent', () => {
  it('is brought sealed and padded, then told of, and here without being fetched', async () => {
    await desk.send(talk, { ...file('../cat.png'), type: 'IMAGE/PNG', width: 4, height: 3 }, 'question')
    await vi.waitFor(() => expect(names()).toEqual(['cat.png']))
    const { note, replyTo } = messages[0] ?? expect.fail('nothing was sent')
    expect(note).toMatchObject({ type: 'image/png', bytes: 300, isPadded: true, width: 4, height: 3 })
    expect([replyTo, note.url]).toEqual(['question', `${store.url}/${note.hash}`])
    const sealed = store.files.get(note.url)
    expect(sealed).toHaveLength(304 + 16)
    expect(states()).toEqual([])
    expect(desk.isNear(talk, 'message 0')).toBe(true)
    expect(await desk.open(talk, 'message 0')).toEqual(new Uint8Array(300).fill(1))
    expect(store.fetched).toEqual([])
    expect(disk.index.files).toMatchObject({ parcels: [], copies: [{ message: 'message 0' }], loose: [] })
  })

  it('goes unpadded to somebody whose client may not know padding', async () => {
    isPadded = false
    await desk.send(talk, file('plain.txt'))
    await vi.waitFor(() => expect(messages[0]?.note.isPadded).toBe(false))
    expect([...store.files.values()][0]).toHaveLength(316)
  })

  it('never shares a key or a place with another of the same content', async () => {
    await desk.send(talk, file('a'))
    await desk.send(talk, file('b'))
    await vi.waitFor(() => expect(messages).toHaveLength(2))
    for (const part of ['key', 'nonce', 'hash'] as const) {
      expect(messages[0]?.note[part]).not.toBe(messages[1]?.note[part])
    }
    expect(disk.files).toHaveLength(2)
  })

  it('waits while nobody answers, and goes when somebody does', async () => {
    store.isDown = true
    await desk.send(talk, file('late.txt'))
    await vi.waitFor(() => expect(clock.pending).toBe(1))
    expect(states()).toEqual(['waiting'])
    store.isDown = false
    clock.advance(uploadRetryMs)
    await vi.waitFor(() => expect(names()).toEqual(['late.txt']))
    expect(clock.pending).toBe(0)
  })

  it('waits for a store that is busy', async () => {
    store.status = 429
    await desk.send(talk, file('late.txt'))
    await vi.waitFor(() => expect(clock.pending).toBe(1))
    store.status = undefined
    clock.advance(uploadRetryMs)
    await vi.waitFor(() => expect(names()).toEqual(['late.txt']))
  })

  it.each([
    [507, 'store-full'],
    [401, 'store-refused'],
    [413, 'file-too-large'],
  ])(
    'that the store answers by %i has failed, keeps no other waiting, and goes at a word of the user',
    async (status, code) => {
      store.status = status
      await desk.send(talk, file('first'))
      await vi.waitFor(() => expect(desk.parcels(talk)[0]?.state).toEqual({ kind: 'failed', code }))
      store.status = undefined
      await desk.send(talk, file('second'))
      await vi.waitFor(() => expect(names()).toEqual(['second']))
      await restart()
      expect(desk.parcels(talk)[0]?.state).toEqual({ kind: 'failed', code })
      desk.retry(desk.parcels(talk)[0]?.id ?? '')
      await vi.waitFor(() => expect(names()).toEqual(['second', 'first']))
    },
  )

  it('goes in its turn, and shows how far it is', async () => {
    let go: () => void = () => undefined
    store.gate = new Promise<void>((resolve) => (go = resolve))
    for (const name of ['one', 'two', 'three']) await desk.send(talk, file(name))
    expect(desk.parcels(talk).map(({ name }) => name)).toEqual(['one', 'two', 'three'])
    await vi.waitFor(() => expect(desk.parcels(talk)[0]?.state).toEqual({ kind: 'sending', part: 0.5 }))
    expect(states()).toEqual(['sending', 'waiting', 'waiting'])
    go()
    await vi.waitFor(() => expect(names()).toEqual(['one', 'two', 'three']))
  })

  it('that cannot be told of is not lost', async () => {
    let go: () => void = () => undefined
    store.gate = new Promise<void>((resolve) => (go = resolve))
    await desk.send(talk, file('kept'))
    disk.isFull = true
    go()
    await vi.waitFor(() => expect(desk.parcels(talk)[0]?.state).toEqual({ kind: 'failed', code: 'disk-full' }))
    expect([messages, desk.kept.copies]).toEqual([[], []])
    disk.isFull = false
    desk.retry(desk.parcels(talk)[0]?.id ?? '')
    await vi.waitFor(() => expect(names()).toEqual(['kept']))
  })
})

describe('is refused', () => {
  it.each([
    ['nothing', () => file('a', 0), 'empty-file'],
    ['more than the store takes', () => file('a', 2 ** 20), 'file-too-large'],
  ])('%s', async (_, made, code) => {
    await expect(desk.send(talk, made())).rejects.toMatchObject({ code })
    expect([disk.files, states()]).toEqual([[], []])
  })

  it('anything without a store', async () => {
    hasStore = false
    open()
    expect(desk.maxBytes).toBeUndefined()
    await expect(desk.send(talk, file('a'))).rejects.toMatchObject({ code: 'no-file-store' })
  })

  it('more than may wait, also when all come at once', async () => {
    store.isDown = true
    const sent = await Promise.allSettled(
      Array.from({ length: maxParcels + 3 }, (_, n) => desk.send(talk, file(String(n)))),
    )
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(maxParcels)
    expect(sent.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'too-many-files' } })
    expect(disk.files).toHaveLength(maxParcels)
  })

  it('what nobody would fetch, whatever the store takes', () => {
    store = new FakeFileStore('https://node.example/blobs', 2 ** 40)
    open()
    expect(desk.maxBytes).toBeLessThan(maxFetchedBytes)
    expect(desk.maxBytes).toBeGreaterThan(maxFetchedBytes * 0.95)
  })

  it('what the disk has no room for, and nothing of it stays', async () => {
    disk.isFull = true
    await expect(desk.send(talk, file('a'))).rejects.toMatchObject({ code: 'disk-full' })
    disk.isFull = false
    expect([disk.files, states()]).toEqual([[], []])
  })
})

describe('a file that is taken back', () => {
  it('while it waits is forgotten, and others go on', async () => {
    store.isDown = true
    await desk.send(talk, file('regretted'))
    await desk.send(talk, file('wanted'))
    await desk.cancel(desk.parcels(talk)[0]?.id ?? '')
    expect(disk.files).toHaveLength(1)
    store.isDown = false
    await restart()
    await vi.waitFor(() => expect(names()).toEqual(['wanted']))
    expect(store.brought).toHaveLength(1)
  })

  it('while it is being sent is sent no further', async () => {
    store.gate = new Promise(() => undefined)
    await desk.send(talk, file('regretted'))
    await vi.waitFor(() => expect(states()).toEqual(['sending']))
    await desk.cancel(desk.parcels(talk)[0]?.id ?? '')
    await desk.send(talk, file('wanted'))
    store.gate = Promise.resolve()
    await vi.waitFor(() => expect(desk.parcels(talk).map(({ name }) => name)).toEqual(['wanted']))
    expect([store.brought, disk.files.length]).toEqual([[], 1])
  })

  it('at the very moment when it would be told of is not told of', async () => {
    beforePosting = async () => {
      beforePosting = () => Promise.resolve()
      await desk.cancel(desk.parcels(talk)[0]?.id ?? '')
    }
    await desk.send(talk, file('regretted'))
    await vi.waitFor(() => expect(store.brought).toHaveLength(1))
    await desk.send(talk, file('wanted'))
    await vi.waitFor(() => expect(names()).toEqual(['wanted']))
    expect([disk.files.length, desk.kept.parcels]).toEqual([1, []])
  })

  it('by the end of its conversation is forgotten, whenever that was', async () => {
    beforePosting = () => Promise.reject(new UsageError('unknown-conversation', 'there is no such conversation'))
    await desk.send(talk, file('nowhere'))
    await vi.waitFor(() => expect([states(), disk.files]).toEqual([[], []]))
  })

  it('is not when it is a message already', async () => {
    await desk.send(talk, file('said'))
    const { id } = desk.parcels(talk)[0] ?? expect.fail('it is gone')
    await vi.waitFor(() => expect(names()).toEqual(['said']))
    await desk.cancel(id)
    expect(disk.files).toHaveLength(1)
  })
})

describe('after a restart', () => {
  it('what waits is sent, once', async () => {
    store.isDown = true
    await desk.send(talk, file('waiting'))
    await restart()
    expect(desk.parcels(talk).map(({ name }) => name)).toEqual(['waiting'])
    store.isDown = false
    await restart()
    await vi.waitFor(() => expect(names()).toEqual(['waiting']))
    await restart()
    await restart()
    expect([names(), store.brought.length, states()]).toEqual([['waiting'], 1, []])
    expect(await desk.open(talk, 'message 0')).toHaveLength(300)
  })

  it('what the store has, and nobody was told of, is told of once', async () => {
    let go: () => void = () => undefined
    store.gate = new Promise<void>((resolve) => (go = resolve))
    await desk.send(talk, file('half'))
    disk.isCrashed = true
    go()
    await vi.waitFor(() => expect(store.brought).toHaveLength(1))
    await restart()
    await vi.waitFor(() => expect(names()).toEqual(['half']))
    expect(new Set(store.brought).size).toBe(1)
  })

  it('nothing is left of a file whose keeping was cut off at any point', async () => {
    for (let step = 1; step <= 3; step++) {
      disk = new Disk()
      store = new FakeFileStore()
      store.isDown = true
      open()
      const write = disk.write.bind(disk)
      let left = step
      disk.write = async (name, bytes) => {
        await write(name, bytes)
        left -= 1
        if (left === 0) disk.isCrashed = true
      }
      void desk.send(talk, file('cut off'))
      await vi.waitFor(() => expect(disk.isCrashed).toBe(true))
      disk.write = write
      await restart()
      // It was kept, or it was not; a file that nothing speaks of is not there.
      expect(disk.files.length, String(step)).toBe(desk.parcels(talk).length)
    }
  })

  it('nothing is left of a file whose removal was cut off', async () => {
    await desk.send(talk, file('gone'))
    await vi.waitFor(() => expect(disk.index.messages).toHaveLength(1))
    const remove = disk.remove.bind(disk)
    disk.remove = () => new Promise(() => undefined)
    void desk.drop(['message 0'])
    await vi.waitFor(() => expect(disk.index.files.copies).toEqual([]))
    disk.remove = remove
    expect(disk.files).toHaveLength(1)
    await restart()
    expect(disk.files).toEqual([])
  })

  it('nothing goes on of a desk whose scope has ended', async () => {
    store.isDown = true
    await desk.send(talk, file('waiting'))
    store.gate = new Promise(() => undefined)
    desk.retry(desk.parcels(talk)[0]?.id ?? '')
    scope.end()
    await new Promise((resolve) => setImmediate(resolve))
    expect(clock.pending).toBe(0)
  })
})

describe('a file of somebody else', () => {
  it('is fetched from where they take mail, once', async () => {
    const id = await fromBen(atBens)
    expect(desk.isNear(talk, id)).toBe(false)
    expect(await desk.open(talk, id)).toEqual(new Uint8Array(500).fill(1))
    expect(desk.isNear(talk, id)).toBe(true)
    store.files.clear()
    expect(await desk.open(talk, id)).toHaveLength(500)
    expect(store.fetched).toHaveLength(1)
    await restart()
    messages.push({ ...(messages[0] ?? expect.fail('none')), id })
    expect(await desk.open(talk, id)).toHaveLength(500)
  })

  it.each([
    'https://elsewhere.example/blobs/1',
    'http://bens.example/blobs/1',
    'https://192.168.1.1/blobs/1',
    'https://node.example/blobs/../ice',
  ])('is never asked for at %s', async (url) => {
    const id = await fromBen(() => url)
    await expect(desk.open(talk, id)).rejects.toMatchObject({ code: 'file-place' })
    expect(store.fetched).toEqual([])
  })

  it('is not asked for when they take no mail anywhere', async () => {
    relays = []
    const id = await fromBen(atBens)
    await expect(desk.open(talk, id)).rejects.toMatchObject({ code: 'file-place' })
  })

  it('that is changed, cut off or another one is refused, and not kept', async () => {
    const id = await fromBen(atBens)
    const [url, bytes] = [...store.files][0] ?? expect.fail('nothing is there')
    const changed = bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte))
    for (const wrong of [changed, bytes.slice(0, -1), new Uint8Array(0), webRandom.bytes(bytes.length)]) {
      store.files.set(url, wrong)
      await expect(desk.open(talk, id)).rejects.toMatchObject({ code: 'file-damaged' })
    }
    expect(disk.files).toEqual([])
  })

  it('that is larger than was said is not read to its end', async () => {
    const id = await fromBen(atBens, { bytes: 100 })
    await expect(desk.open(talk, id)).rejects.toMatchObject({ code: 'file-too-large' })
  })

  it('that is said to be too large is not asked for', async () => {
    const id = await fromBen(atBens, { bytes: 10 ** 11 })
    await expect(desk.open(talk, id)).rejects.toMatchObject({ code: 'file-too-large' })
    expect(store.fetched).toEqual([])
  })

  it('that is gone says so', async () => {
    const id = await fromBen(atBens)
    store.files.clear()
    await expect(desk.open(talk, id)).rejects.toMatchObject({ code: 'file-gone' })
  })

  it('that nobody speaks of is none', async () => {
    await fromBen(atBens)
    await expect(desk.open(talk, 'another')).rejects.toMatchObject({ code: 'no-file' })
    await expect(desk.open(other, 'from ben')).rejects.toMatchObject({ code: 'no-file' })
  })

  it('whose message goes while it is fetched is not kept', async () => {
    const id = await fromBen(atBens)
    const opened = desk.open(talk, id)
    messages = []
    await opened
    expect(disk.files).toEqual([])
  })

  it('is shown where it cannot be kept, and fetched again', async () => {
    const id = await fromBen(atBens)
    disk.isFull = true
    expect(await desk.open(talk, id)).toHaveLength(500)
    disk.isFull = false
    expect(await desk.open(talk, id)).toHaveLength(500)
    expect(store.fetched).toHaveLength(2)
  })
})

describe('what is kept', () => {
  it('goes with its message, and with its conversation', async () => {
    await desk.send(talk, file('one'))
    await desk.send(other, file('two'))
    await vi.waitFor(() => expect(messages).toHaveLength(2))
    store.isDown = true
    await desk.send(other, file('three'))
    await desk.drop(['message 0'])
    expect(disk.files).toHaveLength(2)
    const remove = desk.forget(other)
    expect(desk.kept).toMatchObject({ parcels: [], copies: [] })
    await remove()
    expect([disk.files, desk.parcels(other)]).toEqual([[], []])
  })

  it('is bounded: the oldest copy gives way', async () => {
    const many = Array.from({ length: maxCopies }, (_, n) => ({
      hash: n.toString(16).padStart(64, '0'),
      bytes: 1,
      conversation: talk,
      message: `old ${String(n)}`,
    }))
    disk.slots.set(
      'index',
      new Uint8Array(utf8(JSON.stringify({ files: { parcels: [], copies: many }, messages: [] }))),
    )
    open()
    await desk.send(talk, file('new'))
    await vi.waitFor(() => expect(desk.kept.copies.at(-1)?.message).toBe('message 0'))
    await vi.waitFor(() => expect(desk.kept.copies).toHaveLength(maxCopies))
    expect(desk.kept.copies[0]?.message).toBe('old 1')
  })

  it('is named so that the disk does not tell what a store has', async () => {
    await desk.send(talk, file('one'))
    await vi.waitFor(() => expect(messages).toHaveLength(1))
    expect(disk.files[0]).not.toContain(messages[0]?.note.hash.slice(0, 8))
  })
})
