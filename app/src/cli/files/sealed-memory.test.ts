import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webRandom } from '@p2pigeon/core/node'
import { beforeEach, expect, it } from 'vitest'
import { SealedMemory } from './sealed-memory.ts'

let folder: string
const seed = randomBytes(32)
const memoryOf = (key: Buffer = seed): SealedMemory => new SealedMemory(join(folder, 'rooms'), key, webRandom)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pigeon-memory-'))
})

async function onlyFile(): Promise<string> {
  const [name = '', ...more] = await readdir(join(folder, 'rooms'))
  expect(more).toEqual([])
  return join(folder, 'rooms', name)
}

it('keeps what it is given, for its owner alone, and the last one stays', async () => {
  const slot = memoryOf().slot('room', 'files')
  expect(await slot.load()).toBeUndefined()
  await Promise.all(['one', 'two', 'three'].map((text) => slot.save(Buffer.from(text))))
  expect(Buffer.from((await memoryOf().slot('room', 'files').load()) ?? []).toString()).toBe('three')
  const file = await onlyFile()
  expect((await stat(file)).mode & 0o077).toBe(0)
  expect(file).not.toContain('files')
  expect((await readFile(file)).includes('three')).toBe(false)
})

it('opens nothing of another room, another name or another key', async () => {
  await memoryOf().slot('room', 'files').save(Buffer.from('secret'))
  const file = await onlyFile()
  const sealed = await readFile(file)
  for (const [memory, room, name] of [
    [memoryOf(), 'room', 'room'],
    [memoryOf(), 'other', 'files'],
    [memoryOf(randomBytes(32)), 'room', 'files'],
  ] as const) {
    const slot = memory.slot(room, name)
    expect(await slot.load()).toBeUndefined()
    await slot.save(Buffer.from('x'))
  }
  // Each in the place of each other one.
  for (const other of await readdir(join(folder, 'rooms'))) await writeFile(join(folder, 'rooms', other), sealed)
  await expect(memoryOf().slot('other', 'files').load()).rejects.toMatchObject({ code: 'memory-damaged' })
  await expect(memoryOf().slot('room', 'room').load()).rejects.toMatchObject({ code: 'memory-damaged' })
  expect(Buffer.from((await memoryOf().slot('room', 'files').load()) ?? []).toString()).toBe('secret')
})

it('names what was changed or cut', async () => {
  await memoryOf().slot('room', 'files').save(randomBytes(50))
  const file = await onlyFile()
  const sealed = await readFile(file)
  const wrong = [sealed.subarray(0, 20), Buffer.alloc(0), Buffer.concat([sealed, Buffer.of(0)])]
  for (const at of [0, 1, 20, sealed.length - 1]) {
    const flipped = Buffer.from(sealed)
    flipped[at] = (flipped[at] ?? 0) ^ 1
    wrong.push(flipped)
  }
  for (const bytes of wrong) {
    await writeFile(file, bytes)
    await expect(memoryOf().slot('room', 'files').load()).rejects.toMatchObject({ code: 'memory-damaged' })
  }
})
