import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { id, isSame } from '../../../test/files/authors.ts'
import { sealBlock, sealObject } from '../../../test/files/reference.ts'
import { toHex } from '../../bytes/index.ts'
import { blockBytes, maxObjectBytes, segmentBytes } from '../limits.ts'
import { loadBlake3 } from './blake3.ts'
import { layoutOf } from './layout.ts'
import { ObjectWriter, type ReadPart, type SealedSegment } from './object-writer.ts'

const fileKey = new Uint8Array(32).map((_, at) => at)
const object = id(0xab)
const changed = { name: 'UsageError', code: 'file-changed' }

/** Bytes of which no two stretches are alike. */
function contentOf(length: number, seed = 1): Uint8Array {
  let state = seed
  return new Uint8Array(length).map(() => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16)
}

const reading =
  (content: Uint8Array): ReadPart =>
  (start, end) =>
    Promise.resolve(content.subarray(start, end))

async function writer(content: Uint8Array, pledged?: ReadonlyMap<number, Uint8Array>, read = reading(content)) {
  const to = { object, fileKey, layout: layoutOf(content.length), blake3: await loadBlake3() }
  return ObjectWriter.open(to, read, pledged)
}

/** For segments that must not be made: one that is made all the same is too long to be shown. */
async function indexOf(making: Promise<SealedSegment>): Promise<number> {
  return (await making).index
}

async function written(content: Uint8Array) {
  const made = await writer(content)
  const segments = []
  for await (const segment of made.segments()) segments.push(segment)
  return { segments, ...made.finish() }
}

describe('a written object', () => {
  it.each([0, 1, 2, 65_535, 65_536, 65_537, 131_072, 4_194_304, 4_194_305])(
    'of %i bytes is what the page describes',
    async (length) => {
      const content = contentOf(length)
      const { segments, hashes, root } = await written(content)
      const reference = sealObject(fileKey, object, content)
      expect(segments.map(({ bytes }, index) => isSame(bytes, reference.segments[index]))).not.toContain(false)
      expect(segments.length).toBe(reference.segments.length)
      expect(toHex(hashes)).toBe(reference.hashes.toString('hex'))
      expect(toHex(root)).toBe(reference.root.toString('hex'))
    },
  )

  it('of any size up to some blocks is what the page describes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300_000 }), fc.nat(1_000), async (length, seed) => {
        const content = contentOf(length, seed)
        const { segments, root } = await written(content)
        const reference = sealObject(fileKey, object, content)
        expect(Buffer.concat(segments.map(({ bytes }) => bytes)).equals(Buffer.concat(reference.segments))).toBe(true)
        expect(toHex(root)).toBe(reference.root.toString('hex'))
      }),
      { numRuns: 30 },
    )
  })

  // Computed by a script of ten lines over Node's OpenSSL and noble's BLAKE3, so that code and reference cannot change together.
  it('has the roots that it has always had', async () => {
    const empty = await written(new Uint8Array(0))
    const three = await written(Uint8Array.of(1, 2, 3))
    expect([toHex(empty.root), toHex(three.root)]).toEqual([
      '7ba0136da36fafe40eb8d175b2e13cf331b23731c0004d7776be63f4bcca114e',
      'c527762ed90038641dd353d117ab56dbdb94629456434c3bf65803df6f3d8f3c',
    ])
  })

  it('of 64 GiB ends in a block that is numbered and bound like every other, and a read of it holds one segment', async () => {
    const layout = layoutOf(maxObjectBytes)
    const asked: number[] = []
    const read: ReadPart = (start, end) => {
      asked.push(end - start)
      return Promise.resolve(new Uint8Array(end - start))
    }
    const last = await (
      await ObjectWriter.open({ object, fileKey, layout, blake3: await loadBlake3() }, read)
    ).segment(layout.segments - 1)
    const block = new Uint8Array(blockBytes)
    const reference = sealBlock(fileKey, object, maxObjectBytes, layout.blocks - 1, block)
    expect(isSame(last.bytes.subarray(-reference.length), reference)).toBe(true)
    expect(asked).toEqual([segmentBytes])
  })
})

