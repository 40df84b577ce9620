import { expect, it } from 'vitest'
import { Archive, type Entry } from './archive.ts'
import { Drawer } from './drawer.ts'
import { pageSize, wordShelves } from './limits.ts'
import type { Kept } from './page.ts'
import { conversationOf, readDeed, rumorOfDeed, type Act } from './rumors.ts'
import type { Slots } from './slots.ts'

const [ada, ben] = ['a'.repeat(64), 'b'.repeat(64)] as const
const members = [ada, ben]
const pages = 500

class Disk implements Slots {
  readonly slots = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly reads: string[] = []
  /** A slot that can be neither read nor written. */
  broken: string | undefined

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.reads.push(name)
    if (name === this.broken) return Promise.reject(new Error('unreadable'))
    return Promise.resolve(this.slots.get(name))
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    if (name === this.broken) return Promise.reject(new Error('unwritable'))
    this.slots.set(name, new Uint8Array(bytes))
    return Promise.resolve()
  }

  remove(name: string): Promise<void> {
    this.slots.delete(name)
    return Promise.resolve()
  }

  count(prefix: string): number {
    return this.reads.filter((name) => name.startsWith(prefix)).length
  }
}

/** The `n`th thing that was said. */
function said(
  n: number,
  act: Act = { kind: 'text', content: `m${String(n)}`, replyTo: undefined },
  expiresAtSeconds?: number,
): Kept {
  const made = { from: ben, members, title: undefined, sentAtSeconds: 1_700_000_000 + n, expiresAtSeconds }
  return { rumor: rumorOfDeed({ ...made, clock: n + 1, act }), place: n + 1 }
}

const entryOf = (count: number): Entry => ({
  id: conversationOf(members),
  members,
  title: undefined,
  state: 'open',
  unread: 0,
  last: undefined,
  draft: '',
  muted: false,
  lifetimeSeconds: undefined,
  messageCount: count * pageSize,
  keptCount: count * pageSize,
  lifetimeSetBy: undefined,
  pages: count,
  lastRows: count === 0 ? 0 : pageSize,
})

/** A long conversation, as the next start finds it. */
async function long(): Promise<{ disk: Disk; drawer: Drawer }> {
  const disk = new Disk()
  const archive = new Archive(disk)
  const entry = entryOf(pages)
  for (let number = 0; number < pages; number++) {
    const page = Array.from({ length: pageSize }, (_, row) => said(number * pageSize + row))
    await archive.writePage(entry, number, page)
  }
  disk.reads.length = 0
  return { disk, drawer: new Drawer(new Archive(disk), entry, ada) }
}

it('asks a long history whether something is new without opening its pages', { timeout: 60_000 }, async () => {
  const { disk, drawer } = await long()
  for (let n = 0; n < 1_000; n++) {
    const { rumor } = said(pages * pageSize + n)
    expect(await drawer.append(rumor, readDeed(rumor))).toBe('new')
  }
  expect(disk.count('chat.page')).toBe(1)
  expect(disk.count('chat.words')).toBe(wordShelves)
  const { rumor } = said(7 * pageSize + 5)
  expect(await drawer.append(rumor, readDeed(rumor))).toBe('known')
  const reaction = said(8, { kind: 'reaction', target: rumor.id, emoji: '👍' })
  expect(await drawer.append(reaction.rumor, readDeed(reaction.rumor))).toBe('new')
  expect(disk.count('chat.page')).toBe(3)
})

it('takes what is over from pages that nobody looks at, and keeps nothing of it', async () => {
  const disk = new Disk()
  const archive = new Archive(disk)
  const drawer = new Drawer(archive, { ...entryOf(0), messageCount: 0, keptCount: 0 }, ada)
  const startSeconds = 1_700_000_000
  for (let n = 0; n < 3 * pageSize; n++) {
    const { rumor } = said(n, undefined, n % 2 === 0 ? startSeconds + 60 : undefined)
    await drawer.append(rumor, readDeed(rumor))
  }
  const again = new Drawer(new Archive(disk), drawer.entry, ada)
  expect(await again.sweep((startSeconds + 59) * 1_000)).toEqual([])
  expect(await again.sweep((startSeconds + 60) * 1_000)).toHaveLength(1.5 * pageSize)
  expect(again.entry).toMatchObject({ messageCount: 1.5 * pageSize, keptCount: 1.5 * pageSize, expires: {} })
  const kept = [...disk.slots].map(([, bytes]) => Buffer.from(bytes).toString()).join()
  expect(kept).toContain('"m1"')
  expect(kept).not.toMatch(/m[0-9]*[02468]\b/)
  disk.reads.length = 0
  expect(await again.sweep((startSeconds + 61) * 1_000)).toEqual([])
  expect(disk.reads).toEqual([])
})

it.each([
  ['first', 0],
  ['second', 1],
  ['latest', 3],
])('what is over goes from all pages but the %s one, which cannot be read, and from that later', async (_, bad) => {
  const disk = new Disk()
  const archive = new Archive(disk)
  const drawer = new Drawer(archive, { ...entryOf(0), messageCount: 0, keptCount: 0 }, ada)
  const startSeconds = 1_700_000_000
  for (let n = 0; n < 4 * pageSize; n++) {
    const { rumor } = said(n, undefined, n % 2 === 0 ? startSeconds + 60 : undefined)
    await drawer.append(rumor, readDeed(rumor))
  }
  const names = [...disk.slots.keys()].filter((name) => name.startsWith('chat.page'))
  const again = new Drawer(new Archive(disk), drawer.entry, ada)
  disk.broken = names[bad]
  expect(await again.sweep((startSeconds + 60) * 1_000)).toHaveLength(1.5 * pageSize)
  expect(again.entry).toMatchObject({ messageCount: 2.5 * pageSize, keptCount: 2.5 * pageSize })
  disk.broken = undefined
  expect(await again.sweep((startSeconds + 80) * 1_000)).toHaveLength(0.5 * pageSize)
  expect(again.entry).toMatchObject({ messageCount: 2 * pageSize, keptCount: 2 * pageSize, expires: {} })
})

it('a loaded page that cannot be written keeps what is over, and nothing else does', async () => {
  const disk = new Disk()
  const drawer = new Drawer(new Archive(disk), { ...entryOf(0), messageCount: 0, keptCount: 0 }, ada)
  const startSeconds = 1_700_000_000
  for (let n = 0; n < 2 * pageSize; n++) {
    const { rumor } = said(n, undefined, startSeconds + 60)
    await drawer.append(rumor, readDeed(rumor))
  }
  disk.broken = [...disk.slots.keys()].find((name) => name.startsWith('chat.page'))
  expect(await drawer.sweep((startSeconds + 60) * 1_000)).toHaveLength(pageSize)
  disk.broken = undefined
  expect(await drawer.sweep((startSeconds + 80) * 1_000)).toHaveLength(pageSize)
  expect(drawer.entry).toMatchObject({ messageCount: 0, expires: {} })
})
