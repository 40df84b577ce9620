import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { maxRecentRooms, RecentRooms } from './recent-rooms.ts'
import { loadSeed } from './seed.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

const clock = () => {
  let ms = 0
  return () => ++ms
}

test('rooms are there again after a reload, latest first', async () => {
  const first = new RecentRooms(openDatabase(), clock())
  await first.touch('a', 'code-a')
  await first.touch('b', 'code-b')
  await first.touch('a', 'code-a')
  const second = new RecentRooms(openDatabase(), clock())
  await second.loaded
  expect(second.list.get().map((room) => room.roomId)).toEqual(['a', 'b'])
  expect(second.find('b')?.code).toBe('code-b')
})

test('a given name is trimmed, bounded, and outlives the next visit', async () => {
  const rooms = new RecentRooms(openDatabase(), clock())
  await rooms.touch('a', 'code')
  await rooms.rename('a', `  ${'x'.repeat(100)}`)
  await rooms.touch('a', 'code')
  expect(rooms.find('a')?.name).toBe('x'.repeat(60))
})

test('removing and forgetting reach the disk, and can be undone', async () => {
  const rooms = new RecentRooms(openDatabase(), clock())
  await rooms.touch('a', 'code-a')
  await rooms.touch('b', 'code-b')
  const removed = await rooms.remove('a')
  const stored = async () => (await (await openDatabase())?.getAll('rooms'))?.map((room) => room.roomId)
  expect(await stored()).toEqual(['b'])
  await rooms.restore(removed ? [removed] : [])
  expect(rooms.list.get().map((room) => room.roomId)).toEqual(['b', 'a'])
  const all = await rooms.forgetAll()
  expect(await stored()).toEqual([])
  expect(rooms.list.get()).toEqual([])
  await rooms.restore(all)
  expect(await stored()).toEqual(['a', 'b'])
})

test('the list is bounded, the oldest gives way', async () => {
  const rooms = new RecentRooms(openDatabase(), clock())
  for (let index = 0; index <= maxRecentRooms; index++) await rooms.touch(`room-${index}`, 'code')
  expect(rooms.list.get()).toHaveLength(maxRecentRooms)
  expect(rooms.find('room-0')).toBeUndefined()
  expect(await (await openDatabase())?.count('rooms')).toBe(maxRecentRooms)
})

test('without storage rooms last as long as the page', async () => {
  const rooms = new RecentRooms(Promise.resolve(undefined), clock())
  await rooms.touch('a', 'code')
  expect(rooms.find('a')?.code).toBe('code')
})

test('the seed is made once, is not extractable, and its bytes are wiped', async () => {
  const importSeed = (bytes: Uint8Array<ArrayBuffer>) =>
    crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveBits'])
  let raw: Uint8Array | undefined
  const random = (bytes: Uint8Array<ArrayBuffer>): void => {
    crypto.getRandomValues(bytes)
    raw = bytes
  }
  // A CryptoKey survives the structured clone of a browser, not the one of Node: the store is faked by reference here.
  const kept = new Map<string, CryptoKey>()
  const store = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    put: (value: CryptoKey, key: string) => Promise.resolve(void kept.set(key, value)),
  }
  const database = {
    get: (_store: string, key: string) => store.get(key),
    transaction: () => ({ store, done: Promise.resolve() }),
  } as unknown as NonNullable<Awaited<ReturnType<typeof openDatabase>>>
  const seed = await loadSeed(database, importSeed, random)
  expect(seed.extractable).toBe(false)
  expect(raw?.every((byte) => byte === 0)).toBe(true)
  expect(await loadSeed(database, importSeed, random)).toBe(seed)
})
