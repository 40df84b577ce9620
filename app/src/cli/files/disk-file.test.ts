import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webRandom } from '@p2pigeon/core/node'
import { beforeEach, expect, it } from 'vitest'
import { diskFile, folderBelow, oneName } from './disk-file.ts'
import { walk } from './local-files.ts'
import { sweepParts } from './part-files.ts'
import { processesHere } from './processes.ts'
import { setAside } from './sync/set-aside.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pigeon-disk-'))
})

const sweepAll = async (): Promise<void> => {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
}
const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

it('shows a download under its name once it is whole, with its time, and leaves nothing of one that is dropped', async () => {
  const file = await diskFile(join(folder, 'a.txt'), webRandom)
  await file.write(Buffer.from('on'))
  await file.write(Buffer.from('e'))
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.pigeon-[0-9a-f]{8}-\d+-[0-9a-f]{16}\.part$/u)])
  const walked = []
  for await (const entry of walk(folder)) walked.push(entry)
  expect(walked).toEqual([])
  await file.finish({ modifiedAtMs: 1_700_000_000_123 })
  expect(await readdir(folder)).toEqual(['a.txt'])
  expect(await text('a.txt')).toBe('one')
  expect(Math.round((await stat(join(folder, 'a.txt'))).mtimeMs)).toBe(1_700_000_000_123)
  const dropped = await diskFile(join(folder, 'b.txt'), webRandom)
  await dropped.write(Buffer.from('two'))
  await dropped.drop()
  expect(await readdir(folder)).toEqual(['a.txt'])
})

it('goes over nothing that is there, unless it may at the last moment', async () => {
  await writeFile(join(folder, 'a.txt'), 'mine')
  const refused = await diskFile(join(folder, 'a.txt'), webRandom)
  await refused.write(Buffer.from('theirs'))
  await expect(refused.finish({ modifiedAtMs: 0 })).rejects.toMatchObject({ code: 'file-exists' })
  await refused.drop()
  const changed = await diskFile(join(folder, 'a.txt'), webRandom)
  const mayReplace = () => Promise.resolve(false)
  await expect(changed.finish({ modifiedAtMs: 0, mayReplace })).rejects.toMatchObject({ code: 'file-exists' })
  await changed.drop()
  expect(await text('a.txt')).toBe('mine')
  const over = await diskFile(join(folder, 'a.txt'), webRandom)
  await over.write(Buffer.from('theirs'))
  await over.finish({ modifiedAtMs: 0, mayReplace: () => Promise.resolve(true) })
  expect(await text('a.txt')).toBe('theirs')
  expect(await readdir(folder)).toEqual(['a.txt'])
})

it('says so in plain words when what is to be replaced is something else by now', async () => {
  await mkdir(join(folder, 'a.txt'))
  const file = await diskFile(join(folder, 'a.txt'), webRandom)
  const mayReplace = () => Promise.resolve(true)
  await expect(file.finish({ modifiedAtMs: 0, mayReplace })).rejects.toMatchObject({ code: 'file-exists' })
  await file.drop()
  const gone = await diskFile(join(folder, 'b.txt'), webRandom)
  await gone.write(Buffer.from('one'))
  const deletes = async () => {
    await sweepAll()
    return true
  }
  await expect(gone.finish({ modifiedAtMs: 0, mayReplace: deletes })).rejects.toMatchObject({ code: 'disk-refuses' })
})

it('sweeps away what a killed process has left, and nothing that may be somebody’s', async () => {
  const name = (where: string, pid: number, digit: string) => `.pigeon-${where}-${String(pid)}-${digit.repeat(16)}.part`
  const mine = await diskFile(join(folder, 'a.txt'), webRandom)
  const [own = ''] = await readdir(folder)
  const kept = [name(processesHere(), process.ppid, '1'), name('0badcafe', 4_194_399, '2'), '.pigeon-x.part', own]
  const left = [name(processesHere(), 4_194_399, '3'), name('0badcafe', 1, '4'), `.pigeon-${'5'.repeat(16)}.part`]
  for (const one of [...kept, ...left]) if (one !== own) await writeFile(join(folder, one), 'part')
  for (const old of left.slice(1)) await utimes(join(folder, old), 1, 1)
  await mkdir(join(folder, name(processesHere(), 4_194_399, '6')))
  await sweepParts(folder)
  expect((await readdir(folder)).toSorted()).toEqual([...kept, name(processesHere(), 4_194_399, '6')].toSorted())
  await mine.drop()
  await sweepParts(join(folder, 'not there'))
})

it('makes folders below the one that was named, and follows no name or link out of it', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'pigeon-outside-'))
  await symlink(outside, join(folder, 'link'))
  await writeFile(join(folder, 'file'), '')
  expect(await folderBelow(folder, ['a', 'b'])).toBe(join(folder, 'a', 'b'))
  expect(await folderBelow(folder, ['a', 'b'])).toBe(join(folder, 'a', 'b'))
  for (const name of ['..', '.', '', 'a/b', '../x', '/etc', 'a\\b', 'x\0y']) {
    expect(() => oneName(name)).toThrow(expect.objectContaining({ code: 'name-not-possible' }) as Error)
    await expect(folderBelow(folder, ['a', name])).rejects.toMatchObject({ code: 'name-not-possible' })
  }
  for (const name of ['link', 'file']) {
    await expect(folderBelow(folder, [name, 'deeper'])).rejects.toMatchObject({ code: 'file-exists' })
  }
  expect(await readdir(outside)).toEqual([])
})

it('walks files and folders, and follows no link', async () => {
  await mkdir(join(folder, 'sub'))
  await writeFile(join(folder, 'sub', 'x'), 'abc')
  await symlink('/etc', join(folder, 'sub', 'etc'))
  await symlink(join(folder, 'sub', 'x'), join(folder, 'y'))
  const found: string[] = []
  for await (const { kind, path, sizeBytes } of walk(folder))
    found.push(`${kind} ${path.join('/')} ${String(sizeBytes)}`)
  expect(found).toEqual(['folder sub 0', 'other sub/etc 0', 'file sub/x 3', 'other y 0'])
})

it('sets a file aside under a name that is free', async () => {
  await writeFile(join(folder, 'a (conflict).txt'), 'older')
  await writeFile(join(folder, 'a.txt'), 'mine')
  expect(await setAside(join(folder, 'a.txt'), 'a.txt')).toBe('a (conflict 2).txt')
  expect(await text('a (conflict).txt')).toBe('older')
  expect(await text('a (conflict 2).txt')).toBe('mine')
  expect((await readdir(folder)).toSorted()).toEqual(['a (conflict 2).txt', 'a (conflict).txt'])
})
