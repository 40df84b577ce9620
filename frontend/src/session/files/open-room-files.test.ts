import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserRuntime, importSeed } from '@p2pigeon/core'
import { localWork, roomIdentity, rootFolder, Scope } from '@p2pigeon/core/files'
import { MemoryWorld, type MemoryStore } from '@p2pigeon/core/testing'
import { FakeKeeper } from '../testing/index.ts'
import type { Destination } from './disk.ts'
import { openRoomFiles } from './open-room-files.ts'
import type { RoomFiles } from './room-files.ts'

const roomId = new Uint8Array(16).fill(3)
const segment = 64 * 65_536
const { clock, random } = browserRuntime()
const scopes: Scope[] = []

afterEach(() => scopes.splice(0).forEach((scope) => scope.end()))

class FakeDestination implements Destination {
  readonly written: Uint8Array[] = []
  end: 'finished' | 'dropped' | undefined
  /** Called before each piece is taken. */
  beforeWrite: () => Promise<void> = () => Promise.resolve()

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.beforeWrite()
    this.written.push(bytes)
  }

  async finish(): Promise<void> {
    this.end = 'finished'
  }

  async drop(): Promise<void> {
    this.end = 'dropped'
  }
}

async function open(keeper: FakeKeeper, store: MemoryStore, to = new FakeDestination()): Promise<RoomFiles> {
  const scope = new Scope()
  scopes.push(scope)
  const identity = await roomIdentity(await importSeed(new Uint8Array(32).fill(1)), roomId)
  const nothing = (): (() => void) => () => undefined
  return openRoomFiles(
    {
      ...{
        roomId,
        identity,
        work: localWork,
        clock,
        random,
        keeper,
        store,
        name: 'room',
        slotId: 'slot',
        hidesDetails: false,
      },
      rights: { epoch: () => 0, mayWrite: () => true, counts: () => true, onChange: nothing },
      talk: { tellMasters: nothing, tellDrives: nothing, onMasters: nothing, onDrives: nothing, onSomebody: nothing },
      copies: { code: () => Promise.resolve('code') },
      disk: { choose: () => Promise.resolve(to) },
      nameOf: () => undefined,
    },
    scope,
  )
}

const fileOf = (name: string, sizeBytes: number): File => {
  const bytes = new Uint8Array(sizeBytes).map((_, at) => at % 253)
  return new File([bytes], name, { lastModified: 1_700_000_000_000 })
}

function upload(files: RoomFiles, file: File): void {
  const slice = async (start: number, end: number) => new Uint8Array(await file.slice(start, end).arrayBuffer())
  const body = { sizeBytes: file.size, slice }
  files.upload(rootFolder, [{ path: [], name: file.name, mediaType: '', modifiedAtMs: file.lastModified, body }])
}

const stateOf = (files: RoomFiles): string | undefined => files.transfers.get()[0]?.state.kind
const patient = { timeout: 15_000 }

describe('files of a room', () => {
  it('come to the disk byte for byte, also in a page that was loaded anew', async () => {
    const store = new MemoryWorld().node()
    const keeper = new FakeKeeper()
    const file = fileOf('film', segment + 10)
    upload(await open(keeper, store), file)
    await vi.waitFor(() => expect(store.appends).toBe(1), patient)
    const to = new FakeDestination()
    // What is remembered of an append is written behind it.
    await vi.waitFor(() => expect(keeper.kept.has('files.slot')).toBe(true), patient)
    const again = await open(keeper, store, to)
    await vi.waitFor(() => expect(again.view.get().all()).toHaveLength(1), patient)
    await again.save(again.view.get().all()[0]?.id ?? '')
    await vi.waitFor(() => expect(to.end).toBe('finished'), patient)
    const saved = Buffer.concat(to.written)
    expect(saved.equals(Buffer.from(await file.arrayBuffer()))).toBe(true)
  })

  it('that are attached stand in a folder by themselves, whatever has their name', async () => {
    const files = await open(new FakeKeeper(), new MemoryWorld().node())
    const written: string[] = []
    for (const content of ['one', 'two']) {
      const bytes = new TextEncoder().encode(content)
      const body = { sizeBytes: 3, slice: (start: number, end: number) => Promise.resolve(bytes.slice(start, end)) }
      const file = { path: [], name: 'image.png', mediaType: 'image/png', modifiedAtMs: 0, body }
      expect(files.attach('Chat', file, (id) => written.push(id))).toBeDefined()
    }
    await vi.waitFor(() => expect(written).toHaveLength(2), patient)
    await vi.waitFor(() => expect(files.view.get().all()).toHaveLength(3), patient)
    const view = files.view.get()
    const [folder] = view.list(rootFolder)
    expect([folder?.name, folder?.kind]).toEqual(['Chat', 'folder'])
    const names = written.map((id) => view.entry(id)?.name).toSorted()
    expect(names).toEqual(['image (2).png', 'image.png'])
    expect(written.every((id) => view.entry(id)?.parent === folder?.id)).toBe(true)
  })

  it('go on where they were after a pause, and leave nothing behind when cancelled', async () => {
    const store = new MemoryWorld().node()
    const to = new FakeDestination()
    const files = await open(new FakeKeeper(), store, to)
    const file = fileOf('film', 2 * segment)
    upload(files, file)
    await vi.waitFor(() => expect(files.view.get().all()).toHaveLength(1), patient)
    await vi.waitFor(() => expect(stateOf(files)).toBe('done'), patient)
    files.clearFinished()
    let go: () => void = () => undefined
    to.beforeWrite = () => (to.written.length === 1 ? new Promise((resolve) => (go = resolve)) : Promise.resolve())
    const id = files.view.get().all()[0]?.id ?? ''
    await files.save(id)
    await vi.waitFor(() => expect(files.transfers.get()[0]?.doneBytes).toBe(segment), patient)
    files.pause('save-1')
    go()
    await vi.waitFor(() => expect(stateOf(files)).toBe('paused'), patient)
    expect(to.end).toBeUndefined()
    to.beforeWrite = () => Promise.resolve()
    files.resume('save-1')
    await vi.waitFor(() => expect(to.end).toBe('finished'), patient)
    expect(Buffer.concat(to.written).equals(Buffer.from(await file.arrayBuffer()))).toBe(true)
    to.end = undefined
    to.beforeWrite = () => new Promise(() => undefined)
    await files.save(id)
    files.cancel('save-2')
    await vi.waitFor(() => expect(to.end).toBe('dropped'), patient)
  })

  it('that were on their way up wait for their file after a reload, in sealed slots', async () => {
    const store = new MemoryWorld().node()
    const keeper = new FakeKeeper()
    const file = fileOf('film', 4 * segment)
    store.beforePut = () => (store.puts < 1 ? Promise.resolve() : new Promise(() => undefined))
    upload(await open(keeper, store), file)
    await vi.waitFor(() => expect(store.puts).toBe(1), patient)
    scopes.splice(0).forEach((scope) => scope.end())
    store.beforePut = () => Promise.resolve()
    const files = await open(keeper, store)
    await vi.waitFor(() => expect(stateOf(files)).toBe('needs-file'), patient)
    const id = files.transfers.get()[0]?.id ?? ''
    expect(await files.chooseAgain(id, fileOf('film', 5))).toBe(false)
    expect(await files.chooseAgain(id, file)).toBe(true)
    await vi.waitFor(() => expect(files.view.get().all()).toHaveLength(1), patient)
    expect(store.puts).toBe(5)
    await vi.waitFor(async () => {
      expect((await keeper.slots()).filter((slot) => slot !== 'files.slot')).toEqual([])
    }, patient)
  })
})
