import { expect, test } from 'vitest'
import { maxRecentRooms, RecentRooms } from './recent-rooms.ts'
import { FakeKeeper } from './testing/index.ts'

const clock = () => {
  let ms = 0
  return () => ++ms
}

const slotsOf = (keeper: FakeKeeper, prefix: string) =>
  [...keeper.kept.keys()].filter((name) => name.startsWith(prefix))

test('rooms are there again after a reload, latest first', async () => {
  const keeper = new FakeKeeper()
  const now = clock()
  const first = new RecentRooms(keeper, now)
  await first.touch('a', 'code-a')
  await first.touch('b', 'code-b')
  await first.touch('a', 'code-a')
  const second = new RecentRooms(keeper, now)
  await second.loaded
  expect(second.list.get().map((room) => room.roomId)).toEqual(['a', 'b'])
  expect(second.find('b')?.code).toBe('code-b')
})

test('two tabs do not undo each other’s changes', async () => {
  const keeper = new FakeKeeper()
  const now = clock()
  const [one, other] = [new RecentRooms(keeper, now), new RecentRooms(keeper, now)]
  await one.touch('a', 'code-a')
  await other.touch('b', 'code-b')
  const later = new RecentRooms(keeper, now)
  await later.loaded
  expect(later.list.get().map((room) => room.roomId)).toEqual(['b', 'a'])
})

test('a given name is trimmed, bounded, and outlives the next visit', async () => {
  const rooms = new RecentRooms(new FakeKeeper(), clock())
  await rooms.touch('a', 'code')
  await rooms.rename('a', `  ${'x'.repeat(100)}`)
  await rooms.touch('a', 'code')
  expect(rooms.find('a')?.name).toBe('x'.repeat(60))
})

test('removing and forgetting reach the disk, and can be undone', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('a', 'code-a')
  await rooms.touch('b', 'code-b')
  const removed = await rooms.remove('a')
  const stored = async () => {
    const again = new RecentRooms(keeper, clock())
    await again.loaded
    return again.list.get().map((room) => room.roomId)
  }
  expect(await stored()).toEqual(['b'])
  await rooms.restore(removed ? [removed] : [])
  expect(rooms.list.get().map((room) => room.roomId)).toEqual(['b', 'a'])
  const all = await rooms.forgetAll()
  expect(await stored()).toEqual([])
  expect(rooms.list.get()).toEqual([])
  await rooms.restore(all)
  expect(await stored()).toEqual(['b', 'a'])
})

test('the list is bounded, the oldest gives way', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  for (let index = 0; index <= maxRecentRooms; index++) await rooms.touch(`room-${index}`, 'code')
  expect(rooms.list.get()).toHaveLength(maxRecentRooms)
  expect(rooms.find('room-0')).toBeUndefined()
  expect(slotsOf(keeper, 'room:')).toHaveLength(maxRecentRooms)
})

test('what the library remembers of a room goes and comes back with the room', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('a', 'code-a')
  const memory = rooms.memoryOf('a')
  expect(await memory.load()).toBeUndefined()
  await memory.save(Uint8Array.of(1, 2, 3))
  const again = new RecentRooms(keeper, clock())
  expect(await again.memoryOf('a').load()).toEqual(Uint8Array.of(1, 2, 3))
  const removed = await again.remove('a')
  expect(slotsOf(keeper, 'memory:')).toEqual([])
  await again.restore(removed ? [removed] : [])
  expect(await new RecentRooms(keeper, clock()).memoryOf('a').load()).toEqual(Uint8Array.of(1, 2, 3))
})

test('a memory without its room is dropped, and no slot is named after a room', async () => {
  const keeper = new FakeKeeper()
  await keeper.write('memory:orphan', Uint8Array.of(1))
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('the-room-id', 'code')
  await rooms.memoryOf('the-room-id').save(Uint8Array.of(1))
  expect(slotsOf(keeper, 'memory:')).toHaveLength(1)
  expect([...keeper.kept.keys()].join()).not.toContain('the-room-id')
})

