import { expect, test } from 'vitest'
import { fakeCode, fakeCore, FakeFiles, FakeManager, fakeVaultPage } from './testing/index.ts'
import { Session, type PagePorts } from './session.ts'
import type { KeyValueStorage } from './preferences.ts'

class FakeStorage implements KeyValueStorage {
  readonly #values = new Map<string, string>()

  getItem(key: string): string | null {
    return this.#values.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.#values.set(key, value)
  }

  removeItem(key: string): void {
    this.#values.delete(key)
  }

  text(): string {
    return [...this.#values.values()].join()
  }
}

function setUp(part: Partial<PagePorts> = {}, manager = new FakeManager()) {
  const tab = new FakeStorage()
  const disk = new FakeStorage()
  const page: PagePorts = {
    address: 'https://node.example/',
    roadOverrides: { relay: undefined, signalling: undefined },
    localStorage: disk,
    sessionStorage: tab,
    mediaDevices: undefined,
    isReload: false,
    reload: () => undefined,
    now: () => 1,
    openDatabase: () => Promise.resolve(undefined),
    openFiles: () => Promise.resolve(new FakeFiles()),
    vault: fakeVaultPage(),
    visibility: { isVisible: () => true, onChange: () => () => undefined },
    notify: () => undefined,
    fetchNodeInfo: () =>
      Promise.resolve({
        network: 'local',
        dhtRelayUrl: undefined,
        signallingUrl: undefined,
        nostrRelayUrls: [],
        blobs: undefined,
      }),
    fetchIceServers: () => Promise.resolve({ iceServers: [{ urls: 'stun:node.example' }], ttlSeconds: 60 }),
    ...part,
  }
  return { session: new Session(fakeCore(manager), page), manager, tab, disk, page }
}

test('core gets the seed as a key, the name, and the relay where the page came from', async () => {
  const { session, manager } = setUp()
  await session.createRoom()
  expect(manager.configs?.seed).toBeInstanceOf(CryptoKey)
  expect(manager.configs?.serverlessMesh?.relayUrls).toEqual(['wss://node.example/dht'])
})

test('a node that does not answer delays nothing but itself', async () => {
  const { session } = setUp({ fetchNodeInfo: () => Promise.reject(new TypeError('down')) })
  expect(await session.createRoom()).toBe('room1')
  expect(session.node.status.get()).toEqual({ kind: 'offline' })
})

test('a made room can be invited to and joined, under the chosen name', async () => {
  const { session, manager } = setUp()
  const roomId = await session.createRoom()
  expect(await session.inviteLink(roomId)).toBe(`https://node.example/#/r/${fakeCode(roomId)}`)
  session.preferences.change({ name: '  Ada ' })
  await session.join(roomId)
  expect(session.call.state.get()).toMatchObject({ kind: 'in-room', roomId })
  expect(manager.displayName).toBe('Ada')
})

test('the policy chosen is in the link, and read back from it', async () => {
  const { session } = setUp()
  expect(await session.policyOf(await session.createRoom())).toEqual({
    privacy: 'standard',
    constantRate: false,
    keepChat: false,
  })
  const chosen = { privacy: 'hidden', constantRate: true, keepChat: true } as const
  const roomId = await session.createRoom(chosen)
  expect(await session.inviteLink(roomId)).toContain('hidden')
  expect(await session.policyOf(roomId)).toEqual(chosen)
})

test('a room that was kept and cannot be read any more counts as unknown', async () => {
  const { session } = setUp()
  await session.rooms.touch('old', 'damaged-code')
  expect(await session.policyOf('old')).toBeUndefined()
})

test('core asks this page for ICE servers, and is told when there is no answer', async () => {
  let up = true
  const fetchIceServers = () =>
    up
      ? Promise.resolve({ iceServers: [{ urls: 'stun:node.example' }], ttlSeconds: 60 })
      : Promise.reject(new TypeError('down'))
  const { session, manager } = setUp({ fetchIceServers })
  await session.createRoom()
  const source = manager.configs?.iceServers
  if (typeof source !== 'function') throw new Error('no source was given')
  expect((await source()).iceServers).toHaveLength(1)
  up = false
  await expect(source()).rejects.toThrow(TypeError)
})

test('the doctor is told where the node is, and learns of servers that cannot be had', async () => {
  const { session, manager } = setUp({
    fetchNodeInfo: () => Promise.reject(new TypeError('down')),
    fetchIceServers: () => Promise.reject(new TypeError('down')),
  })
  await (await session.doctor()).check({})
  const [targets] = manager.doctor.targets
  if (!targets) throw new Error('nothing was checked')
  expect(targets.relayUrls).toEqual(['wss://node.example/dht'])
  await expect(targets.iceServers()).rejects.toThrow(TypeError)
  expect(await targets.nodeAnswers?.(new AbortController().signal)).toBe(false)
})

test('an unknown room is not joined', async () => {
  const { session } = setUp()
  expect(await session.policyOf('nobody')).toBeUndefined()
  await session.join('nobody')
  expect(session.call.state.get()).toMatchObject({ kind: 'failed', code: 'room-unknown' })
})

test('leaving releases the devices and says so', async () => {
  const { session, manager, tab } = setUp()
  const roomId = await session.createRoom()
  await session.media.open({ microphone: 'on', camera: 'on' })
  await session.join(roomId)
  expect(tab.text()).toContain(roomId)
  await session.call.leave()
  await session.media.close()
  expect(session.call.state.get()).toEqual({ kind: 'ended', roomId, reason: 'left' })
  expect(manager.localMedia().media).toEqual({ microphone: 'none', camera: 'none', screen: 'off' })
  expect(tab.text()).toBe('')
})

test.each(['full', 'removed'] as const)('a room that is %s for us ends the call', async (kind) => {
  const { session, manager } = setUp()
  const roomId = await session.createRoom()
  await session.join(roomId)
  manager.room?.paint({ state: { kind } })
  expect(session.call.state.get()).toEqual({ kind: 'ended', roomId, reason: kind })
})

test.each(['locked', 'ended'] as const)('a room that is %s ends the call', async (kind) => {
  const { session, manager } = setUp()
  const roomId = await session.createRoom()
  await session.join(roomId)
  manager.room?.paint({ state: { kind } })
  expect(session.call.state.get()).toEqual({ kind: 'ended', roomId, reason: kind })
})

test('who is removed while waiting at the door was turned away, who was in was removed', async () => {
  for (const [kind, reason] of [
    ['knocking', 'turned-away'],
    ['joined', 'removed'],
  ] as const) {
    const { session, manager } = setUp()
    const roomId = await session.createRoom()
    await session.join(roomId)
    manager.room?.paint({ state: { kind: 'knocking' } })
    expect(session.call.state.get()).toMatchObject({ kind: 'in-room' })
    manager.room?.paint({ state: { kind } })
    manager.room?.paint({ state: { kind: 'removed' } })
    expect(session.call.state.get()).toEqual({ kind: 'ended', roomId, reason })
  }
})

test('neither storage of the tab nor of the disk holds the link', async () => {
  const { session, tab, disk } = setUp()
  const roomId = await session.createRoom()
  session.preferences.change({ name: 'Ada' })
  await session.join(roomId)
  expect(tab.text() + disk.text()).not.toContain(fakeCode(roomId))
})

test('a reload goes back into the call with the same devices; a copied tab does not', async () => {
  const before = setUp()
  const roomId = await before.session.createRoom()
  await before.session.media.open({ microphone: 'on', camera: 'none' })
  await before.session.media.toggleMicrophone()
  await before.session.join(roomId)
  const page = new EventTarget()
  const stop = before.session.start(page)
  page.dispatchEvent(new Event('pagehide'))
  stop()
  for (const isReload of [true, false]) {
    const after = setUp({ ...before.page, isReload })
    await after.session.rooms.touch(roomId, fakeCode(roomId))
    const manager = after.manager
    const heard: string[] = []
    manager.makeRoom = new Proxy(manager.makeRoom, {
      apply: (make, _self, [link]: Parameters<typeof manager.makeRoom>) => {
        heard.push(manager.localMedia().media.microphone)
        return make(link)
      },
    })
    await after.session.goBack(roomId)
    expect(after.session.call.state.get().kind).toBe(isReload ? 'in-room' : 'idle')
    // Muted before anyone could hear it.
    expect(heard).toEqual(isReload ? ['off'] : [])
  }
})

test('a page that comes back from the back/forward cache is loaded anew; a first showing is not', () => {
  let reloads = 0
  const { session } = setUp({ reload: () => reloads++ })
  const page = new EventTarget()
  const stop = session.start(page)
  for (const persisted of [false, true]) page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  stop()
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  expect(reloads).toBe(1)
})

/** Locks of one profile, as tabs share them: a name is held by one at a time. */
function fakeLocks(): Pick<LockManager, 'request'> {
  const held = new Set<string>()
  const request = async (name: string, _options: unknown, run: () => Promise<void>): Promise<void> => {
    if (held.has(name)) throw new DOMException('taken', 'TimeoutError')
    held.add(name)
    await run()
    held.delete(name)
  }
  return { request } as unknown as Pick<LockManager, 'request'>
}

test('a room is open in one tab of a profile only, and free again when that one leaves', async () => {
  const vault = fakeVaultPage({ locks: fakeLocks() })
  const [one, other] = [setUp({ vault }), setUp({ vault })]
  const roomId = await one.session.createRoom()
  await other.session.openLink(fakeCode(roomId))
  await one.session.join(roomId)
  await other.session.join(roomId)
  expect(other.session.call.state.get()).toMatchObject({ kind: 'failed', code: 'room-open-elsewhere' })
  expect(other.manager.room).toBeUndefined()
  await one.session.call.leave()
  await other.session.join(roomId)
  expect(other.session.call.state.get().kind).toBe('in-room')
})

test('a join that fails leaves the room to other tabs', async () => {
  const vault = fakeVaultPage({ locks: fakeLocks() })
  const { session, manager } = setUp({ vault })
  const roomId = await session.createRoom()
  manager.joinFault = 'relay-unreachable'
  await session.join(roomId)
  manager.joinFault = undefined
  await session.join(roomId)
  expect(session.call.state.get().kind).toBe('in-room')
})

test('a link that changes while we are in the room is the one that is kept', async () => {
  const { session, manager } = setUp()
  const roomId = await session.createRoom()
  await session.join(roomId)
  const { room } = manager
  if (!room) throw new Error('not joined')
  Object.defineProperty(room, 'linkCode', { value: 'the-new-code' })
  room.paint({})
  await expect.poll(() => session.rooms.find(roomId)?.code).toBe('the-new-code')
  expect(await session.inviteLink(roomId)).toContain('the-new-code')
})

test('what the library must not forget of a room is kept for it', async () => {
  const { session, manager } = setUp()
  const roomId = await session.createRoom()
  await manager.configs?.roomMemory?.(roomId).save(Uint8Array.of(1, 2))
  expect(await session.rooms.memoryOf(roomId).load()).toEqual(Uint8Array.of(1, 2))
})

test('the end of the first call makes a backup due; nothing locks while nothing is protected', async () => {
  let reloads = 0
  const { session } = setUp({ reload: () => reloads++ })
  const roomId = await session.createRoom()
  await session.join(roomId)
  expect(session.care.value.get().hadCall).toBe(false)
  await session.call.leave()
  await session.care.loaded
  expect(session.care.value.get().hadCall).toBe(true)
  session.lock()
  expect(reloads).toBe(0)
})
