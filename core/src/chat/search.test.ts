import fc from 'fast-check'
import { expect, it } from 'vitest'
import { utf8 } from '../bytes/index.ts'
import { Archive, type Entry } from './archive.ts'
import type { Kept } from './page.ts'
import type { Slots } from './slots.ts'
import { holdsAll, wordsOf } from './digest.ts'
import { Drawer } from './drawer.ts'
import { folded } from './folded.ts'
import { maxPageWords, pageSize } from './limits.ts'
import { conversationOf, readDeed, rumorOfDeed, type Act } from './rumors.ts'
import { search } from './search.ts'
import type { ConversationId, FoundMessage } from './view.ts'

const [ada, ben, cleo] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string]
const circles = [
  [ada, ben],
  [ada, cleo],
  [ada, ben, cleo],
] as const
const nowMs = 1_700_000_000_000
const nowSeconds = nowMs / 1_000

/** A disk that stops taking anything in the middle of something. */
class Disk implements Slots {
  readonly slots = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly reads: string[] = []
  writesLeft = Infinity
  damaged: string | undefined

  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    this.reads.push(name)
    if (name === this.damaged) return Promise.reject(new Error('damaged'))
    return Promise.resolve(this.slots.get(name))
  }

  write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.writesLeft <= 0) return Promise.reject(new Error('crashed'))
    this.writesLeft--
    this.slots.set(name, new Uint8Array(bytes))
    return Promise.resolve()
  }

  remove(name: string): Promise<void> {
    this.slots.delete(name)
    return Promise.resolve()
  }

  text(prefix: string): string {
    return [...this.slots]
      .map(([name, bytes]) => (name.startsWith(prefix) ? Buffer.from(bytes).toString() : ''))
      .join('')
  }

  forget(prefix: string): void {
    for (const name of [...this.slots.keys()]) if (name.startsWith(prefix)) this.slots.delete(name)
  }
}

const entryOf = (members: readonly string[]): Entry => ({
  id: conversationOf(members),
  members,
  title: undefined,
  state: 'open',
  unread: 0,
  last: undefined,
  draft: '',
  muted: false,
  lifetimeSeconds: undefined,
  messageCount: 0,
  keptCount: 0,
  lifetimeSetBy: undefined,
  pages: 0,
})

interface Move {
  readonly circle: number
  readonly by: number
  readonly what: 'text' | 'edit' | 'removal' | 'reaction'
  readonly content: string
  readonly target: number
  readonly age: number
  readonly lives: boolean
}

/** Everything that was said so far, by conversation. */
type Said = Map<ConversationId, Kept[]>

function keptOf(said: Said, { circle, by, what, content, target, age, lives }: Move): Kept | undefined {
  const members = circles[circle] ?? circles[0]
  const known = said.get(conversationOf(members)) ?? []
  const aim = known[target % Math.max(1, known.length)]?.rumor
  const about = aim?.id
  if (what !== 'text' && about === undefined) return undefined
  const act: Act =
    what === 'text' || about === undefined
      ? { kind: 'text', content, replyTo: undefined }
      : what === 'edit'
        ? { kind: 'edit', target: about, content }
        : what === 'removal'
          ? { kind: 'removal', target: about }
          : { kind: 'reaction', target: about, emoji: '👍' }
  const from = members[by % members.length] ?? ada
  // A clock of its own gives each another id.
  const place = known.length + 1
  // What is said about a message goes with it.
  const own = lives ? undefined : nowSeconds + 5 - age
  const expiresAtSeconds = aim === undefined || what === 'text' ? own : readDeed(aim).expiresAtSeconds
  const made = { from, members, title: undefined, sentAtSeconds: nowSeconds - age, clock: place, expiresAtSeconds, act }
  return { rumor: rumorOfDeed(made), place }
}

