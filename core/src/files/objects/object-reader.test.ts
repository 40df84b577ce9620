import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { flipped, id, isSame } from '../../../test/files/authors.ts'
import { sealObject, type ReferenceObject } from '../../../test/files/reference.ts'
import { blockBytes, sealedBlockBytes, segmentBytes } from '../limits.ts'
import { loadBlake3, type Blake3 } from './blake3.ts'
import { layoutOf } from './layout.ts'
import { ObjectReader, type ObjectSource, type PartRange } from './object-reader.ts'

const fileKey = new Uint8Array(32).map((_, at) => at)
const object = id(0xab)
const { signal } = new AbortController()
const damaged = { name: 'AuthenticationError', code: 'object-damaged' }

/** Bytes of which no two blocks are alike. */
function contentOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(length)
  for (let at = 0; at < length; at++) content[at] = (at ^ (at >> 8) ^ ((at >> 16) * 31)) + seed
  return content
}

/** Two whole segments and a part of a third, 131 blocks. */
const content = contentOf(2 * segmentBytes + 2 * blockBytes + 777)
let blake3: Blake3
let whole: ReferenceObject

beforeAll(async () => {
  blake3 = await loadBlake3()
  whole = sealObject(fileKey, object, content)
})

type Ask = (part: number | 'hashes', range: PartRange | undefined) => Uint8Array | undefined

/** A source that gives this, and remembers what it was asked. */
function source(give: Ask) {
  const asked: (readonly [number | 'hashes', PartRange | undefined])[] = []
  const of: ObjectSource = {
    read: (part, range) => {
      asked.push([part, range])
      const bytes = give(part, range)
      return bytes ? Promise.resolve(new Uint8Array(bytes)) : Promise.reject(new Error('has not got it'))
    },
  }
  return { asked, of }
}

const honest =
  (from: ReferenceObject): Ask =>
  (part, range) =>
    (part === 'hashes' ? from.hashes : from.segments[part])?.subarray(range?.start ?? 0, range?.end)

interface From {
  readonly sizeBytes?: number
  readonly root?: Uint8Array
  readonly key?: Uint8Array
  readonly object?: string
}

function open(sources: readonly ObjectSource[], from: From = {}): Promise<ObjectReader> {
  return ObjectReader.open({
    object: from.object ?? object,
    fileKey: from.key ?? fileKey,
    layout: layoutOf(from.sizeBytes ?? content.length),
    ...{ root: from.root ?? whole.root, blake3, sources },
  })
}

/** What a reader makes of an object that a source gives so: its error, once all of it was asked for. */
async function readAll(give: Ask, from: From = {}): Promise<Uint8Array> {
  const reader = await open([source(give).of], from)
  return reader.read(0, from.sizeBytes ?? content.length, signal)
}

/** The same where it must fail: what comes out all the same is too long to be shown. */
async function lengthOf(give: Ask, from: From = {}): Promise<number> {
  return (await readAll(give, from)).length
}

describe('a reader', () => {
  it('gives every range as it was written, wherever it begins and ends', async () => {
    const reader = await open([source(honest(whole)).of])
    const place = fc.oneof(
      fc.integer({ min: 0, max: content.length }),
      fc.constantFrom(0, blockBytes - 1, blockBytes, segmentBytes - 1, segmentBytes, segmentBytes + 1, content.length),
    )
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 0, max: 200_000 }), async (start, length) => {
        const read = await reader.read(start, start + length, signal)
        expect(isSame(read, content.subarray(start, start + length))).toBe(true)
      }),
      { numRuns: 60 },
    )
    expect(isSame(await reader.read(0, content.length + 1_000, signal), content)).toBe(true)
  })

  it.each([0, 1, 65_535, 65_536, 65_537, 4_194_304, 4_194_305])('gives an object of %i bytes whole', async (length) => {
    const small = contentOf(length)
    const sealed = sealObject(fileKey, object, small)
    expect(isSame(await readAll(honest(sealed), { sizeBytes: length, root: sealed.root }), small)).toBe(true)
  })

  it('asks for the hashes once and for no block that is not wanted', async () => {
    const { asked, of } = source(honest(whole))
    const reader = await open([of])
    const at = segmentBytes + 3 * blockBytes
    await reader.read(at + 5, at + blockBytes + 5, signal)
    await reader.read(0, 10, signal)
    const [from, until] = [3 * sealedBlockBytes, 5 * sealedBlockBytes]
    expect(asked).toEqual([
      ['hashes', undefined],
      [1, { start: from, end: until }],
      [0, { start: 0, end: sealedBlockBytes }],
    ])
  })

  it('asks for an object of one segment once', async () => {
    const small = contentOf(100_000)
    const sealed = sealObject(fileKey, object, small)
    const { asked, of } = source(honest(sealed))
    const reader = await open([of], { sizeBytes: small.length, root: sealed.root })
    expect(isSame(await reader.read(70_000, 90_000, signal), small.subarray(70_000, 90_000))).toBe(true)
    expect(asked).toEqual([[0, undefined]])
    expect(isSame(await reader.read(0, 10, signal), small.subarray(0, 10))).toBe(true)
    expect(asked).toHaveLength(2)
  })

  it('fetches the next segment when the last piece of this one was taken, and none after an end', async () => {
    const { asked, of } = source(honest(whole))
    const stop = new AbortController()
    const stream = (await open([of])).stream({ start: segmentBytes - 1, signal: stop.signal })
    expect((await stream.next()).value).toHaveLength(1)
    expect(asked.map(([part]) => part)).toEqual(['hashes', 0])
    expect((await stream.next()).value).toHaveLength(blockBytes)
    expect(asked.map(([part]) => part)).toEqual(['hashes', 0, 1])
    stop.abort()
    await expect(stream.next()).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked).toHaveLength(3)
  })

  it.each([-1, 0.5, Number.NaN])('refuses %d as a place', async (start) => {
    const reader = await open([source(honest(whole)).of])
    await expect(reader.read(start, 10, signal)).rejects.toMatchObject({ name: 'UsageError', code: 'bad-value' })
  })
})

