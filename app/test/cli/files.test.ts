import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { spawnServed, type SpawnedNode } from '../data-room/spawn-served.ts'
import { startTestnet, type Testnet } from '../data-room/testnet.ts'
import { Pigeon } from './pigeon.ts'

const segment = 64 * 65_536
const long = 120_000

let home: string
let testnet: Testnet
let node: SpawnedNode
let link: string
const pigeons: Pigeon[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pigeon-files-'))
  testnet = await startTestnet()
  node = await spawnServed(join(home, 'node'), testnet.bootstrap)
  await mkdir(join(home, 'ada'))
  await mkdir(join(home, 'bob'))
  const made = new Pigeon(['new', '--origin', 'http://127.0.0.1:1'], join(home, 'ada'))
  link = (await made.until('link'))['link'] as string
  await made.ended
}, long)

afterEach(async () => {
  for (const pigeon of pigeons.splice(0)) await pigeon.end()
  await node.kill()
  await testnet.close()
  await rm(home, { recursive: true, force: true })
}, long)

function pigeon(who: 'ada' | 'bob', words: readonly string[]): Pigeon {
  const [verb = '', ...rest] = words
  const started = new Pigeon(
    [
      verb,
      link,
      ...rest,
      '--node',
      `http://127.0.0.1:${String(node.port)}`,
      '--bootstrap',
      testnet.bootstrap.join(','),
    ],
    join(home, who),
  )
  pigeons.push(started)
  return started
}

/** Everything in a folder, by path. */
async function contents(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const place = join(entry.parentPath, entry.name)
    found[place.slice(folder.length + 1)] = (await readFile(place)).toString('base64')
  }
  return found
}

async function write(place: string, content: Buffer | string): Promise<void> {
  await mkdir(join(place, '..'), { recursive: true })
  await writeFile(place, content)
}