const content = fc
  .array(fc.constantFrom('Hello', 'hel', 'Café', 'CAFE', 'über', 'ubER', 'lo', 'x', 'İzmir', 'ｆｕｌｌ'), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((words) => fc.constantFrom(' ', '\n', ' \t ').map((space) => words.join(space)))
const move: fc.Arbitrary<Move> = fc.record({
  circle: fc.constantFrom(0, 0, 0, 0, 1, 2),
  by: fc.nat(2),
  what: fc.constantFrom('text', 'text', 'text', 'text', 'edit', 'removal', 'reaction'),
  content,
  target: fc.nat(1_000),
  age: fc.nat(9),
  lives: fc.boolean(),
})
const query = fc.oneof(content, fc.constantFrom('e', 'el', 'll lo', 'caf', 'u', 'izmir', 'full', 'nothing', '…', '  '))

/** What the drawers hold after the pages were written as they are, each with or without its digest. */
async function drawersOf(disk: Disk, moves: readonly Move[], digested: (page: number) => boolean): Promise<Drawers> {
  const archive = new Archive(disk)
  const said: Said = new Map()
  for (const each of moves) {
    const kept = keptOf(said, each)
    const id = conversationOf(circles[each.circle] ?? circles[0])
    if (kept !== undefined) said.set(id, [...(said.get(id) ?? []), kept])
  }
  const drawers = new Map<ConversationId, Drawer>()
  let written = 0
  for (const members of circles) {
    const entry = entryOf(members)
    const all = said.get(entry.id) ?? []
    const pages = Math.ceil(all.length / pageSize)
    for (let number = 0; number < pages; number++) {
      const page = all.slice(number * pageSize, (number + 1) * pageSize)
      await archive.writePage({ ...entry, pages }, number, page)
      if (!digested(written++)) await archive.words.remove(entry.id, number + 1)
    }
    drawers.set(entry.id, new Drawer(archive, { ...entry, pages, keptCount: all.length }, ada))
  }
  return { archive, drawers, said }
}

interface Drawers {
  readonly archive: Archive
  readonly drawers: Map<ConversationId, Drawer>
  readonly said: Said
}

const find = (wanted: string, limit: number, { archive, drawers }: Pick<Drawers, 'archive' | 'drawers'>) =>
  search(wanted, limit, {
    words: archive.words,
    drawers,
    self: ada,
    nowMs,
    stateOf: () => ({ kind: 'sent' }),
    inOrder: (step) => step(),
  })

/** The same drawers as the next start finds them. */
function reopened(disk: Disk, drawers: ReadonlyMap<ConversationId, Drawer>): Pick<Drawers, 'archive' | 'drawers'> {
  const archive = new Archive(disk)
  return { archive, drawers: new Map([...drawers].map(([id, { entry }]) => [id, new Drawer(archive, entry, ada)])) }
}

/** Everything, read. */
async function scan(wanted: string, limit: number, disk: Disk, drawers: ReadonlyMap<ConversationId, Drawer>) {
  const words = wordsOf(wanted)
  const found: FoundMessage[] = []
  if (words.length === 0) return found
  for (const [conversation, drawer] of reopened(disk, drawers).drawers) {
    await drawer.loadAll()
    for (const message of drawer.messages(() => ({ kind: 'sent' }))) {
      const isOver = (message.expiresAtMs ?? Infinity) <= nowMs
      if (!message.deleted && !isOver && holdsAll(folded(message.content), words)) found.push({ conversation, message })
    }
  }
  return found
    .sort((a, b) => b.message.sentAtMs - a.message.sentAtMs || (a.message.id < b.message.id ? -1 : 1))
    .slice(0, limit)
}

/** Lengths that make several pages of one conversation, and none of another. */
const history = fc.oneof(fc.array(move, { maxLength: 30 }), fc.array(move, { minLength: 500, maxLength: 900 }))

it('finds exactly what reading everything finds, whichever digests there are', async () => {
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.array(query, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(1, 3, 100, 5_000),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
      async (moves, queries, limit, digested) => {
        const disk = new Disk()
        const { drawers } = await drawersOf(disk, moves, (page) => digested[page % digested.length] ?? true)
        const again = reopened(disk, drawers)
        for (const wanted of queries)
          expect(await find(wanted, limit, again)).toEqual(await scan(wanted, limit, disk, drawers))
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

it('finds exactly what reading everything finds after whatever is said, erased and over, and a crash in between', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(move, { minLength: 150, maxLength: 700 }),
      fc.array(move, { minLength: 1, maxLength: 8 }),
      fc.array(query, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(12)),
      async (before, moves, queries, crash) => {
        const disk = new Disk()
        const world = await drawersOf(disk, before, () => true)
        disk.writesLeft = crash ?? Infinity
        try {
          for (const each of moves) {
            const kept = keptOf(world.said, each)
            const id = conversationOf(circles[each.circle] ?? circles[0])
            if (kept === undefined) continue
            await world.drawers.get(id)?.append(kept.rumor, readDeed(kept.rumor))
            world.said.set(id, [...(world.said.get(id) ?? []), kept])
          }
          for (const drawer of world.drawers.values()) await drawer.sweep(nowMs)
        } catch {
          // crashed
        }
        disk.writesLeft = Infinity
        const again = reopened(disk, world.drawers)
        for (const wanted of queries)
          expect(await find(wanted, 100, again)).toEqual(await scan(wanted, 100, disk, world.drawers))
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)

const say = (words: string, part: Partial<Move> = {}): Move => ({
  circle: 0,
  by: 0,
  what: 'text',
  content: words,
  target: 0,
  age: 0,
  lives: true,
  ...part,
})

it('opens only pages that hold what it gives, and those once made digests stay', async () => {
  const disk = new Disk()
  const moves = Array.from({ length: 5 * pageSize }, (_, n) => say(n === 250 ? 'needle here' : `hay ${String(n)}`))
  const { drawers } = await drawersOf(disk, moves, () => true)
  disk.reads.length = 0
  expect((await find('NEEDLE', 10, reopened(disk, drawers))).map(({ message }) => message.content)).toEqual([
    'needle here',
  ])
  expect(disk.reads.filter((name) => name.startsWith('chat.page'))).toHaveLength(1)
  disk.forget('chat.words')
  await find('needle', 10, reopened(disk, drawers))
  disk.reads.length = 0
  await find('nowhere', 10, reopened(disk, drawers))
  expect(disk.reads.filter((name) => name.startsWith('chat.page'))).toEqual([])
})

it('makes what is damaged or of another version again', async () => {
  const disk = new Disk()
  const { drawers } = await drawersOf(disk, [say('still there')], () => true)
  for (const bad of ['{"version":0,"digests":{}}', '{']) {
    for (const name of disk.slots.keys()) if (name.startsWith('chat.words')) disk.slots.set(name, utf8(bad))
    expect(await find('still', 10, reopened(disk, drawers))).toHaveLength(1)
    expect(disk.text('chat.words')).toContain('still there')
  }
})

it('keeps no words of what is erased, over, or of conversations that are gone', async () => {
  const disk = new Disk()
  const world = await drawersOf(disk, [say('spoken'), say('passing', { lives: false, age: 6 })], () => true)
  const [drawer] = world.drawers.values()
  if (drawer === undefined) throw new Error('no drawer')
  const append = async (part: Partial<Move>): Promise<void> => {
    const kept = keptOf(world.said, say('changed', part))
    if (kept) await drawer.append(kept.rumor, readDeed(kept.rumor))
  }
  await append({ what: 'edit' })
  expect(disk.text('chat.words')).toMatch(/spoken.*changed/s)
  await append({ what: 'removal' })
  expect(disk.text('chat.words')).not.toMatch(/spoken|changed/)
  expect(disk.text('chat.words')).toContain('passing')
  await drawer.sweep(nowMs)
  expect(disk.text('chat.words')).not.toContain('passing')
  await append({ what: 'text' })
  await world.archive.removePages(drawer.entry)
  expect(disk.text('chat.words')).not.toContain('changed')
})

it('keeps no words of requests, and finds them once they are accepted', async () => {
  const disk = new Disk()
  const world = await drawersOf(disk, [say('known')], () => true)
  const [drawer] = world.drawers.values()
  if (drawer === undefined) throw new Error('no drawer')
  drawer.change({ state: 'request' })
  const kept = keptOf(world.said, say('stranger'))
  if (kept) await drawer.append(kept.rumor, readDeed(kept.rumor))
  expect(disk.text('chat.words')).not.toMatch(/known|stranger/)
  expect(await find('stranger', 10, world)).toEqual([])
  drawer.change({ state: 'open' })
  expect(await find('stranger', 10, world)).toHaveLength(1)
})

it('finds words of pages that are too long to be kept twice, and bounds what is kept', async () => {
  const disk = new Disk()
  const long = (n: number): string =>
    Array.from({ length: 1_400 }, (_, word) => `${String(n)}-${String(word)}`).join(' ')
  const moves = Array.from({ length: 60 }, (_, n) => say(long(n)))
  const { drawers } = await drawersOf(disk, moves, () => true)
  expect(disk.text('chat.page').length).toBeGreaterThan(maxPageWords)
  expect(disk.text('chat.words').length).toBeLessThan(maxPageWords)
  const found = await find('41-1399', 10, reopened(disk, drawers))
  expect(found).toEqual(await scan('41-1399', 10, disk, drawers))
  expect(found).toHaveLength(1)
})

it('drops what a crash has left of pages that there are not', async () => {
  const disk = new Disk()
  const { archive, drawers } = await drawersOf(disk, [say('here')], () => true)
  await archive.words.write(conversationOf([ben, cleo]), 0, { refs: '00000000', at: [1], words: 'orphan' })
  expect(await find('orphan', 10, { archive, drawers })).toEqual([])
  expect(disk.text('chat.words')).not.toContain('orphan')
})

it('finds what is on the other pages where one cannot be read, and everything once it can', async () => {
  const moves = Array.from({ length: 3 * pageSize }, (_, n) => say(`needle ${String(n)}`))
  for (const hasDigests of [true, false]) {
    const disk = new Disk()
    const { drawers } = await drawersOf(disk, moves, () => hasDigests)
    const first = [...disk.slots.keys()].find((name) => name.startsWith('chat.page'))
    const again = reopened(disk, drawers)
    disk.damaged = first
    expect(await find('needle', 5_000, again)).toHaveLength(2 * pageSize)
    expect(await find('needle 1', 5_000, again)).not.toEqual([])
    disk.damaged = undefined
    expect(await find('needle', 5_000, again)).toHaveLength(3 * pageSize)
  }
})

it('finds words of several pages that are too long to be kept twice', async () => {
  const disk = new Disk()
  const words = Array.from({ length: 250 }, (_, word) => `word-${String(word)}`).join(' ')
  const moves = Array.from({ length: 3 * pageSize }, (_, n) => say(`${String(n)}-needle ${words}`))
  const { drawers } = await drawersOf(disk, moves, () => true)
  expect(await find('needle', 5_000, reopened(disk, drawers))).toHaveLength(3 * pageSize)
})
