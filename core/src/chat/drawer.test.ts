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

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.reads.push(name)
    return Promise.resolve(this.slots.get(name))
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
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
function said(n: number, act: Act = { kind: 'text', content: `m${String(n)}`, replyTo: undefined }): Kept {
  const made = { from: ben, members, title: undefined, sentAtSeconds: 1_700_000_000 + n, expiresAtSeconds: undefined }
  return { rumor: rumorOfDeed({ ...made, clock: n + 1, act }), place: n + 1 }
}

/** A long conversation, as the next start finds it. */
async function long(): Promise<{ disk: Disk; drawer: Drawer }> {
  const disk = new Disk()
  const archive = new Archive(disk)
  const entry: Entry = {
    id: conversationOf(members),
    members,
    title: undefined,
    state: 'open',
    unread: 0,
    last: undefined,
    draft: '',
    muted: false,
    lifetimeSeconds: undefined,
    messageCount: pages * pageSize,
    keptCount: pages * pageSize,
    lifetimeSetBy: undefined,
    pages,
    lastRows: pageSize,
  }
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