/** Segment `index` of an object with one of its blocks replaced. */
const withBlock = (index: number, block: number, by: Uint8Array): Ask => {
  return (part, range) => {
    const segment = Buffer.from(whole.segments[index] ?? [])
    segment.set(by, block * sealedBlockBytes)
    return part === index ? segment.subarray(range?.start ?? 0, range?.end) : honest(whole)(part, range)
  }
}

const blockOf = (from: ReferenceObject, index: number, block: number): Uint8Array =>
  (from.segments[index] ?? Buffer.alloc(0)).subarray(block * sealedBlockBytes, (block + 1) * sealedBlockBytes)

describe('H6: what a source gives and the author did not write', () => {
  const cases: readonly (readonly [string, () => Ask])[] = [
    ['a changed bit of a block', () => withBlock(1, 7, flipped(blockOf(whole, 1, 7), 12_345))],
    ['a changed tag', () => withBlock(1, 7, flipped(blockOf(whole, 1, 7), sealedBlockBytes - 1))],
    ['the block before it', () => withBlock(1, 7, blockOf(whole, 1, 6))],
    ['the same block of another segment', () => withBlock(1, 7, blockOf(whole, 0, 7))],
    [
      'the block of another object under the same key',
      () => withBlock(1, 7, blockOf(sealObject(fileKey, id(1), content), 1, 7)),
    ],
    [
      'the block of another version',
      () => withBlock(1, 7, blockOf(sealObject(new Uint8Array(32), object, content), 1, 7)),
    ],
    [
      'two segments the other way round',
      () => (part, range) => honest(whole)(part === 0 ? 1 : part === 1 ? 0 : part, range),
    ],
    ['a segment that ends too early', () => (part, range) => honest(whole)(part, range)?.subarray(part === 1 ? 1 : 0)],
    [
      'a segment that goes on too long',
      () => (part, range) =>
        Buffer.concat([honest(whole)(part, range) ?? [], Buffer.alloc(part === 1 ? 1 : 0)] as Buffer[]),
    ],
    ['nothing at all', () => () => new Uint8Array(0)],
    [
      'one hash of a block changed',
      () => (part, range) => (part === 'hashes' ? flipped(whole.hashes, 700) : honest(whole)(part, range)),
    ],
    [
      'hashes that end too early',
      () => (part, range) => (part === 'hashes' ? whole.hashes.subarray(32) : honest(whole)(part, range)),
    ],
    [
      'hashes that go on too long',
      () => (part, range) =>
        part === 'hashes' ? Buffer.concat([whole.hashes, whole.hashes]) : honest(whole)(part, range),
    ],
    [
      'another object, whole and with its hashes',
      () => honest(sealObject(fileKey, object, contentOf(content.length, 9))),
    ],
    ['the same content under another object’s name', () => honest(sealObject(fileKey, id(1), content))],
  ]

  it.each(cases)('%s: is named and not given out', async (_, give) => {
    await expect(lengthOf(give())).rejects.toMatchObject(damaged)
  })

  it.each(cases)('%s: the next source is asked, and what it has is read', async (_, give) => {
    const reader = await open([source(give()).of, source(honest(whole)).of])
    expect(isSame(await reader.read(0, content.length, signal), content)).toBe(true)
  })

  it('keeps what was good: the blocks before the wrong one come out, and those of other segments', async () => {
    const reader = await open([source(withBlock(1, 7, flipped(blockOf(whole, 1, 7), 5))).of])
    const end = segmentBytes + 7 * blockBytes
    expect(isSame(await reader.read(0, end, signal), content.subarray(0, end))).toBe(true)
    await expect(reader.read(end, end + 1, signal)).rejects.toMatchObject(damaged)
    const after = end + blockBytes
    expect(isSame(await reader.read(after, content.length, signal), content.subarray(after))).toBe(true)
  })

  it('is told to the source that gave it', async () => {
    const told: string[] = []
    const wrong = { ...source(withBlock(0, 0, new Uint8Array(50))).of, gaveWrong: () => void told.push('wrong') }
    const right = { ...source(honest(whole)).of, gaveWrong: () => void told.push('right') }
    await (await open([wrong, right])).read(0, 1, signal)
    expect(told).toEqual(['wrong'])
  })
})

