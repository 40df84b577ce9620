import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DataRoom,
  localWork,
  passingMemory,
  rootFolder,
  Scope,
  type DataRoomPorts,
  type DataRoomView,
  type FileTalk,
  type JournalPage,
  type RememberedFiles,
  type ToldMaster,
} from '../../src/files/index.ts'
import { noHash, signDriveRecord } from '../../src/files/journal/index.ts'
import { importSeed, peerIdOf, roomIdentity, type PeerId } from '../../src/identity/index.ts'
import type { Room, RoomView } from '../../src/index.ts'
import { nodeRuntime } from '../../src/node.ts'
import { encodeDrives, encodeMasters } from '../../src/room/control.ts'
import { MemoryStore, MemoryWorld } from '../../src/testing/memory-store.ts'
import { connectedNames, seen, village, type Person, type Village } from './headless-people.ts'
import { HostilePerson } from './hostile-person.ts'

const { clock, random } = nodeRuntime()
/** Drives are asked for news every 5 s: here more often. */
const hurried: DataRoomPorts['clock'] = { now: () => clock.now(), after: (ms, run) => clock.after(ms / 50, run) }
/** What has not changed for long is asked for ever more rarely. */
const rarely = { timeout: 20_000 }

/** Nobody is told anything, and nobody tells. */
const apart: FileTalk = {
  ...{ tellMasters: () => undefined, tellDrives: () => undefined },
  ...{ onMasters: () => () => undefined, onDrives: () => () => undefined, onSomebody: () => () => undefined },
}

/** A node that knows up to which batch of each drive its user has read. */
class WatchedNode extends MemoryStore {
  readonly given = new Map<string, number>()

  override async journal(drive: string, from: number): Promise<JournalPage> {
    const page = await super.journal(drive, from)
    this.given.set(drive, Math.max(this.given.get(drive) ?? 0, from + page.batches.length))
    return page
  }
}

/** One device, what it keeps, and its files while they are open. */
class Device {
  readonly room: Room
  readonly node: WatchedNode
  remembered: RememberedFiles | undefined
  scope = new Scope()
  #files: DataRoom | undefined

  constructor(room: Room, world: MemoryWorld) {
    this.room = room
    this.node = new WatchedNode(world, 1_000_000_000)
  }

  get files(): DataRoom {
    if (!this.#files) throw new Error('not open')
    return this.#files
  }

  get drive(): string {
    return this.remembered?.own ?? ''
  }

  /** @param changes what a program does otherwise that is not ours. */
  async open(changes: Partial<DataRoomPorts> = {}): Promise<DataRoom> {
    this.scope.end()
    this.scope = new Scope()
    const memory = {
      load: () => Promise.resolve(this.remembered),
      keep: (files: RememberedFiles) => {
        this.remembered = files
        return Promise.resolve()
      },
    }
    this.#files = await DataRoom.open(
      {
        ...{ roomId: this.room.files.roomId, identity: this.room.files.identity },
        ...{ rights: this.room.files.rights, talk: this.room.files.talk },
        ...{ store: this.node, work: localWork, clock: hurried, random, memory, uploads: passingMemory() },
        ...changes,
      },
      this.scope,
    )
    return this.#files
  }

  names(): string[] {
    return this.files.view
      .all()
      .map(({ name }) => name)
      .sort()
  }

  /** Resolves as soon as these are its files, in order of their names. */
  async shows(...names: readonly string[]): Promise<void> {
    await pictured(this.files, () => this.names().join() === names.join())
  }

  async share(name: string, text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text)
    const body = { sizeBytes: bytes.length, slice: async (start: number, end: number) => bytes.slice(start, end) }
    this.files.upload(rootFolder, [{ path: [], name, mediaType: 'text/plain', modifiedAtMs: 1, body }])
    await pictured(this.files, () => this.names().includes(name))
  }

  async read(name: string): Promise<string> {
    const id = this.files.view.all().find((entry) => entry.name === name)?.id ?? ''
    return new Response((await this.files.open(id)).stream()).text()
  }
}

function pictured(files: DataRoom, holds: (view: DataRoomView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!holds(files.view)) return
      stop()
      resolve()
    }
    const stop = files.on('viewChanged', check)
    check()
  })
}

/** Rights of a program that does not ask the log. */
function unbound(epoch: number): DataRoomPorts['rights'] {
  return { epoch: () => epoch, mayWrite: () => true, counts: () => true, onChange: () => () => undefined }
}

function rightOf(view: RoomView, name: string): string | undefined {
  return view.participants.find((one) => one.name === name)?.fileRight
}