test('an entry that somebody changed is lost alone', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('a', 'code-a')
  const [slot] = slotsOf(keeper, 'room:')
  keeper.read = ((read) => (name: string) =>
    name === slot ? Promise.reject(new TypeError('changed')) : read.call(keeper, name))(keeper.read.bind(keeper))
  await rooms.touch('b', 'code-b')
  const again = new RecentRooms(keeper, clock())
  await again.loaded
  expect(again.list.get().map((room) => room.roomId)).toEqual(['b'])
})

test('a chat lies in a slot of its own, goes with its room, and comes back only with it', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('a', 'code-a', true)
  const chat = rooms.chatMemoryOf('a')
  expect(await chat.load()).toBeUndefined()
  await chat.save(Uint8Array.of(1, 2, 3))
  const again = new RecentRooms(keeper, clock())
  expect(await again.chatMemoryOf('a').load()).toEqual(Uint8Array.of(1, 2, 3))
  const removed = await again.remove('a')
  expect([...keeper.kept.keys()]).toEqual([])
  await again.restore(removed ? [removed] : [])
  expect(await new RecentRooms(keeper, clock()).chatMemoryOf('a').load()).toEqual(Uint8Array.of(1, 2, 3))
  await again.chatMemoryOf('a').erase()
  expect(slotsOf(keeper, 'room-chat:')).toEqual([])
})

test('a room that another tab has forgotten gets no chat behind its back', async () => {
  const keeper = new FakeKeeper()
  const one = new RecentRooms(keeper, clock())
  await one.touch('a', 'code-a', true)
  const chat = one.chatMemoryOf('a')
  await chat.save(Uint8Array.of(1))
  const later = new RecentRooms(keeper, clock())
  await later.loaded
  await later.forgetAll()
  await expect(chat.save(Uint8Array.of(1, 2))).rejects.toMatchObject({ code: 'room-unknown' })
  expect([...keeper.kept.keys()]).toEqual([])
})

test('a chat without its room is dropped', async () => {
  const keeper = new FakeKeeper()
  await keeper.write('room-chat:orphan', Uint8Array.of(1))
  await new RecentRooms(keeper, clock()).loaded
  expect([...keeper.kept.keys()]).toEqual([])
})

test('whether the chat is kept is remembered of the link, also when only its code is known later', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('kept', 'code', true)
  await rooms.touch('kept', 'newer code')
  await rooms.touch('not', 'code', false)
  expect([rooms.find('kept')?.keepsChat, rooms.find('not')?.keepsChat]).toEqual([true, undefined])
})

test('what is kept of the files of a room goes with it and comes back with it, and is swept when the room is gone', async () => {
  const keeper = new FakeKeeper()
  const rooms = new RecentRooms(keeper, clock())
  await rooms.touch('a', 'code-a')
  await rooms.touch('b', 'code-b')
  const slots = async (roomId: string): Promise<readonly string[]> => {
    const id = await rooms.slotIdOf(roomId)
    return [`pledge.${id}.up-1.0`, `files-up.${id}.up-1`, `files.${id}`]
  }
  for (const slot of [...(await slots('a')), ...(await slots('b'))]) await keeper.write(slot, Uint8Array.of(1))
  const kept = (): readonly string[] => [...slotsOf(keeper, 'files'), ...slotsOf(keeper, 'pledge')].toSorted()
  const removed = await rooms.remove('a')
  expect(kept()).toEqual((await slots('b')).toSorted())
  await rooms.restore(removed ? [removed] : [])
  expect(kept()).toHaveLength(6)
  await keeper.write('files-up.orphan.up-1', Uint8Array.of(1))
  await new RecentRooms(keeper, clock()).loaded
  expect(kept()).toHaveLength(6)
})
