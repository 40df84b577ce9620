import { expect, it } from 'vitest'
import { Scope } from '../../lifetime/index.ts'
import { OpenReaders } from './open-readers.ts'

it('lets go of what was not asked for longest, and opens it again when it is', async () => {
  const scope = new Scope()
  const readers = new OpenReaders(scope)
  const { signal } = scope
  let opened = 0
  let open = 0
  const make = () =>
    readers.reader(async () => {
      opened += 1
      open += 1
      return { read: async () => new Uint8Array(1), close: () => (open -= 1) }
    })
  const all = Array.from({ length: 100 }, make)
  for (const reader of all) await reader.read(0, 1, signal)
  await expect.poll(() => open).toBe(64)
  await all[99]?.read(0, 1, signal)
  expect(opened).toBe(100)
  await all[0]?.read(0, 1, signal)
  expect(opened).toBe(101)
  scope.end()
  await expect.poll(() => open).toBe(0)
})
