import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { equal } from '../../src/bytes/index.ts'
import { TransportError } from '../../src/errors/index.ts'
import {
  DataRoom,
  localWork,
  passingMemory,
  rootFolder,
  Scope,
  type ByteRange,
  type DataRoomView,
  type Octets,
  type Part,
  type Source,
} from '../../src/files/index.ts'
import type { Room } from '../../src/index.ts'
import { nodeRuntime } from '../../src/node.ts'
import { MemoryStore, MemoryWorld } from '../../src/testing/memory-store.ts'
import { connectedNames, seen, village, type Person, type Village } from './headless-people.ts'

const segmentBytes = 4_194_304
const content = new Uint8Array(2 * segmentBytes + 300_000).map((_, at) => (at * 31 + (at >> 9)) & 0xff)
const never = new AbortController().signal
const { clock, random } = nodeRuntime()

/** A node that may give journals and no contents, as one does that cannot reach the writer's node. */
class FarNode extends MemoryStore {
  givesContents = true
  readonly asked: Part[] = []

  override async read(drive: string, object: string, part: Part, range: ByteRange | undefined): Promise<Octets> {
    this.asked.push(part)
    if (!this.givesContents) throw new TransportError('node-unreachable', 'as the test wishes')
    return super.read(drive, object, part, range)
  }
}

/** Resolves as soon as the picture satisfies `holds`. */
function shown(files: DataRoom, holds: (view: DataRoomView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = files.on('viewChanged', () => check())
    const check = (): void => {
      if (!holds(files.view)) return
      stop()
      resolve()
    }
    check()
  })
}

async function readAll(stream: ReadableStream<Octets>): Promise<Octets> {
  const parts: Octets[] = []
  for await (const part of stream as unknown as AsyncIterable<Octets>) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

describe('files between the devices of members', { timeout: 60_000 }, () => {
  let place: Village
  let world: MemoryWorld
  let scope: Scope

  beforeEach(async () => {
    place = await village()
    world = new MemoryWorld()
    scope = new Scope()
  })
  afterEach(async () => {
    scope.end()
    await place.close()
  })

  async function open(room: Room): Promise<{ files: DataRoom; node: FarNode }> {
    const node = new FarNode(world, 1_000_000_000)
    const memory = { load: () => Promise.resolve(undefined), keep: () => Promise.resolve() }
    const ports = { ...room.files, store: node, work: localWork, clock, random, memory, uploads: passingMemory() }
    return { files: await DataRoom.open(ports, scope), node }
  }

  async function meet(): Promise<{ ada: Person; adasRoom: Room; bensRoom: Room }> {
    const [ada, ben] = await Promise.all([place.person('Ada'), place.person('Ben')])
    const link = await ada.manager.createRoomLink({ privacy: 'lan' })
    const [adasRoom, bensRoom] = await Promise.all([ada.join(link), ben.join(link)])
    await seen(adasRoom, (view) => connectedNames(view).includes('Ben'))
    await seen(bensRoom, (view) => connectedNames(view).includes('Ada'))
    return { ada, adasRoom, bensRoom }
  }

  /** Ada shares a file, and Ben has heard of it. */
  async function shared(): Promise<
    Awaited<ReturnType<typeof meet>> & { adas: FarNode; bens: FarNode; bensFiles: DataRoom }
  > {
    const people = await meet()
    const { files: adasFiles, node: adas } = await open(people.adasRoom)
    const { files: bensFiles, node: bens } = await open(people.bensRoom)
    const body = { sizeBytes: content.length, slice: async (start: number, end: number) => content.slice(start, end) }
    adasFiles.upload(rootFolder, [{ path: [], name: 'film.webm', mediaType: 'video/webm', modifiedAtMs: 1, body }])
    await shown(bensFiles, (view) => view.list(rootFolder).length === 1)
    return { ...people, adas, bens, bensFiles }
  }

  const opened = (files: DataRoom) => files.open(files.view.list(rootFolder)[0]?.id ?? '')

  it('a file comes through whole while no node gives it', async () => {
    const { adas, bens, bensFiles } = await shared()
    bens.givesContents = adas.givesContents = false
    const file = await opened(bensFiles)
    expect(equal(await readAll(file.stream()), content)).toBe(true)
    // A look into the middle of it, too.
    expect(equal(await file.read(5_000_000, 5_000_100), content.subarray(5_000_000, 5_000_100))).toBe(true)
    expect([adas.asked, bens.asked]).toEqual([[], []])
  })

  it('the writer leaves in the middle, and the node takes over', async () => {
    const { ada, adasRoom, bens, bensFiles } = await shared()
    const file = await opened(bensFiles)
    const reader = file.stream().getReader()
    const first = await reader.read()
    expect(bens.asked).toEqual([])
    await ada.manager.leaveRoom(adasRoom.roomId)
    reader.releaseLock()
    const start = first.value?.length ?? 0
    expect(equal(await readAll(file.stream({ start })), content.subarray(start))).toBe(true)
    expect(bens.asked).toContain(2)
  })

  it('what somebody asked for who is removed ends with the removal', async () => {
    const { adasRoom, bensRoom } = await meet()
    const asked = new Promise<AbortSignal>((resolve) => {
      const waits: Pick<Source, 'read'> = {
        read: (_drive, _object, _part, _range, signal) => {
          resolve(signal)
          return new Promise(() => undefined)
        },
      }
      adasRoom.files.lend(waits)
    })
    const adasId = adasRoom.view().self.peerId
    const [source] = bensRoom.files.nearer(adasId)
    const read = source?.read('ab'.repeat(32), 'cd'.repeat(16), 0, undefined, never)
    const refused = expect(read).rejects.toMatchObject({ code: 'object-missing' })
    const signal = await asked
    const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    adasRoom.kick(bensRoom.view().self.peerId)
    await Promise.all([ended, refused])
    await seen(bensRoom, ({ state }) => state.kind === 'removed')
    expect(bensRoom.files.nearer(adasId)).toEqual([])
  })
})