it(
  'shares a folder from one process and brings it to another one, byte for byte',
  async () => {
    const docs = join(home, 'ada', 'docs')
    await write(join(docs, 'plan.txt'), 'the plan')
    await write(join(docs, 'empty'), '')
    await write(join(docs, 'deep', 'er', 'film.bin'), randomBytes(segment + 70_001))
    await write(join(home, 'ada', 'odd?', 'what: now.txt'), '')
    const sharing = pigeon('ada', ['share', 'docs', 'odd?', '--to', 'team', '--stay'])
    await sharing.until('staying')
    expect(sharing.of('renamed')).toMatchObject([
      { path: 'odd?', name: 'odd_' },
      { path: 'odd?/what: now.txt', name: 'what_ now.txt' },
    ])
    expect(
      sharing
        .of('file')
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual(['team/docs/deep/er/film.bin', 'team/docs/empty', 'team/docs/plan.txt', 'team/odd?/what: now.txt'])

    const listing = pigeon('bob', ['ls', 'team/docs'])
    expect(await listing.ended).toBe(0)
    expect(listing.of('entry')).toMatchObject([
      { path: 'team/docs/deep', kind: 'folder' },
      { path: 'team/docs/empty', kind: 'file', sizeBytes: 0 },
      { path: 'team/docs/plan.txt', kind: 'file', sizeBytes: 8, versions: 1 },
    ])

    const getting = pigeon('bob', ['get', 'team/docs'])
    expect(await getting.ended).toBe(0)
    expect(await contents(join(home, 'bob', 'docs'))).toEqual(await contents(docs))
    const times = await Promise.all([stat(join(docs, 'plan.txt')), stat(join(home, 'bob', 'docs', 'plan.txt'))])
    expect(Math.round(times[0].mtimeMs)).toBe(Math.round(times[1].mtimeMs))

    sharing.signal('SIGINT')
    expect(await sharing.ended).toBe(0)
    // Nobody else is there now: what is remembered and the node are enough.
    const alone = pigeon('bob', ['ls', 'team'])
    expect(await alone.ended).toBe(0)
    expect(alone.of('entry')).toMatchObject([
      { path: 'team/docs', kind: 'folder' },
      { path: 'team/odd_', kind: 'folder' },
    ])
    const again = pigeon('bob', ['get', 'team/docs/plan.txt', '--out', 'docs/plan.txt'])
    expect(await again.ended).toBe(0)
    await write(join(home, 'bob', 'docs', 'plan.txt'), 'mine')
    const refused = pigeon('bob', ['get', 'team/docs/plan.txt', '--out', 'docs/plan.txt'])
    expect(await refused.ended).toBe(1)
    expect(refused.of('file-failed')).toMatchObject([{ code: 'file-exists' }])
    expect(await readFile(join(home, 'bob', 'docs', 'plan.txt'), 'utf8')).toBe('mine')
  },
  long,
)

it(
  'deletes former versions for good, what one has written oneself alone, and only when it was told to',
  async () => {
    const plan = join(home, 'ada', 'plan.txt')
    for (const text of ['the first plan', 'the plan']) {
      await write(plan, text)
      expect(await pigeon('ada', ['share', 'plan.txt']).ended).toBe(0)
    }
    const staying = pigeon('ada', ['share', 'plan.txt', '--stay'])
    await staying.until('staying')
    const others = pigeon('bob', ['purge', 'plan.txt'])
    expect(await others.ended).toBe(0)
    expect(others.of('purged')).toMatchObject([{ versions: 0, sizeBytes: 0 }])
    staying.signal('SIGINT')
    expect(await staying.ended).toBe(0)

    const purging = pigeon('ada', ['purge', 'plan.txt'])
    expect(await purging.ended).toBe(0)
    expect(purging.of('purged')).toMatchObject([{ versions: 2, sizeBytes: 22 }])
    const listing = pigeon('bob', ['ls'])
    expect(await listing.ended).toBe(0)
    expect(listing.of('entry')).toMatchObject([{ path: 'plan.txt', sizeBytes: 8, versions: 1 }])
  },
  long,
)

it(
  'says after the named time that nobody is here who knows the files',
  async () => {
    const listing = pigeon('bob', ['ls', '--wait', '5'])
    expect(await listing.ended).toBe(6)
    expect(listing.of('error')).toMatchObject([{ code: 'nobody-knows' }])
  },
  long,
)

it(
  'syncs two folders, does nothing the second time, and keeps both of a file that changed on both sides',
  async () => {
    const mine = join(home, 'ada', 'work')
    const theirs = join(home, 'bob', 'work')
    await write(join(mine, 'a.txt'), 'one')
    await write(join(mine, 'sub', 'b.bin'), randomBytes(100_000))
    await mkdir(theirs)
    await write(join(theirs, 'c.txt'), 'three')
    const ada = pigeon('ada', ['sync', 'work', '--to', 'work', '--watch'])
    await ada.until('synced', ({ up }) => up === 2)
    const first = pigeon('bob', ['sync', 'work', '--to', 'work'])
    expect(await first.ended).toBe(0)
    expect(first.of('synced')).toMatchObject([{ up: 1, down: 2, conflicts: 0, failed: 0 }])
    await ada.until('file', ({ path }) => path === 'c.txt')
    await ada.until('synced', ({ down }) => down === 1)
    expect(await contents(mine)).toEqual(await contents(theirs))

    const second = pigeon('bob', ['sync', 'work', '--to', 'work'])
    expect(await second.ended).toBe(0)
    expect(second.of('synced')).toMatchObject([{ up: 0, down: 0, deleted: 0, conflicts: 0, left: 0, failed: 0 }])

    const before = ada.events.length
    await write(join(theirs, 'a.txt'), 'changed by Bob')
    await write(join(mine, 'a.txt'), 'changed by Ada')
    await ada.until('file', ({ path, direction }) => path === 'a.txt' && direction === 'up', before)
    const third = pigeon('bob', ['sync', 'work', '--to', 'work'])
    expect(await third.ended).toBe(0)
    expect(third.of('conflict')).toMatchObject([{ path: 'a.txt', kept: 'a (conflict).txt' }])
    expect(await readFile(join(theirs, 'a.txt'), 'utf8')).toBe('changed by Ada')
    expect(await readFile(join(theirs, 'a (conflict).txt'), 'utf8')).toBe('changed by Bob')
    await ada.until('file', ({ path }) => path === 'a (conflict).txt', before)
    await ada.until('synced', ({ down }) => down === 1, before)

    await rm(join(theirs, 'c.txt'))
    const kept = pigeon('bob', ['sync', 'work', '--to', 'work'])
    expect(await kept.ended).toBe(0)
    expect(kept.of('synced')).toMatchObject([{ left: 1, deleted: 0 }])
    const deleting = pigeon('bob', ['sync', 'work', '--to', 'work', '--delete'])
    expect(await deleting.ended).toBe(0)
    expect(deleting.of('deleted')).toMatchObject([{ path: 'c.txt' }])
    ada.signal('SIGINT')
    expect(await ada.ended).toBe(0)
    // Ada did not ask for deletions: hers is left.
    expect(existsSync(join(mine, 'c.txt'))).toBe(true)
  },
  2 * long,
)

it(
  'goes on through a node that dies, and leaves nothing of what Ctrl-C breaks off',
  async () => {
    await write(join(home, 'ada', 'a.txt'), 'small')
    await write(join(home, 'ada', 'film.bin'), randomBytes(30 * segment))
    const sharing = pigeon('ada', ['share', 'a.txt', 'film.bin', '--stay'])
    await sharing.until('file')
    expect(sharing.of('file')).toMatchObject([{ path: 'a.txt' }])
    await restart()
    await sharing.until('staying')
    expect(sharing.of('file')).toHaveLength(2)

    const broken = pigeon('bob', ['get', 'film.bin'])
    await vi.waitFor(async () => expect(await partOf(join(home, 'bob'))).toBeGreaterThan(0), { timeout: long })
    broken.signal('SIGINT')
    expect(await broken.ended).toBe(130)
    expect((await readdir(join(home, 'bob'))).filter((name) => /part$|film/u.test(name))).toEqual([])

    const getting = pigeon('bob', ['get', 'film.bin'])
    await vi.waitFor(async () => expect(await partOf(join(home, 'bob'))).toBeGreaterThan(0), { timeout: long })
    await restart()
    expect(await getting.ended).toBe(0)
    const [sent, got] = await Promise.all(['ada', 'bob'].map((who) => readFile(join(home, who, 'film.bin'))))
    expect(got?.equals(sent ?? Buffer.alloc(0))).toBe(true)
  },
  2 * long,
)

it(
  'shares nothing of what Ctrl-C breaks off, and gives up on a node that stays away',
  async () => {
    await write(join(home, 'ada', 'a.txt'), 'small')
    await write(join(home, 'ada', 'film.bin'), randomBytes(30 * segment))
    const broken = pigeon('ada', ['share', 'a.txt', 'film.bin'])
    await broken.until('file')
    broken.signal('SIGINT')
    expect(await broken.ended).toBe(130)
    const listing = pigeon('ada', ['ls'])
    expect(await listing.ended).toBe(0)
    expect(listing.of('entry')).toMatchObject([{ path: 'a.txt' }])
    await node.kill()
    const lost = pigeon('ada', ['ls', '--wait', '3'])
    expect(await lost.ended).toBe(4)
    expect(lost.of('error')).toMatchObject([{ code: 'node-unreachable' }])
  },
  2 * long,
)

/** Kills the node, and starts it again where it was. */
async function restart(): Promise<void> {
  await node.kill()
  node = await spawnServed(join(home, 'node'), testnet.bootstrap, node.port)
}

/** Bytes of a download that is not whole yet. */
async function partOf(folder: string): Promise<number> {
  const part = (await readdir(folder)).find((name) => name.endsWith('.part'))
  return part === undefined ? 0 : (await stat(join(folder, part)).catch(() => ({ size: 0 }))).size
}
