import { describe, expect, it } from 'vitest'
import { equal } from '../../bytes/index.ts'
import { MemoryWorld } from '../../testing/memory-store.ts'
import { segmentBytes } from '../limits.ts'
import { LentObjects } from './lent-objects.ts'
import type { Octets, Part } from './source.ts'
import { upload, type KeptUpload } from './transfers/index.ts'
import { passingMemory } from './uploads.ts'
import { localWork } from './work/index.ts'

const never = new AbortController().signal
const sizeBytes = 2 * segmentBytes + 5_000
const missing = { code: 'object-missing' }

/** A file that may change, and counts how often it is read. */
function fileOf(content: Octets) {
  const file = {
    ...{ sizeBytes: content.length, content, reads: 0, gone: false },
    async slice(start: number, end: number): Promise<Octets> {
      file.reads += 1
      if (file.gone) throw new DOMException('it is not what it was', 'NotReadableError')
      return file.content.slice(start, end)
    },
  }
  return file
}

function noise(length: number): Octets {
  return new Uint8Array(length).map((_, at) => (at * 31 + (at >> 9)) & 0xff)
}

async function device() {
  const store = new MemoryWorld().node()
  const drive = await store.createDrive()
  const lent = new LentObjects({ store, work: localWork, isOwn: (asked) => asked === drive })
  const kept = (object: string, size = sizeBytes): KeptUpload => ({
    ...{ id: object, drive, node: '01'.repeat(16), parent: '0'.repeat(32), name: 'a', replaces: undefined },
    ...{ object, fileKey: noise(32), sizeBytes: size, modifiedAtMs: 1, mediaType: '' },
  })
  /** Brings a file to the node; what is pledged is lent. */
  const bring = async (file: ReturnType<typeof fileOf>, object: string) => {
    const memory = passingMemory()
    const up = kept(object, file.sizeBytes)
    const pledge: typeof memory.pledge = async (id, segment, hashes) => {
      await memory.pledge(id, segment, hashes)
      lent.pledged(up, file, segment, hashes)
    }
    const uploads = { store, work: localWork, memory: { ...memory, pledge }, isInDoubt: false }
    await upload(uploads, up, file, () => undefined, never)
  }
  const read = (object: string, part: Part, range?: { start: number; end: number }): Promise<Octets> =>
    lent.read(drive, object, part, range, never)
  return { store, drive, lent, bring, read, kept }
}

const object = 'ab'.repeat(16)

describe('what a device gives to members', () => {
  it('is byte for byte what the node has, while the node is away', async () => {
    const { store, drive, bring, read } = await device()
    await bring(fileOf(noise(sizeBytes)), object)
    const there = new Map<Part, Octets>()
    for (const part of [0, 1, 2, 'hashes'] as const) {
      there.set(part, await store.read(drive, object, part, undefined))
    }
    store.isAway = true
    for (const [part, bytes] of there) expect(equal(await read(object, part), bytes)).toBe(true)
    const range = { start: 70_000, end: 200_000 }
    expect(equal(await read(object, 1, range), (there.get(1) ?? new Uint8Array()).subarray(70_000, 200_000))).toBe(true)
    await expect(read(object, 2, { start: 0, end: 1_000_000 })).rejects.toMatchObject(missing)
  })

  it('reads the file once for many ranges of one segment', async () => {
    const { store, bring, read } = await device()
    const file = fileOf(noise(sizeBytes))
    await bring(file, object)
    store.isAway = true
    const before = file.reads
    for (let start = 0; start < 640_000; start += 64_000) await read(object, 1, { start, end: start + 64_000 })
    expect(file.reads - before).toBe(1)
  })

  it('seals nothing of a file that has changed, for anybody, and falls back to the node', async () => {
    const { store, drive, bring, read } = await device()
    const file = fileOf(noise(sizeBytes))
    await bring(file, object)
    const first = await store.read(drive, object, 0, undefined)
    file.content = file.content.map((byte) => byte ^ 1)
    expect(equal(await read(object, 0), first)).toBe(true)
    store.isAway = true
    // Forgotten with all of its segments, not only the one that was asked for.
    const reads = file.reads
    await expect(read(object, 1)).rejects.toMatchObject({ code: 'node-unreachable' })
    expect(file.reads).toBe(reads)
  })

  it('falls back to the node when the file is not there any more', async () => {
    const { store, drive, bring, read } = await device()
    const file = fileOf(noise(100))
    await bring(file, object)
    file.gone = true
    expect(equal(await read(object, 0), await store.read(drive, object, 0, undefined))).toBe(true)
  })

  it('gives no segment whose hashes were not safe before, and no hashes that are not whole', async () => {
    const { store, lent, read, kept } = await device()
    const content = noise(sizeBytes)
    const maker = await localWork.write(kept(object), async (start, end) => content.slice(start, end), new Map())
    const first = await maker.segment(0)
    const file = fileOf(content)
    lent.pledged(kept(object), file, 0, first.hashes)
    store.isAway = true
    expect(equal(await read(object, 0), first.bytes)).toBe(true)
    const reads = file.reads
    await expect(read(object, 1)).rejects.toMatchObject({ code: 'node-unreachable' })
    await expect(read(object, 'hashes')).rejects.toMatchObject({ code: 'node-unreachable' })
    expect(file.reads).toBe(reads)
  })

  it('gives what its node has of its own drive, and of no other one', async () => {
    const { store, drive, lent } = await device()
    await store.put(drive, object, 0, noise(50), never)
    expect(await lent.read(drive, object, 0, undefined, never)).toHaveLength(50)
    await expect(lent.read('99'.repeat(32), object, 0, undefined, never)).rejects.toMatchObject(missing)
  })

  it('remembers so many files, and lets the oldest go', async () => {
    const { store, lent, read, kept, bring } = await device()
    const file = fileOf(noise(100))
    await bring(file, object)
    store.isAway = true
    for (let count = 0; count < 1_023; count++) {
      lent.pledged(kept(count.toString(16).padStart(32, '0'), 100), file, 0, new Uint8Array(32))
    }
    expect(await read(object, 0)).toHaveLength(120)
    lent.pledged(kept('ff'.repeat(16), 100), file, 0, new Uint8Array(32))
    await expect(read(object, 0)).rejects.toMatchObject({ code: 'node-unreachable' })
  })
})
