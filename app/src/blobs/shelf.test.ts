import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Shelf } from './shelf.ts'

const bounds = { totalBytes: 1_000_000, maxBlobs: 100 }
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function* source(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pigeon-shelf-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const keep = (shelf: Shelf, bytes: Buffer, nowMs: number) =>
  shelf.take(hashOf(bytes), bytes.length, source(bytes), nowMs)

async function contentOf(shelf: Shelf, hash: string): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of await shelf.read(hash)) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

it('puts together what comes in pieces', async () => {
  const shelf = await Shelf.open(folder, bounds)
  const bytes = Buffer.from('one two three')
  expect(await shelf.take(hashOf(bytes), 13, source(bytes.subarray(0, 4), bytes.subarray(4)), 1_000)).toBe('kept')
  expect((await contentOf(shelf, hashOf(bytes))).equals(bytes)).toBe(true)
})

it.each([
  ['more than announced', 'other-length', 12],
  ['less than announced', 'other-length', 14],
  ['something else', 'other-hash', 13],
] as const)('keeps nothing of %s', async (_, outcome, length) => {
  const shelf = await Shelf.open(folder, bounds)
  const bytes = Buffer.from('one two three')
  const hash = outcome === 'other-hash' ? hashOf(Buffer.from('x')) : hashOf(bytes)
  expect(await shelf.take(hash, length, source(bytes), 1_000)).toBe(outcome)
  expect(readdirSync(folder, { recursive: true })).toEqual(['incoming'])
  expect([shelf.size, shelf.bytes]).toEqual([0, 0])
})

it('tells a full disk from a broken one, and leaves nothing behind on either', async () => {
  const shelf = await Shelf.open(folder, bounds)
  const failing = (code: string): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(Object.assign(new Error('no'), { code })) }),
  })
  expect(await shelf.take(hashOf(Buffer.from('x')), 1, failing('ENOSPC'), 1_000)).toBe('disk-full')
  await expect(shelf.take(hashOf(Buffer.from('x')), 1, failing('EIO'), 1_000)).rejects.toMatchObject({ code: 'EIO' })
  expect(readdirSync(join(folder, 'incoming'))).toEqual([])
})

it('counts what is there when it is opened, and nothing else', async () => {
  const first = await Shelf.open(folder, bounds)
  const bytes = Buffer.alloc(5_000, 1)
  await keep(first, bytes, 50_000)
  writeFileSync(join(folder, 'notes.txt'), 'not ours')
  symlinkSync('/etc/passwd', join(folder, 'f'.repeat(64)))
  const shelf = await Shelf.open(folder, bounds)
  expect([shelf.size, shelf.bytes]).toEqual([1, 8_192])
  expect(shelf.lengthOf(hashOf(bytes), 49_999)).toBe(5_000)
  expect(shelf.lengthOf(hashOf(bytes), 50_000)).toBeUndefined()
})

it('what is brought anew while its time ends is there afterwards', async () => {
  const shelf = await Shelf.open(folder, bounds)
  const bytes = Buffer.from('again')
  const path = join(folder, hashOf(bytes).slice(0, 2), hashOf(bytes))
  for (let round = 0; round < 20; round++) {
    await keep(shelf, bytes, 1_000)
    const kept = keep(shelf, bytes, 9_000)
    // In its place already, and not acknowledged yet.
    while (statSync(path).mtimeMs !== 9_000) await new Promise((resolve) => setImmediate(resolve))
    await Promise.all([kept, shelf.forgetBefore(5_000)])
    expect(shelf.size).toBe(1)
    expect((await contentOf(shelf, hashOf(bytes))).equals(bytes)).toBe(true)
  }
})

it('one that cannot be thrown away keeps no other from it, and is tried again', async () => {
  const shelf = await Shelf.open(folder, bounds)
  const [stuck, other] = [Buffer.from('stuck'), Buffer.from('other')]
  for (const bytes of [stuck, other]) await keep(shelf, bytes, 1_000)
  const path = join(folder, hashOf(stuck).slice(0, 2), hashOf(stuck))
  rmSync(path)
  mkdirSync(join(path, 'in the way'), { recursive: true })
  await expect(shelf.forgetBefore(5_000)).rejects.toThrow()
  expect([shelf.size, shelf.lengthOf(hashOf(other), 0)]).toEqual([1, undefined])
  rmSync(path, { recursive: true })
  await shelf.forgetBefore(5_000)
  expect([shelf.size, shelf.bytes]).toEqual([0, 0])
})

it('gives room that was kept back once, however often it is told', async () => {
  const shelf = await Shelf.open(folder, { totalBytes: 8_192, maxBlobs: 100 })
  const release = shelf.reserve(4_097)
  expect(shelf.reserve(1)).toBeUndefined()
  release?.()
  release?.()
  expect(shelf.reserve(8_192)).toBeDefined()
  expect(shelf.reserve(1)).toBeUndefined()
})