describe('what an author signed and nobody wrote', () => {
  /** An author may lie, too: root and hashes hold, and the block does not open. */
  const signedBy = (blocks: readonly Uint8Array[]) => {
    const hashes = Buffer.concat(blocks.map((block) => blake3.hash(block)))
    const context = Buffer.concat([Buffer.from('p2pigeon/v1/files/root'), Buffer.from(object, 'hex')])
    return { segments: [Buffer.concat(blocks)], hashes, root: Buffer.from(blake3.hash(context, hashes)) }
  }

  it('blocks in another order do not open, though the root holds', async () => {
    const three = sealObject(fileKey, object, contentOf(3 * blockBytes))
    const blocks = [1, 0, 2].map((block) => blockOf(three, 0, block))
    const lie = signedBy(blocks)
    await expect(lengthOf(honest(lie), { sizeBytes: 3 * blockBytes, root: lie.root })).rejects.toMatchObject(damaged)
  })

  it('a content that was cut short does not open: the last block says that it is the last', async () => {
    const three = sealObject(fileKey, object, contentOf(3 * blockBytes))
    const lie = signedBy([0, 1].map((block) => blockOf(three, 0, block)))
    await expect(lengthOf(honest(lie), { sizeBytes: 2 * blockBytes, root: lie.root })).rejects.toMatchObject(damaged)
  })

  it('another length than it was sealed with does not open', async () => {
    const sealed = sealObject(fileKey, object, contentOf(1_000))
    // 900 bytes pad to another length than 1,000, and 993 to the same one: there the author’s word is what it ends by.
    await expect(lengthOf(honest(sealed), { sizeBytes: 900, root: sealed.root })).rejects.toMatchObject(damaged)
    const read = await readAll(honest(sealed), { sizeBytes: 993, root: sealed.root })
    expect(isSame(read, contentOf(993))).toBe(true)
  })
})

describe('a wrong key, root, or nobody', () => {
  it('is named', async () => {
    await expect(lengthOf(honest(whole), { key: flipped(fileKey, 3) })).rejects.toMatchObject(damaged)
    await expect(lengthOf(honest(whole), { root: flipped(whole.root, 3) })).rejects.toMatchObject(damaged)
    await expect(lengthOf(honest(whole), { object: id(1) })).rejects.toMatchObject(damaged)
    await expect((await open([])).read(0, 1, signal)).rejects.toMatchObject({ code: 'no-source' })
    await expect(lengthOf(() => undefined)).rejects.toThrow('has not got it')
    await expect(open([], { key: new Uint8Array(31) })).rejects.toMatchObject({ code: 'bad-length' })
  })

  it('hashes that could not be had are asked for again', async () => {
    let isThere = false
    const reader = await open([source((part, range) => (isThere ? honest(whole)(part, range) : undefined)).of])
    await expect(reader.read(0, 1, signal)).rejects.toThrow('has not got it')
    isThere = true
    expect(isSame(await reader.read(0, 9, signal), content.subarray(0, 9))).toBe(true)
  })

  it('an end by the reader is that and no fault of a source', async () => {
    const stop = new AbortController()
    const { asked, of } = source(() => {
      stop.abort()
      return undefined
    })
    const reader = await open([of, of])
    await expect(reader.read(0, 1, stop.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect(asked).toHaveLength(1)
  })
})