describe('who may write in the files of a room, between headless peers over a real DHT', { timeout: 60_000 }, () => {
  let place: Village
  let world: MemoryWorld
  let devices: Device[]

  beforeEach(async () => {
    place = await village()
    world = new MemoryWorld()
    devices = []
  })
  afterEach(async () => {
    for (const { scope } of devices) scope.end()
    await place.close()
  })

  function device(room: Room): Device {
    const made = new Device(room, world)
    devices.push(made)
    return made
  }

  /** Everybody in one room and connected with everybody else. The first is the host. */
  async function gather(...names: readonly string[]): Promise<{ link: string; devices: Device[] }> {
    const people: Person[] = await Promise.all(names.map((name) => place.person(name)))
    const link = (await people[0]?.manager.createRoomLink({ privacy: 'lan' })) ?? ''
    const rooms = await Promise.all(people.map((person) => person.join(link)))
    await Promise.all(rooms.map((room) => seen(room, (view) => connectedNames(view).length === names.length - 1)))
    return { link, devices: rooms.map(device) }
  }

  const peerOf = ({ room }: Device) => room.view().self.peerId

  it('H4, H5: who was removed reads nothing that is written after, and counts nowhere with what it dates back', async () => {
    const { devices: gathered } = await gather('Ada', 'Ben', 'Mallory')
    const [ada, ben, mallory] = gathered as [Device, Device, Device]
    for (const one of [ada, ben, mallory]) await one.open()
    await ada.share('ada-before', 'one')
    await mallory.share('mallory-before', 'two')
    for (const one of [ada, ben, mallory]) await one.shows('ada-before', 'mallory-before')

    // It prepares: a master for the time after its removal, more batches than it has written, and a drive under another name.
    const { files } = mallory.room
    const planted: ToldMaster = { epoch: 1, secret: random.bytes(32) }
    files.talk.tellMasters([planted])
    const inflated = { drive: mallory.drive, batches: 100, head: 'ab'.repeat(32) }
    const other = await roomIdentity(await importSeed(random.bytes(32)), files.roomId)
    const second = await mallory.node.createDrive()
    const records = [
      await signDriveRecord(files.identity, files.roomId, inflated),
      await signDriveRecord(other, files.roomId, { drive: second, batches: 0, head: noHash }),
    ]
    files.talk.tellDrives(records.map(({ bytes }) => bytes))
    await expect.poll(() => ben.node.given.has(second) && ada.node.given.has(second)).toBe(true)

    const cut = world.drives.get(mallory.drive)?.batches.length ?? 0
    ada.room.kick(peerOf(mallory))
    await seen(mallory.room, ({ state }) => state.kind === 'removed')
    await seen(ben.room, ({ epoch }) => epoch === 1)
    await ada.share('ada-after', 'three')
    await ben.share('ben-after', 'four')

    // Its own program, with everything that it remembers, its node, and the names of all drives there are.
    const masters = [...(mallory.remembered?.masters ?? []), planted]
    const bens = { drive: ben.drive, author: peerOf(ben), batches: 0, head: noHash, record: undefined }
    mallory.remembered = { masters, drives: [...(mallory.remembered?.drives ?? []), bens], own: mallory.drive }
    const late = { talk: apart, rights: unbound(0) }
    await mallory.open(late)
    await mallory.files.createFolder(rootFolder, 'backdated')
    const alias = device(mallory.room)
    alias.remembered = { masters, drives: [], own: undefined }
    alias.node.createDrive = () => Promise.resolve(second)
    alias.node.append = mallory.node.append.bind(mallory.node)
    await alias.open({ ...late, identity: other })
    await alias.files.createFolder(rootFolder, 'under-another-name')

    // Everybody has read it, and nobody shows it.
    for (const { node } of [ada, ben]) {
      await expect.poll(() => node.given.get(mallory.drive), rarely).toBe(cut + 1)
      await expect.poll(() => node.given.get(second), rarely).toBe(1)
    }
    await ben.share('ben-later', 'five')
    const shown = ['ada-after', 'ada-before', 'ben-after', 'ben-later', 'mallory-before']
    for (const one of [ada, ben]) await one.shows(...shown)
    expect(await ada.read('mallory-before')).toBe('two')
    expect(await ben.read('ada-after')).toBe('three')
    // Whoever comes now sees the same.
    const dan = device(await (await place.person('Dan')).join(ben.room.linkCode))
    await dan.open()
    await dan.shows(...shown)
    expect(await dan.read('mallory-before')).toBe('two')

    // It had what was written before, and nothing else: not even a name.
    await mallory.shows('ada-before', 'backdated', 'mallory-before')
    await expect.poll(() => [ada, ben].map(({ drive }) => mallory.node.given.get(drive))).toEqual([2, 2])
    await expect.poll(() => mallory.files.view.pendingDrives).toBe(2)
    expect(mallory.names()).toEqual(['ada-before', 'backdated', 'mallory-before'])
    // That what it wrote is well made, and only its right is missing, shows a program that does not ask.
    await ben.open({ rights: unbound(1) })
    await ben.shows(...[...shown, 'backdated', 'under-another-name'].sort())
  })

  it('H5: what a reader writes counts nowhere, until it is an editor again', async () => {
    const { devices: gathered } = await gather('Ada', 'Ben', 'Cat')
    const [ada, ben, cat] = gathered as [Device, Device, Device]
    for (const one of [ada, ben, cat]) await one.open()
    await cat.share('before', 'one')
    for (const one of [ada, ben]) await one.shows('before')
    expect(() => ben.room.setFileRight(peerOf(cat), 'reader')).toThrow(
      expect.objectContaining({ code: 'not-host' }) as Error,
    )
    expect(() => ada.room.setFileRight(peerOf(ada), 'reader')).toThrow(
      expect.objectContaining({ code: 'not-host' }) as Error,
    )
    ada.room.setFileRight(peerOf(cat), 'reader')
    await seen(cat.room, ({ self }) => self.fileRight === 'reader')
    await seen(ben.room, (view) => rightOf(view, 'Cat') === 'reader')
    expect(ben.room.view().self.fileRight).toBe('editor')
    expect(rightOf(ben.room.view(), 'Ada')).toBe('owner')
    await pictured(cat.files, ({ mayWrite }) => !mayWrite)
    await expect(cat.files.createFolder(rootFolder, 'asked')).rejects.toMatchObject({ code: 'no-right' })

    // A program that does not ask, but tells.
    await cat.open({ rights: unbound(0) })
    await cat.files.createFolder(rootFolder, 'unasked')
    const written = world.drives.get(cat.drive)?.batches.length
    // The same under a name that nobody has met.
    const other = await roomIdentity(await importSeed(random.bytes(32)), cat.room.files.roomId)
    const alias = device(cat.room)
    alias.remembered = { masters: cat.remembered?.masters ?? [], drives: [], own: undefined }
    await alias.open({ identity: other, rights: unbound(0) })
    await alias.files.createFolder(rootFolder, 'as-another')
    for (const { node } of [ada, ben]) await expect.poll(() => node.given.get(cat.drive), rarely).toBe(written)
    await ben.share('later', 'two')
    for (const one of [ada, ben]) await one.shows('before', 'later')
    // Nobody even reads it.
    for (const { node } of [ada, ben]) expect(node.given.has(alias.drive)).toBe(false)

    ada.room.setFileRight(peerOf(cat), 'editor')
    for (const one of [ada, ben]) await one.shows('before', 'later', 'unasked')
    // Where anybody with the link may come in and write, that name may, too.
    ada.room.setEntry('open')
    for (const one of [ada, ben]) await one.shows('as-another', 'before', 'later', 'unasked')
  })

  it('H12: a member that floods others with masters and drives keeps nothing from anybody', async () => {
    const { link, devices: gathered } = await gather('Ada', 'Ben')
    const [ada, ben] = gathered as [Device, Device]
    await ada.open()
    const eve = new HostilePerson(place.bootstrap)
    ada.scope.onEnd(() => eve.scope.end())
    const met: PeerId[] = []
    while (met.length < 2) {
      const session = await eve.open(link, met)
      met.push(peerIdOf(eve.lastMet ?? new Uint8Array(32)))
      for (let round = 0; round < 12; round++) {
        const masters = Array.from({ length: 800 }, () => ({ epoch: 0, secret: random.bytes(32) }))
        const records = Array.from({ length: 150 }, () => random.bytes(164))
        for (const control of [...encodeMasters(masters), ...encodeDrives(records)]) session.sendControl(control)
      }
    }
    // Behind all that, on both ends.
    for (const one of [ada, ben]) await seen(one.room, (view) => connectedNames(view).includes('Eve'))
    await ada.share('plan', 'one')
    await ben.open()
    await ben.shows('plan')
    expect(await ben.read('plan')).toBe('one')
    await expect.poll(() => ben.remembered?.masters.length ?? 0).toBeGreaterThan(0)
    expect(ben.remembered?.masters.length).toBeLessThanOrEqual(64)
    expect(connectedNames(ben.room.view()).sort()).toEqual(['Ada', 'Eve'])
  })
})
