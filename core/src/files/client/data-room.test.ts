import { describe, expect, it } from 'vitest'
import { equal } from '../../bytes/index.ts'
import { importSeed, roomIdentity } from '../../identity/index.ts'
import { Scope } from '../../lifetime/index.ts'
import { browserRuntime } from '../../runtime/index.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { type MemoryStore, MemoryWorld } from '../../testing/memory-store.ts'
import { signDriveRecord } from '../journal/index.ts'
import type { ToldMaster } from '../keys/index.ts'
import type { RememberedFiles } from '../memory.ts'
import { DataRoom } from './data-room.ts'
import type { FileRights, FileTalk } from './ports.ts'
import type { Octets } from './source.ts'
import { passingMemory } from './uploads.ts'
import { rootFolder, type UploadFile } from './view.ts'
import { localWork } from './work/index.ts'

const roomId = new Uint8Array(16).fill(7)
const { random } = browserRuntime()
const segment = 64 * 65_536

interface Seat {
  masters: readonly ToldMaster[]
  drives: readonly Octets[]
  hearMasters?: (told: readonly ToldMaster[]) => void
  hearDrives?: (told: readonly Octets[]) => void
  came?: () => void
}

/** Members who hear at once what another one tells, and what was told before they listened. */
class Table {
  readonly #seats = new Set<Seat>()

  seat(): FileTalk {
    const seat: Seat = { masters: [], drives: [] }
    this.#seats.add(seat)
    const others = (): Seat[] => [...this.#seats].filter((other) => other !== seat)
    queueMicrotask(() => others().forEach(({ came }) => came?.()))
    return {
      tellMasters: (told) =>
        others().forEach((other) => {
          other.masters = [...other.masters, ...told]
          other.hearMasters?.(told)
        }),
      tellDrives: (told) =>
        others().forEach((other) => {
          other.drives = [...other.drives, ...told]
          other.hearDrives?.(told)
        }),
      onMasters: (heard) => {
        seat.hearMasters = heard
        heard(seat.masters)
        return () => this.#seats.delete(seat)
      },
      onDrives: (heard) => {
        seat.hearDrives = heard
        heard(seat.drives)
        return () => this.#seats.delete(seat)
      },
      onSomebody: (came) => {
        seat.came = came
        return () => this.#seats.delete(seat)
      },
    }
  }
}

const everybody: FileRights = {
  epoch: () => 0,
  mayWrite: () => true,
  counts: () => true,
  onChange: () => () => undefined,
}

/** What one device keeps, its node, and the data room while it is open. */
class Device {
  remembered: RememberedFiles | undefined
  keeps = 0
  readonly uploads = passingMemory()
  readonly clock = new FakeClock()
  scope = new Scope()
  #room: DataRoom | undefined

  readonly store: MemoryStore
  readonly #table: Table
  readonly #seed: number
  readonly #rights: FileRights

  constructor(store: MemoryStore, table: Table, seed: number, rights: FileRights = everybody) {
    this.store = store
    this.#table = table
    this.#seed = seed
    this.#rights = rights
  }

