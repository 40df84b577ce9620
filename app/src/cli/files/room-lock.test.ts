import { mkdtemp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FakeClock } from '@p2pigeon/core/testing'
import { beforeEach, expect, it } from 'vitest'
import { processesHere } from './processes.ts'
import { beatMs, lockRoom } from './room-lock.ts'

let folder: string
let path: string
const inUse = expect.objectContaining({ code: 'room-in-use' }) as Error
/** No system has so many processes. */
const nobody = '4194399'

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pigeon-lock-'))
  path = join(folder, 'room.lock')
})

it('lets one process into a room, and the next one after it or when it is dead', async () => {
  const clock = new FakeClock()
  const unlock = lockRoom(path, clock)
  unlock()
  // Another process that lives: the one that started us.
  for (const holder of [String(process.ppid), `${String(process.ppid)} ${processesHere()}`]) {
    await writeFile(path, holder)
    expect(() => lockRoom(path, clock)).toThrow(inUse)
    // What is not ours is not taken away.
    unlock()
    expect(await readFile(path, 'utf8')).toBe(holder)
  }
  for (const holder of [nobody, `${nobody} ${processesHere()}`, 'nonsense', '']) {
    await writeFile(path, holder)
    lockRoom(path, clock)()
  }
  expect(await readdir(folder)).toEqual([])
  expect(clock.pending).toBe(0)
})

it('believes a holder of another container by its beats, whatever process here has that number', async () => {
  const clock = new FakeClock()
  const beaten = (agoMs: number): Promise<void> => {
    const at = (clock.now() - agoMs) / 1_000
    return utimes(path, at, at)
  }
  for (const pid of [nobody, String(process.ppid), String(process.pid)]) {
    await writeFile(path, `${pid} 0badcafe`)
    await beaten(5 * beatMs)
    expect(() => lockRoom(path, clock)).toThrow(inUse)
    await beaten(7 * beatMs)
    lockRoom(path, clock)()
  }
  expect(await readdir(folder)).toEqual([])
})

it('beats for as long as it holds the room', async () => {
  const clock = new FakeClock()
  const unlock = lockRoom(path, clock)
  clock.advance(3 * beatMs)
  expect((await stat(path)).mtimeMs).toBe(clock.now())
  unlock()
  expect(clock.pending).toBe(0)
})
