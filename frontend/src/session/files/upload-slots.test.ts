import { describe, expect, it } from 'vitest'
import { FakeKeeper } from '../testing/index.ts'
import { newSlotId } from '../vault/index.ts'
import { uploadSlots } from './upload-slots.ts'

/** Of the largest file there may be. */
const lastSegment = 16_383
const id = 'f'.repeat(32)

describe('slots of uploads', () => {
  it('take the hashes of every segment of the largest file, and forget all of one upload', async () => {
    const keeper = new FakeKeeper()
    const slots = uploadSlots(keeper, newSlotId())
    const other = 'e'.repeat(32)
    for (const upload of [id, other]) {
      await slots.pledge(upload, 0, Uint8Array.of(1))
      await slots.pledge(upload, lastSegment, Uint8Array.of(2))
    }
    expect(await slots.pledges(id)).toEqual(
      new Map([
        [0, Uint8Array.of(1)],
        [lastSegment, Uint8Array.of(2)],
      ]),
    )
    await slots.forget(id)
    expect(await slots.pledges(id)).toEqual(new Map())
    expect((await slots.pledges(other)).size).toBe(2)
  })

  it('give back what was kept, and nothing of another form', async () => {
    const keeper = new FakeKeeper()
    const slotId = newSlotId()
    const slots = uploadSlots(keeper, slotId)
    const upload = {
      ...{ id, drive: 'a'.repeat(64), node: 'b'.repeat(32), parent: 'c'.repeat(32), object: 'd'.repeat(32) },
      ...{ name: 'film.mp4', replaces: undefined, fileKey: new Uint8Array(32).fill(9) },
      ...{ sizeBytes: 5, modifiedAtMs: 6, mediaType: 'video/mp4' },
    }
    await slots.keep(upload)
    await keeper.write(`files-up.${slotId}.odd`, new TextEncoder().encode('{"id":"odd"}'))
    expect(await slots.all()).toEqual([upload])
  })
})