  get room(): DataRoom {
    if (!this.#room) throw new Error('not open')
    return this.#room
  }

  async open(): Promise<this> {
    this.scope = new Scope()
    const identity = await roomIdentity(await importSeed(new Uint8Array(32).fill(this.#seed)), roomId)
    this.#room = await DataRoom.open(
      {
        ...{ roomId, identity, store: this.store, work: localWork, clock: this.clock, random },
        memory: {
          load: () => Promise.resolve(this.remembered),
          keep: async (files) => {
            this.keeps += 1
            this.remembered = files
          },
        },
        ...{ uploads: this.uploads, rights: this.#rights, talk: this.#table.seat() },
      },
      this.scope,
    )
    return this
  }

  /** As a reload of the page, or its crash. */
  async reopen(): Promise<void> {
    this.scope.end()
    await this.open()
  }

  file(name: string): string | undefined {
    return this.room.view.all().find((entry) => entry.name === name)?.id
  }

  async bytes(name: string): Promise<Octets> {
    const opened = await this.room.open(this.file(name) ?? '')
    return new Uint8Array(await new Response(opened.stream()).arrayBuffer())
  }

  transfer(name: string) {
    return this.room.transfers().find((one) => one.name === name)
  }
}

/** Lets all clocks run until it is so; the time of the test is its bound. */
async function until(devices: readonly Device[], isSo: () => boolean | undefined): Promise<void> {
  while (isSo() !== true) {
    for (const { clock } of devices) clock.advance(100)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

function content(length: number, seed = 1): Octets {
  const bytes = new Uint8Array(length)
  for (let at = 0, value = seed; at < length; at++) bytes[at] = value = (value * 1_103_515_245 + 12_345) & 0xff
  return bytes
}

function fileOf(name: string, bytes: Octets, path: readonly string[] = []): UploadFile {
  const body = { sizeBytes: bytes.length, slice: async (start: number, end: number) => bytes.slice(start, end) }
  return { path, name, mediaType: 'text/plain', modifiedAtMs: 1_700_000_000_000, body }
}

async function pair() {
  const world = new MemoryWorld()
  const table = new Table()
  const ada = await new Device(world.node(), table, 1).open()
  const ben = await new Device(world.node(), table, 2).open()
  return { world, table, ada, ben, both: [ada, ben] }
}

describe('the data room of two members', () => {
  it('shows what one has uploaded to the other, byte for byte', async () => {
    const { ada, ben, both } = await pair()
    const bytes = content(segment + 100_000)
    ada.room.upload(rootFolder, [fileOf('film', bytes), fileOf('empty', new Uint8Array(0))])
    await until(both, () => ben.file('film') !== undefined && ben.file('empty') !== undefined)
    expect(equal(await ben.bytes('film'), bytes)).toBe(true)
    expect(await ben.bytes('empty')).toHaveLength(0)
    expect(ada.transfer('film')).toMatchObject({ state: { kind: 'done' }, doneBytes: bytes.length })
    const opened = await ben.room.open(ben.file('film') ?? '')
    const around = await opened.read(segment - 10, segment + 10)
    expect(equal(around, bytes.slice(segment - 10, segment + 10))).toBe(true)
  })

  it('brings a folder of many small files in few batches, each folder once', async () => {
    const { ada, ben, both } = await pair()
    const files = Array.from({ length: 200 }, (_, index) => fileOf(`note ${index}`, content(100, index), ['a', 'b']))
    ada.room.upload(rootFolder, files)
    await until(both, () => ben.room.view.all().length === 202)
    expect(ben.room.view.list(rootFolder).map(({ name }) => name)).toEqual(['a'])
    expect(equal(await ben.bytes('note 17'), content(100, 17))).toBe(true)
  })

  it('writes files that come to the node together in one batch, however many', async () => {
    const { ada, ben, both } = await pair()
    ada.room.upload(
      rootFolder,
      Array.from({ length: 40 }, (_, index) => fileOf(`note ${index}`, content(100, index))),
    )
    // The clock stands: none of them waits for what another one waits for.
    await expect.poll(() => ada.store.puts).toBe(40)
    await until(both, () => ben.room.view.all().length === 40)
    expect(ada.store.appends).toBeLessThanOrEqual(3)
    expect(ada.room.transfers().every(({ state }) => state.kind === 'done')).toBe(true)
  })

  it('makes a new version of a file of the same name, and keeps the old one', async () => {
    const { ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(10, 1))])
    await until(both, () => ben.file('plan') !== undefined && ada.file('plan') !== undefined)
    ben.room.upload(rootFolder, [fileOf('plan', content(20, 2))])
    await until(both, () => ada.room.view.versions(ada.file('plan') ?? '').length === 2)
    expect(equal(await ada.bytes('plan'), content(20, 2))).toBe(true)
    expect(equal(await ben.bytes('plan'), content(20, 2))).toBe(true)
  })

  it('deletes for good what one has written of what was deleted: nobody sees it, the bytes go, the quota is free', async () => {
    const { ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(1_000, 1), ['folder'])])
    await until(both, () => ben.file('plan') !== undefined && ada.file('plan') !== undefined)
    const id = ada.file('plan') ?? ''
    ben.room.upload(ben.file('folder') ?? '', [fileOf('plan', content(2_000, 2))])
    await until(both, () => ada.room.view.versions(id).length === 2)
    ada.room.upload(ada.file('folder') ?? '', [fileOf('plan', content(3_000, 3))])
    await until(both, () => ben.room.view.versions(id).length === 3)
    const [latest, , first] = ada.room.view.versions(id)
    const used = (await ada.store.open()).usedBytes

    // The present one of what is there stays, and so does what somebody else wrote.
    expect(ada.room.purgeable(id)).toEqual({ versions: 0, bytes: 0 })
    expect(ada.room.purgeable(id, latest?.object)).toEqual({ versions: 0, bytes: 0 })
    await expect(ada.room.purge(id)).rejects.toMatchObject({ code: 'nothing-to-purge' })
    await expect(ben.room.purge(id, first?.object)).rejects.toMatchObject({ code: 'nothing-to-purge' })
    expect(ada.room.purgeable(id, first?.object)).toEqual({ versions: 1, bytes: 1_000 })
    await ada.room.purge(id, first?.object)
    await until(both, () => ben.room.view.versions(id).length === 2)
    expect((await ada.store.open()).usedBytes).toBeLessThan(used)

    await ben.room.remove([ben.file('folder') ?? ''])
    await until(both, () => ada.file('plan') === undefined)
    const [folder] = ada.room.view.deleted()
    expect(ada.room.purgeable(folder?.id ?? '')).toEqual({ versions: 1, bytes: 3_000 })
    await ada.room.purge(folder?.id ?? '')
    expect(await ada.store.stored(ada.remembered?.own ?? '', latest?.object ?? '')).toEqual([])
    await until(both, () => ben.room.view.versions(id).length === 1)
    await expect(ben.room.open(id)).rejects.toMatchObject({ code: 'file-unknown' })
    await ben.room.restore([folder?.id ?? '', id])
    await until(both, () => ada.file('plan') !== undefined)
    expect(equal(await ada.bytes('plan'), content(2_000, 2))).toBe(true)
    // Nor does anybody who reads all of it anew.
    await ada.reopen()
    await until(both, () => ada.room.view.versions(id).length === 1)
  })

  it('asks the node anew what is used', async () => {
    const { ada, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(1_000))])
    await until(both, () => ada.file('plan') !== undefined)
    expect(ada.room.view.node).toMatchObject({ kind: 'ready', usedBytes: 0 })
    ada.room.askUsed()
    const { usedBytes } = await ada.store.open()
    await until(both, () => ada.room.view.node.kind === 'ready' && ada.room.view.node.usedBytes === usedBytes)
    expect(usedBytes).toBeGreaterThan(0)
  })

  it('knows of a file that it was, also once all of it was deleted for good', async () => {
    const { ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(1_000, 1))])
    await until(both, () => ben.file('plan') !== undefined && ada.file('plan') !== undefined)
    const id = ada.file('plan') ?? ''
    await ada.room.remove([id])
    await ada.room.purge(id)
    await until(both, () => ben.room.view.versions(id).length === 0)
    for (const { view } of [ada.room, ben.room]) {
      expect([view.entry(id), view.deleted(), view.known(id)]).toMatchObject([undefined, [], { id, kind: 'file' }])
      expect(view.known('of-a-message-only')).toBeUndefined()
    }
    // Nor for whoever reads all of it anew.
    await ada.reopen()
    await until(both, () => ada.room.view.known(id) !== undefined)
    expect([ada.room.view.entry(id), ada.room.view.versions(id)]).toEqual([undefined, []])
  })

