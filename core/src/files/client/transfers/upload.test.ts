import { describe, expect, it } from 'vitest'
import { id, isSame } from '../../../../test/files/authors.ts'
import { MemoryWorld } from '../../../testing/memory-store.ts'
import { segmentBytes } from '../../limits.ts'
import type { Octets } from '../source.ts'
import { passingMemory } from '../uploads.ts'
import type { FileBody } from '../view.ts'
import { localWork } from '../work/index.ts'
import { upload, type KeptUpload } from './upload.ts'

const { signal } = new AbortController()
const sizeBytes = 2 * segmentBytes + 5
const changed = { name: 'UsageError', code: 'file-changed' }

const contentOf = (seed: number): Octets => new Uint8Array(sizeBytes).map((_, at) => (at >> 7) * seed)
const bodyOf = (content: Octets): FileBody => ({
  sizeBytes,
  slice: (start, end) => Promise.resolve(content.slice(start, end)),
})

/** A node to which two of three segments of the first content have come. */
async function brokenOff() {
  const store = new MemoryWorld().node()
  const drive = await store.createDrive()
  const to: KeptUpload = {
    ...{ id: id(1), drive, node: id(2), parent: id(0), name: 'a', replaces: undefined, object: id(3) },
    ...{ fileKey: new Uint8Array(32).map((_, at) => at), sizeBytes, modifiedAtMs: 1, mediaType: '' },
  }
  const memory = passingMemory()
  const stop = new AbortController()
  const bring = (content: Octets, from = memory, isInDoubt = true, ends = signal) =>
    upload({ store, work: localWork, memory: from, isInDoubt }, to, bodyOf(content), () => undefined, ends)
  store.beforePut = () => {
    if (store.puts === 2) stop.abort()
    return Promise.resolve()
  }
  await expect(bring(contentOf(1), memory, false, stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
  store.beforePut = () => Promise.resolve()
  return { store, drive, bring, puts: store.puts }
}

describe('an upload that was broken off', () => {
  it('goes on with what is missing', async () => {
    const { store, drive, bring } = await brokenOff()
    await bring(contentOf(1))
    expect(await store.stored(drive, id(3))).toEqual([0, 1, 2])
  })

  it('H11: is not gone on with where the file has changed, also in what the node has already', async () => {
    const { store, bring, puts } = await brokenOff()
    await expect(bring(contentOf(2))).rejects.toMatchObject(changed)
    expect(store.puts).toBe(puts)
  })

  it('H11: is not gone on with where it is not known what its key has sealed', async () => {
    const { store, drive, bring, puts } = await brokenOff()
    const before = await store.read(drive, id(3), 0, undefined)
    for (const content of [contentOf(1), contentOf(2)]) {
      await expect(bring(content, passingMemory())).rejects.toMatchObject(changed)
    }
    expect(store.puts).toBe(puts)
    expect(isSame(await store.read(drive, id(3), 0, undefined), before)).toBe(true)
  })
})
