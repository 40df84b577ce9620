import { expect, it } from 'vitest'
import { Scope } from '../../lifetime/index.ts'
import { OpenReaders } from './open-readers.ts'

/** Readers of so many objects whose hashes take so much, each asked once. */
async function asked(count: number, hashBytes: number) {
  const scope = new Scope()
  const readers = new OpenReaders(scope)
  const { signal } = scope
  const counts = { opened: 0, open: 0 }
  const make = () =>
    readers.reader(async () => {
      counts.opened += 1
      counts.open += 1
      return { read: async () => new Uint8Array(1), close: () => (counts.open -= 1) }
    }, hashBytes)
  const all = Array.from({ length: count }, make)
  for (const reader of all) await reader.read(0, 1, signal)
  return { scope, counts, again: (index: number) => all[index]?.read(0, 1, signal) }
}

it('lets go of what was not asked for longest, and opens it again when it is', async () => {
  const { scope, counts, again } = await asked(100, 32)
  await expect.poll(() => counts.open).toBe(64)
  await again(99)
  expect(counts.opened).toBe(100)
  await again(0)
  expect(counts.opened).toBe(101)
  scope.end()
  await expect.poll(() => counts.open).toBe(0)
})

it.each([
  [33_554_432, 2],
  [16_000_000, 4],
  [100_000_000, 1],
])('H3: of objects whose hashes take %i bytes each holds %i', async (hashBytes, held) => {
  const { scope, counts, again } = await asked(10, hashBytes)
  await expect.poll(() => counts.open).toBe(held)
  await again(9)
  expect(counts.opened).toBe(10)
  scope.end()
})

it('lets go of none that is read just now', async () => {
  const scope = new Scope()
  const readers = new OpenReaders(scope)
  const closed: number[] = []
  const waiting: (() => void)[] = []
  const make = (name: number) =>
    readers.reader(async () => {
      return {
        read: () => new Promise((resolve) => waiting.push(() => resolve(new Uint8Array(name)))),
        close: () => void closed.push(name),
      }
    }, 50_000_000)
  const reads = [1, 2, 3].map((name) => make(name).read(0, 1, scope.signal))
  await expect.poll(() => waiting.length).toBe(3)
  expect(closed).toEqual([])
  for (const go of waiting) go()
  expect((await Promise.all(reads)).map(({ length }) => length)).toEqual([1, 2, 3])
  await expect.poll(() => closed).toHaveLength(2)
  scope.end()
})