  it('deletes for good a folder of more files than are given up together', async () => {
    const { ada, ben, both } = await pair()
    const files = Array.from({ length: 300 }, (_, index) => fileOf(`note ${index}`, content(100, index), ['a']))
    ada.room.upload(rootFolder, files)
    await until(both, () => ben.room.view.all().length === 301)
    const folder = ada.file('a') ?? ''
    await ada.room.remove([folder])
    expect(ada.room.purgeable(folder)).toEqual({ versions: 300, bytes: 30_000 })
    await ada.room.purge(folder)
    expect((await ada.store.open()).usedBytes).toBe(0)
    await until(both, () => ben.room.view.deleted().length === 0)
    expect(ada.room.purgeable(folder)).toEqual({ versions: 0, bytes: 0 })
  })

  it('clears at the next visit what was purged while the node went away', async () => {
    const { ada, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(1_000))])
    await until(both, () => ada.file('plan') !== undefined)
    const id = ada.file('plan') ?? ''
    const object = ada.room.view.versions(id)[0]?.object ?? ''
    const stored = () => ada.store.stored(ada.remembered?.own ?? '', object)
    await ada.room.remove([id])
    ada.store.dropFault = 'node-unreachable'
    await expect(ada.room.purge(id)).rejects.toMatchObject({ code: 'node-unreachable' })
    await until(both, () => ada.room.view.deleted().length === 0)
    expect(await stored()).toHaveLength(1)
    ada.store.dropFault = undefined
    await ada.reopen()
    await expect.poll(stored).toEqual([])
  })

  it('makes a file of its own of one that is attached, whatever has its name, and says which', async () => {
    const { ada, ben, both } = await pair()
    const written: string[] = []
    const attach = ({ room }: Device, seed: number): string | undefined => {
      const file = fileOf('image.png', content(10, seed), ['Chat'])
      return room.attach(rootFolder, file, (id) => written.push(id))
    }
    const id = attach(ada, 1)
    expect(ada.transfer('image.png')?.id).toBe(id)
    await until(both, () => written.length === 1 && ben.file('image.png') !== undefined)
    attach(ben, 2)
    await until(both, () => written.length === 2 && ada.file('image (2).png') !== undefined)
    expect(written).toEqual([ben.file('image.png'), ada.file('image (2).png')])
    expect(equal(await ada.bytes('image (2).png'), content(10, 2))).toBe(true)
    expect(ada.room.view.list(rootFolder).map(({ name }) => name)).toEqual(['Chat'])
    // What was deleted is told from what never was: it still has its versions.
    const [first = ''] = written
    await ada.room.remove([ada.room.view.entry(first)?.parent ?? ''])
    await until(both, () => ben.room.view.entry(first) === undefined)
    expect(ben.room.view.versions(first)).toHaveLength(1)
  })

  it('says nothing of one that was attached and cancelled', async () => {
    const { ada, both } = await pair()
    const written: string[] = []
    ada.store.beforePut = () => new Promise(() => undefined)
    const id = ada.room.attach(rootFolder, fileOf('plan', content(10)), (node) => written.push(node)) ?? ''
    await until(both, () => ada.transfer('plan')?.state.kind === 'running')
    ada.room.cancel(id)
    ada.store.beforePut = () => Promise.resolve()
    ada.room.upload(rootFolder, [fileOf('other', content(10))])
    await until(both, () => ada.file('other') !== undefined)
    expect([written, ada.file('plan')]).toEqual([[], undefined])
  })

  it('tells whoever comes later, and whoever has nothing but its memory', async () => {
    const { world, table, ada, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(10))])
    await until(both, () => ada.file('plan') !== undefined)
    const eve = await new Device(world.node(), table, 3).open()
    await until([...both, eve], () => eve.file('plan') !== undefined)
    ada.scope.end()
    await eve.reopen()
    await until([eve], () => eve.file('plan') !== undefined)
    expect(equal(await eve.bytes('plan'), content(10))).toBe(true)
  })

  it('keeps what it was told of many drives in few steps, and asks its node for no more than it reads', async () => {
    const { world, table, ada } = await pair()
    const identity = await roomIdentity(await importSeed(new Uint8Array(32).fill(9)), roomId)
    const records = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const drive = (at + 1).toString(16).padStart(64, '0')
        return (await signDriveRecord(identity, roomId, { drive, batches: 1, head: drive })).bytes
      }),
    )
    const eve = new Device(world.node(), table, 3)
    let follows = 0
    eve.store.follow = async () => {
      follows += 1
    }
    await eve.open()
    const { tellDrives } = table.seat()
    for (const record of records) tellDrives([record])
    await until([ada, eve], () => eve.room.view.pendingDrives === records.length)
    await until([ada, eve], () => eve.remembered?.drives.length === records.length)
    expect(eve.keeps).toBeLessThan(5)
    expect(follows).toBe(0)
  })

  it('lets a reader read and change nothing', async () => {
    const { world, table, ada, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(10))])
    const eve = await new Device(world.node(), table, 3, { ...everybody, mayWrite: () => false }).open()
    await until([...both, eve], () => eve.file('plan') !== undefined)
    expect(eve.room.view.mayWrite).toBe(false)
    await expect(eve.room.remove([eve.file('plan') ?? ''])).rejects.toMatchObject({ code: 'no-right' })
    eve.room.upload(rootFolder, [fileOf('mine', content(10))])
    await until([eve], () => eve.transfer('mine')?.state.kind === 'failed')
    expect(eve.transfer('mine')?.state).toMatchObject({ code: 'no-right' })
    expect(eve.store.puts).toBe(0)
  })
})

