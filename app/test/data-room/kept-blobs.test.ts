import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@p2pigeon/core/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Shelf } from '../../src/blobs/shelf.ts'
import { defaultLimits } from '../../src/data-room/limits.ts'
import { openNodeObjects } from '../../src/data-room/node-objects.ts'
import { loadPear } from '../../src/data-room/pear/index.ts'
import { DataStore } from '../../src/data-room/store/index.ts'
import { serve, type Served } from './served.ts'
import { silent } from './testnet.ts'

const bounds = { totalBytes: 100_000_000, maxBlobs: 100 }
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const twoPieces = randomBytes(4_195_328 + 5_000)

async function* source(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

let folder: string
let served: Served
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pigeon-kept-blobs-'))
  served = await serve({ folder: join(folder, 'data-room'), limits: { quotaBytes: 10_000_000 } })
})
afterEach(async () => {
  await served.close()
  rmSync(folder, { recursive: true, force: true })
})

const objects = () => served.room.nodeObjects()
const shelves = (): string => join(folder, 'blobs')
const open = async (): Promise<Shelf> => Shelf.open(shelves(), bounds, await objects())
const keep = (shelf: Shelf, bytes: Buffer, nowMs = 1_000) =>
  shelf.take(hashOf(bytes), bytes.length, source(bytes), nowMs)
const names = async (): Promise<string[]> => [...(await (await objects()).objects())]
const files = (): string[] =>
  readdirSync(shelves(), { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? entry.name : [],
  )

async function contentOf(shelf: Shelf, bytes: Buffer): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await shelf.read(hashOf(bytes))) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

it('keeps bytes in the data room, counts them there, and finds them after a restart', async () => {
  const shelf = await open()
  expect(await keep(shelf, twoPieces)).toBe('kept')
  expect(await keep(shelf, twoPieces, 9_000)).toBe('kept')
  expect((await contentOf(shelf, twoPieces)).equals(twoPieces)).toBe(true)
  expect(served.room.stats().storedBytes).toBe(twoPieces.length)
  await served.close()
  served = await serve({ folder: join(folder, 'data-room') })
  const again = await open()
  expect([again.size, again.lengthOf(hashOf(twoPieces), 8_999)]).toEqual([1, twoPieces.length])
  expect((await contentOf(again, twoPieces)).equals(twoPieces)).toBe(true)
})

it('what is over is gone from the data room, too', async () => {
  const shelf = await open()
  const later = randomBytes(100)
  await keep(shelf, twoPieces, 1_000)
  await keep(shelf, later, 9_000)
  await shelf.forgetBefore(5_000)
  expect(await names()).toEqual([hashOf(later).slice(0, 32)])
  expect([shelf.size, files().length, served.room.stats().storedBytes]).toEqual([1, 1, 100])
})

it('a share of the data room that is used up is a full disk, and nothing of it stays', async () => {
  const shelf = await open()
  await keep(shelf, twoPieces)
  const more = randomBytes(6_000_000)
  expect(await keep(shelf, more)).toBe('disk-full')
  expect(await names()).toEqual([hashOf(twoPieces).slice(0, 32)])
  expect([shelf.size, shelf.lengthOf(hashOf(more), 0), files().length]).toEqual([1, undefined, 1])
})

it('of an object without its file nothing is left by a start', async () => {
  const kept = randomBytes(100)
  await keep(await open(), kept)
  await (await objects()).put('a'.repeat(32), 0, randomBytes(50))
  const shelf = await open()
  expect([shelf.size, await names(), files()]).toEqual([
    1,
    [hashOf(kept).slice(0, 32)],
    [`${hashOf(kept)}.${String(kept.length)}`],
  ])
})

it('a data room that was away for a start has lost nothing when it is back', async () => {
  const [before, meanwhile] = [randomBytes(5_000), randomBytes(200)]
  await keep(await open(), before)
  await served.close()
  renameSync(join(folder, 'data-room'), join(folder, 'elsewhere'))
  served = await serve({ folder: join(folder, 'data-room') })
  const shelf = await open()
  expect(await keep(shelf, meanwhile)).toBe('kept')
  expect([shelf.size, shelf.lengthOf(hashOf(before), 0)]).toEqual([1, undefined])

  await served.close()
  rmSync(join(folder, 'data-room'), { recursive: true })
  renameSync(join(folder, 'elsewhere'), join(folder, 'data-room'))
  served = await serve({ folder: join(folder, 'data-room') })
  const again = await open()
  expect((await contentOf(again, before)).equals(before)).toBe(true)
  expect([again.size, again.lengthOf(hashOf(meanwhile), 0), files().length]).toEqual([1, undefined, 2])
  // A file whose object never comes back is over in its time.
  await again.forgetBefore(5_000)
  expect(files()).toEqual([])
})

it('clears no more objects at a start than crashes leave: it is their folder that is missing', async () => {
  const { put } = await objects()
  const many = Array.from({ length: 65 }, (_, n) => n.toString(16).padStart(32, '0'))
  for (const name of many) await put(name, 0, randomBytes(10))
  await open()
  expect((await names()).sort()).toEqual(many)
})

it('does not take another drive for the one that is there and does not open', async () => {
  const kept = randomBytes(5_000)
  await keep(await open(), kept)
  await served.close()
  const pear = await loadPear()
  class Unreadable extends pear.Hyperdrive {
    override ready(): Promise<void> {
      return Promise.reject(new Error('EIO'))
    }
  }
  const unheard = () => undefined
  const store = await DataStore.open({
    ...{ pear: { ...pear, Hyperdrive: Unreadable }, folder: join(folder, 'data-room'), limits: defaultLimits },
    ...{ clock: systemClock, log: silent, opened: unheard, closed: unheard, reopened: unheard },
  })
  await expect(openNodeObjects(store)).rejects.toMatchObject({ code: 'damaged' })
  await store.close()
  const beside = await Shelf.open(shelves(), bounds)
  const other = randomBytes(70)
  expect([await keep(beside, other), beside.lengthOf(hashOf(kept), 0)]).toEqual(['kept', undefined])
  served = await serve({ folder: join(folder, 'data-room') })
  const again = await open()
  for (const bytes of [kept, other]) expect((await contentOf(again, bytes)).equals(bytes)).toBe(true)
})

it('gives what was a file before there was a data room, until it is over or brought again', async () => {
  const [one, other] = [randomBytes(100), randomBytes(200)]
  const before = await Shelf.open(shelves(), bounds)
  for (const bytes of [one, other]) await keep(before, bytes)
  const shelf = await open()
  expect((await contentOf(shelf, one)).equals(one)).toBe(true)
  await keep(shelf, one, 9_000)
  expect((await contentOf(shelf, one)).equals(one)).toBe(true)
  expect(await names()).toEqual([hashOf(one).slice(0, 32)])
  await shelf.forgetBefore(5_000)
  expect([shelf.size, files()]).toEqual([1, [`${hashOf(one)}.100`]])
})
