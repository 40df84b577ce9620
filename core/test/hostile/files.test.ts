import { describe, expect, it } from 'vitest'
import { batchStanding, type KnownJournal, type LogState } from '../../src/control-log/index.ts'
import { emptyState } from '../../src/control-log/log-state.ts'
import { openBatch } from '../../src/files/journal/batch.ts'
import { JournalReader, sealBatch, type Batch, type PutOp } from '../../src/files/journal/index.ts'
import { MasterRing, newFileKey, unwrapFileKey, wrapFileKey, type Master } from '../../src/files/keys/index.ts'
import { layoutOf, loadBlake3, ObjectReader, ObjectWriter } from '../../src/files/objects/index.ts'
import { webRandom } from '../../src/runtime/platform/index.ts'
import { author, drive, folder, id, journal, master, put, roomId } from '../files/authors.ts'

const content = new TextEncoder().encode('written after he had gone')
const { signal } = new AbortController()

/** What Ada writes in epoch 1, after Ben was removed: all that nodes, replicas and whoever watches them have of it. */
async function writtenAfterwards() {
  const present = await master(9, 1)
  const fileKey = newFileKey(webRandom)
  const object = id(0x0b)
  const layout = layoutOf(content.length)
  const blake3 = await loadBlake3()
  const read = (start: number, end: number) => Promise.resolve(content.subarray(start, end))
  const writer = await ObjectWriter.open({ object, fileKey, layout, blake3 }, read)
  const { bytes: segment } = await writer.segment(0)
  const { root } = writer.finish()
  const key = await wrapFileKey(present, { drive, node: id(1), object }, fileKey)
  const op: PutOp = { ...put, clock: 1, node: id(1), object, sizeBytes: content.length, root, key }
  const { batches } = await journal([[op]], { under: present })
  const [batch = new Uint8Array(0)] = batches
  return { present, batch, op, segment, layout, blake3 }
}

describe('H4: somebody who was removed', () => {
  it('reads no name and no content that was written since, whatever they keep of the room', async () => {
    const { present, batch, op, segment, layout, blake3 } = await writtenAfterwards()
    const place = { roomId, drive, number: 0, previous: id(0, 32) }
    const past = await Promise.all([1, 2, 3].map((number) => master(number, 0)))
    // Also their masters under the name of the present one, as if they did not look at names.
    const renamed = past.map((one): Master => ({ ...one, id: present.id, epoch: 1 }))
    const step = await new JournalReader(roomId, drive).take(batch, new MasterRing(past))
    expect(step).toEqual({ kind: 'master-unknown', master: present.id, epoch: 1 })
    for (const known of [...past, ...renamed]) {
      await expect(openBatch(place, known, batch)).rejects.toMatchObject({ code: 'batch-damaged' })
      const wrapped = unwrapFileKey(known, { drive, node: op.node, object: op.object }, op.key)
      await expect(wrapped).rejects.toMatchObject({ code: 'open-failed' })
    }
    const sources = [{ read: () => Promise.resolve(segment) }]
    const guess = await ObjectReader.open({ ...op, fileKey: newFileKey(webRandom), layout, blake3, sources })
    await expect(guess.read(0, content.length, signal)).rejects.toMatchObject({ code: 'object-damaged' })

    // Those who are in do read it: it is there to be read.
    const theirs = await new JournalReader(roomId, drive).take(batch, new MasterRing([...past, present]))
    expect(theirs).toMatchObject({ kind: 'read', batch: { ops: [op] } })
    const fileKey = await unwrapFileKey(present, { drive, node: op.node, object: op.object }, op.key)
    const reader = await ObjectReader.open({ ...op, fileKey, layout, blake3, sources })
    expect(await reader.read(0, content.length, signal)).toEqual(content)
  })

  it('has no master among those that the others write under, though they told one before', async () => {
    const ring = new MasterRing([await master(1, 0)])
    const planted = { epoch: 1, secret: new Uint8Array(32).map((_, at) => at) }
    expect(await ring.takeTold([planted], 0)).toEqual([])
    expect(ring.choose(1)).toBeUndefined()
  })
})

describe('H5: a batch that is well made, and by somebody who may not write', () => {
  const state: LogState = { ...emptyState, fileEpoch: 1 }

  /** Read as everybody reads it: signed, in its place. What is told of the drive is another matter. */
  async function readBy(
    number: number,
  ): Promise<{ readonly batches: readonly Batch[]; readonly journal: KnownJournal }> {
    const under = await master(1, 1)
    const { batches } = await journal([[folder(1)], [folder(2)]], { by: await author(number), under })
    const reader = new JournalReader(roomId, drive)
    const read: Batch[] = []
    for (const bytes of batches) {
      const step = await reader.take(bytes, new MasterRing([under]))
      if (step.kind === 'read') read.push(step.batch)
    }
    expect(read).toHaveLength(2)
    return { batches: read, journal: { told: 2, hashAt: (at) => read[at]?.hash } }
  }

  it('counts nowhere once the log says that they are a reader, or removed, but for what was there when that was decided', async () => {
    const { batches, journal: whole } = await readBy(4)
    const [first, second] = batches
    if (!first || !second) throw new Error('two of them')
    const standing = (log: LogState) => batches.map((batch) => batchStanding(log, batch, whole))
    expect(standing(state)).toEqual(['counts', 'counts'])
    const cuts = new Map([[drive, [{ drive, batches: 1, head: first.hash }]]])
    const reader = { ...state, fileRights: new Map([[first.author, { right: 'reader' as const, cuts }]]) }
    expect(standing(reader)).toEqual(['counts', 'cut-off'])
    const removed = { ...state, removed: new Map([[first.author, 'removed' as const]]) }
    expect(standing(removed)).toEqual(['cut-off', 'cut-off'])
  })

  it('counts nowhere under a former master while no member has told of it, nor in an epoch that there is not', async () => {
    const { batches, journal: whole } = await readBy(5)
    const untold = { ...whole, told: 0 }
    const after = { ...state, fileEpoch: 2 }
    expect(batches.map((batch) => batchStanding(after, batch, untold))).toEqual(['untold', 'untold'])
    const before = { ...state, fileEpoch: 0 }
    expect(batches.map((batch) => batchStanding(before, batch, whole))).toEqual(['epoch-unknown', 'epoch-unknown'])
  })

  it('is not read at all where they write as somebody else, or do not know the master', async () => {
    const [mallory, ada, present, guessed] = await Promise.all([author(6), author(1), master(1, 1), master(2, 1)])
    const ring = new MasterRing([present])
    const place = { roomId, drive, number: 0, previous: id(0, 32) }
    const asAda = { publicKey: ada.publicKey, sign: mallory.sign }
    const forged = await sealBatch(asAda, place, present, [folder(1)], webRandom)
    expect(await new JournalReader(roomId, drive).take(forged.bytes, ring)).toEqual({
      kind: 'dropped',
      problem: 'damaged',
    })
    const named = { ...guessed, id: present.id }
    const blind = await sealBatch(mallory, place, named, [folder(1)], webRandom)
    expect(await new JournalReader(roomId, drive).take(blind.bytes, ring)).toEqual({
      kind: 'dropped',
      problem: 'damaged',
    })
  })
})