describe('trouble', () => {
  it('may write nothing while its node keeps no files, and may again once it does', async () => {
    const { ada, both } = await pair()
    ada.store.fault = 'no-data-room'
    await ada.reopen()
    await until(both, () => ada.room.view.node.kind === 'unreachable')
    expect(ada.room.view).toMatchObject({ node: { code: 'no-data-room' }, mayWrite: false })
    ada.store.fault = undefined
    await until(both, () => ada.room.view.node.kind === 'ready')
    expect(ada.room.view.mayWrite).toBe(true)
  })

  it('goes on by itself when the node is back, and sends again nothing that it has', async () => {
    const { ada, ben, both } = await pair()
    const bytes = content(5 * segment)
    let puts = 0
    ada.store.beforePut = async () => {
      puts += 1
      if (puts === 4) ada.store.isAway = true
    }
    ada.room.upload(rootFolder, [fileOf('film', bytes)])
    await until(both, () => ada.transfer('film')?.state.kind === 'failed' && ada.room.view.node.kind === 'unreachable')
    const before = ada.store.puts
    expect(before).toBeGreaterThan(0)
    ada.store.isAway = false
    await until(both, () => ben.file('film') !== undefined)
    // What the node had is not sent again: five segments and the hashes, each once.
    expect(ada.store.puts).toBe(6)
    expect(equal(await ben.bytes('film'), bytes)).toBe(true)
    expect(before).toBeLessThan(6)
  })

  it('goes on after a reload once the file is chosen again, and takes no other one', async () => {
    const { ada, ben, both } = await pair()
    const bytes = content(4 * segment)
    ada.room.upload(rootFolder, [fileOf('film', bytes)])
    await until(both, () => ada.store.puts >= 2)
    await ada.reopen()
    await until(both, () => ada.transfer('film')?.state.kind === 'needs-file')
    const id = ada.transfer('film')?.id ?? ''
    expect(ada.room.chooseAgain(id, fileOf('film', content(5)))).toBe(false)
    expect(ada.room.chooseAgain(id, fileOf('film', bytes))).toBe(true)
    await until(both, () => ben.file('film') !== undefined)
    expect(ada.store.puts).toBe(5)
    expect(equal(await ben.bytes('film'), bytes)).toBe(true)
    expect(await ada.uploads.all()).toEqual([])
  })

  it('refuses a file that changed meanwhile, and sends it anew when asked', async () => {
    const { ada, ben, both } = await pair()
    const bytes = content(3 * segment)
    // It comes to no end by itself.
    ada.store.beforePut = () => (ada.store.puts < 1 ? Promise.resolve() : new Promise(() => undefined))
    ada.room.upload(rootFolder, [fileOf('film', bytes)])
    await until(both, () => ada.store.puts >= 1)
    ada.store.beforePut = () => Promise.resolve()
    ada.room.pause(ada.transfer('film')?.id ?? '')
    await until(both, () => ada.transfer('film')?.state.kind === 'paused')
    expect(ada.file('film')).toBeUndefined()
    await ada.reopen()
    const id = ada.room.transfers()[0]?.id ?? ''
    const other = content(3 * segment, 9)
    expect(ada.room.chooseAgain(id, fileOf('film', other))).toBe(true)
    await until(both, () => ada.transfer('film')?.state.kind === 'failed')
    expect(ada.transfer('film')?.state).toMatchObject({ code: 'file-changed' })
    ada.room.resume(id)
    await until(both, () => ben.file('film') !== undefined)
    expect(equal(await ben.bytes('film'), other)).toBe(true)
  })

  it('keeps a file that was cancelled too late: it is there, whole', async () => {
    const { ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(10))])
    await expect.poll(() => ada.store.puts).toBe(1)
    ada.room.cancel(ada.transfer('plan')?.id ?? '')
    await until(both, () => ben.file('plan') !== undefined)
    expect(equal(await ben.bytes('plan'), content(10))).toBe(true)
    expect(ada.transfer('plan')?.state).toEqual({ kind: 'done' })
  })

  describe('when everything ends between the answer of the node and what is kept of it', () => {
    const bytes = content(2 * segment)

    /** It is written, and this device does not know. */
    async function crashed() {
      const { ada, ben, both } = await pair()
      const { forget } = ada.uploads
      ada.uploads.forget = () => new Promise(() => undefined)
      ada.room.upload(rootFolder, [fileOf('film', bytes)])
      await until(both, () => ben.file('film') !== undefined)
      ada.uploads.forget = forget
      await ada.reopen()
      const [transfer] = ada.room.transfers()
      expect(transfer?.state).toEqual({ kind: 'needs-file' })
      return { ada, ben, both, id: transfer?.id ?? '' }
    }

    it('deletes nothing of the file when it is cancelled', async () => {
      const { ada, ben, id } = await crashed()
      ada.room.cancel(id)
      await expect.poll(() => ada.uploads.all()).toEqual([])
      expect(equal(await ben.bytes('film'), bytes)).toBe(true)
    })

    it('takes it for done when a file is chosen again, even one that has changed', async () => {
      const { ada, ben, both, id } = await crashed()
      expect(ada.room.chooseAgain(id, fileOf('film', content(2 * segment, 9)))).toBe(true)
      await until(both, () => ada.transfer('film')?.state.kind === 'done')
      expect(equal(await ben.bytes('film'), bytes)).toBe(true)
      expect(ben.room.view.versions(ben.file('film') ?? '')).toHaveLength(1)
    })
  })

  it('says that the share is used up, and loses nothing', async () => {
    const world = new MemoryWorld()
    const ada = await new Device(world.node(2 * segment), new Table(), 1).open()
    ada.room.upload(rootFolder, [fileOf('small', content(100))])
    await until([ada], () => ada.file('small') !== undefined)
    ada.room.upload(rootFolder, [fileOf('film', content(3 * segment))])
    await until([ada], () => ada.transfer('film')?.state.kind === 'failed')
    expect(ada.transfer('film')?.state).toMatchObject({ code: 'quota-exceeded' })
    expect(equal(await ada.bytes('small'), content(100))).toBe(true)
    ada.room.cancel(ada.transfer('film')?.id ?? '')
    const used = async () => (await ada.store.open()).usedBytes
    await expect.poll(used).toBeLessThan(segment)
  })

  it('refuses a wrong block, wherever in a file it is', async () => {
    const { world, ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('plan', content(70_000))])
    await until(both, () => ben.file('plan') !== undefined)
    const [object] = [...world.drives.values()].flatMap(({ objects }) => [...objects.values()])
    const whole = object?.get(0)
    object?.set(
      0,
      (whole ?? new Uint8Array(0)).map((byte, index) => (index === 66_000 ? byte ^ 1 : byte)),
    )
    await expect(ben.bytes('plan')).rejects.toMatchObject({ code: 'object-damaged' })
  })

  it('names a journal that shows less than it did, and keeps what is known', async () => {
    const { world, ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('one', content(10))])
    await until(both, () => ben.file('one') !== undefined)
    ada.room.upload(rootFolder, [fileOf('two', content(10))])
    await until(both, () => ben.file('two') !== undefined)
    for (const { batches } of world.drives.values()) batches.pop()
    await until(both, () => ben.room.view.problems.length > 0)
    expect(ben.room.view.problems).toMatchObject([{ kind: 'rolled-back' }])
    expect(ben.file('two')).toBeDefined()
    // Its author writes on into another drive, and everybody sees it.
    await ada.room.createFolder(rootFolder, 'three')
    await until(both, () => ben.file('three') !== undefined)
  })

  it('names a drive of which its author has signed two things that cannot both be true', async () => {
    const { world, table, ada, ben, both } = await pair()
    ada.room.upload(rootFolder, [fileOf('one', content(10))])
    await until(both, () => ben.file('one') !== undefined)
    const [drive] = [...world.drives.keys()]
    const identity = await roomIdentity(await importSeed(new Uint8Array(32).fill(1)), roomId)
    const head = { batches: world.drives.get(drive ?? '')?.batches.length ?? 0, head: 'ab'.repeat(32) }
    const record = await signDriveRecord(identity, roomId, { drive: drive ?? '', ...head })
    table.seat().tellDrives([record.bytes])
    await until(both, () => ben.room.view.problems.length > 0)
    expect(ben.room.view.problems).toEqual([{ by: identity.peerId, kind: 'rolled-back' }])
    expect(ben.file('one')).toBeDefined()
  })

  it('writes nothing twice when the answer to an append is lost', async () => {
    const { ada, ben, both } = await pair()
    await ada.room.createFolder(rootFolder, 'one')
    const { append } = ada.store
    ada.store.append = async (...given) => {
      ada.store.append = append
      await append.apply(ada.store, given)
      return { next: given[1] + 1 }
    }
    await ada.room.createFolder(rootFolder, 'two')
    await ada.room.createFolder(rootFolder, 'three')
    await until(both, () => ben.room.view.all().length === 3)
    expect(ben.room.view.problems).toEqual([])
  })
})