describe('an upload that goes on', () => {
  const content = contentOf(segmentBytes + 100_000)

  it('makes the same segments again, in any order, and needs none that were pledged', async () => {
    const whole = await written(content)
    const pledged = new Map([[0, whole.segments[0]?.hashes ?? new Uint8Array(0)]])
    const resumed = await writer(content, pledged)
    const last = await resumed.segment(1)
    expect(resumed.finish().root).toEqual(whole.root)
    const again = [await resumed.segment(0), last]
    expect(again.map(({ bytes }, index) => isSame(bytes, whole.segments[index]?.bytes))).toEqual([true, true])
  })

  it('H11: never seals another content under the same key and numbers: nothing of the changed file comes out', async () => {
    const before = await written(content)
    const pledged = new Map(before.segments.map(({ index, hashes }) => [index, hashes]))
    for (const at of [0, segmentBytes, content.length - 1]) {
      const other = new Uint8Array(content)
      other[at] = (other[at] ?? 0) ^ 0x80
      const resumed = await writer(other, pledged)
      await expect(indexOf(resumed.segment(Math.floor(at / segmentBytes)))).rejects.toMatchObject(changed)
    }
  })

  it('H11: also where the content changes between two makings of a segment by one writer', async () => {
    let current = content
    const made = await writer(content, undefined, (start, end) => Promise.resolve(current.subarray(start, end)))
    await made.segment(0)
    current = contentOf(content.length, 2)
    await expect(indexOf(made.segment(0))).rejects.toMatchObject(changed)
    // At the same time: one of the two comes out, and nothing of the other.
    let reads = 0
    const both = await writer(content, undefined, (start, end) => {
      reads += 1
      return Promise.resolve(contentOf(content.length, reads).subarray(start, end))
    })
    const outcomes = await Promise.allSettled([both.segment(1), both.segment(1)])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it.each([0, 1, 99_999])(
    'is refused by name where the file has become shorter, to %i bytes of a segment',
    async (left) => {
      const shorter = content.subarray(0, segmentBytes + left)
      const made = await writer(content, undefined, reading(shorter))
      await made.segment(0)
      await expect(indexOf(made.segment(1))).rejects.toMatchObject(changed)
    },
  )

  it('takes no pledges of another length, or for segments that there are not', async () => {
    for (const [segment, length] of [
      [0, 63 * 32],
      [0, 65 * 32],
      [1, 32],
      [2, 32],
      [-1, 32],
    ] as const) {
      const pledged = new Map([[segment, new Uint8Array(length)]])
      await expect(writer(content, pledged), `${segment} ${length}`).rejects.toMatchObject({ code: 'bad-length' })
    }
  })

  it('is not finished while a segment is missing', async () => {
    const made = await writer(content)
    await made.segment(1)
    expect(() => made.finish()).toThrow(expect.objectContaining({ code: 'not-finished' }))
  })
})

describe('segments one after the other', () => {
  it('are read when they are asked for, and no more once nobody wants them', async () => {
    const reads: number[] = []
    const content = contentOf(2 * segmentBytes + 1)
    const made = await writer(content, undefined, (start, end) => {
      reads.push(start)
      return Promise.resolve(content.subarray(start, end))
    })
    const stop = new AbortController()
    const segments = made.segments({ from: 1, signal: stop.signal })
    expect(reads).toEqual([])
    expect((await segments.next()).value).toMatchObject({ index: 1 })
    expect(reads).toEqual([segmentBytes])
    stop.abort()
    await expect(segments.next()).rejects.toMatchObject({ name: 'AbortError' })
    expect(reads).toEqual([segmentBytes])
  })

  it('have a key of 32 bytes', async () => {
    const to = { object, layout: layoutOf(1), blake3: await loadBlake3() }
    for (const length of [0, 16, 31, 33]) {
      const open = ObjectWriter.open({ ...to, fileKey: new Uint8Array(length) }, reading(new Uint8Array(1)))
      await expect(open).rejects.toMatchObject({ code: 'bad-length' })
    }
  })
})
