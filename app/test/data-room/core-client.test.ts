import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browserRuntime, importSeed } from '@p2pigeon/core'
import {
  DataRoom,
  localWork,
  NodeStore,
  passingMemory,
  roomIdentity,
  rootFolder,
  Scope,
  sessionKey,
  type RememberedFiles,
} from '@p2pigeon/core/files'
import { afterEach, expect, it, vi } from 'vitest'
import { serve, type Served } from './served.ts'

const roomId = new Uint8Array(16).fill(5)
const { clock, random } = browserRuntime()
const segment = 64 * 65_536
const patient = { timeout: 20_000 }
const undoings: (() => unknown)[] = []

afterEach(async () => {
  for (const undo of undoings.splice(0).reverse()) await undo()
})

/** One member's page over a node. */
async function openAt(port: number, memory: { kept?: RememberedFiles }): Promise<DataRoom> {
  const scope = new Scope()
  undoings.push(() => scope.end())
  const seed = await importSeed(new Uint8Array(32).fill(9))
  const store = new NodeStore({
    url: `http://127.0.0.1:${String(port)}`,
    key: await sessionKey(seed, roomId),
    ...{ clock, random, fetch: (...given) => fetch(...given) },
  })
  const nothing = (): (() => void) => () => undefined
  return DataRoom.open(
    {
      ...{ roomId, identity: await roomIdentity(seed, roomId), store, work: localWork, clock, random },
      memory: {
        load: () => Promise.resolve(memory.kept),
        keep: async (files) => {
          memory.kept = files
        },
      },
      uploads: passingMemory(),
      rights: { epoch: () => 0, mayWrite: () => true, counts: () => true, onChange: nothing },
      talk: { tellMasters: nothing, tellDrives: nothing, onMasters: nothing, onDrives: nothing, onSomebody: nothing },
    },
    scope,
  )
}

it('a page keeps files at a real node and reads them again, also once that was started anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pigeon-data-'))
  undoings.push(() => rm(folder, { recursive: true, force: true }))
  let served: Served = await serve({ folder })
  undoings.push(() => served.close())
  const { port } = served
  const memory: { kept?: RememberedFiles } = {}
  const room = await openAt(port, memory)
  await vi.waitFor(() => expect(room.view.node.kind).toBe('ready'), patient)
  const bytes = new Uint8Array(segment + 70_000).map((_, at) => at % 249)
  const body = { sizeBytes: bytes.length, slice: async (start: number, end: number) => bytes.slice(start, end) }
  const file = { path: ['film'], name: 'one', mediaType: 'video/webm', modifiedAtMs: 1_700_000_000_000, body }
  room.upload(rootFolder, [file, { ...file, name: 'two', body: { ...body, sizeBytes: 10 } }])
  await vi.waitFor(() => expect(room.view.all()).toHaveLength(3), patient)
  await vi.waitFor(() => expect(memory.kept?.drives[0]?.batches).toBeGreaterThan(1), patient)

  await served.close()
  served = await serve({ folder })
  const again = await openAt(served.port, memory)
  await vi.waitFor(() => expect(again.view.all()).toHaveLength(3), patient)
  expect(again.view.problems).toEqual([])
  const one = again.view.all().find(({ name }) => name === 'one')
  const opened = await again.open(one?.id ?? '')
  const read = Buffer.from(await new Response(opened.stream()).arrayBuffer())
  expect(read.equals(Buffer.from(bytes))).toBe(true)
  const part = await opened.read(segment - 5, segment + 5)
  expect(Buffer.from(part).equals(Buffer.from(bytes.slice(segment - 5, segment + 5)))).toBe(true)

  // Deleted for good, it is gone from the node and from the quota, and stays so.
  const used = (): number => (again.view.node.kind === 'ready' ? again.view.node.usedBytes : Infinity)
  await again.remove([one?.id ?? ''])
  expect(again.purgeable(one?.id ?? '')).toEqual({ versions: 1, bytes: bytes.length })
  await again.purge(one?.id ?? '')
  await vi.waitFor(() => expect(used()).toBeLessThan(70_000), patient)
  expect(again.view.deleted()).toEqual([])
  const later = await openAt(served.port, memory)
  await vi.waitFor(() => expect(later.view.all().map(({ name }) => name)).toEqual(['film', 'two']), patient)
  expect(later.view.deleted()).toEqual([])
})
