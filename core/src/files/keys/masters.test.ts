import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { masterId } from '../../../test/files/reference.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { maxMasters, maxMastersPerEpoch } from '../limits.ts'
import { masterOf, MasterRing, newMaster, type Master } from './masters.ts'

const secret = (number: number) => new Uint8Array(32).map((_, at) => number + at)
const weak = { name: 'AuthenticationError', code: 'weak-master' }

/** Masters by the thousand, without their secrets. */
function numbered(number: number, epoch: number): Master {
  return { id: number.toString(16).padStart(32, '0'), epoch, secret: new Uint8Array(32) }
}

function flood(ring: MasterRing, epoch: number, count: number): number {
  return Array.from({ length: count }, (_, at) => ring.add(numbered(epoch * 100_000 + at, epoch))).filter(Boolean)
    .length
}

describe('a master', () => {
  it('has the id that the page describes, which covers its epoch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(0xffff_ffff), fc.uint8Array({ minLength: 32, maxLength: 32 }), async (epoch, bytes) => {
        fc.pre(bytes.some((byte) => byte !== bytes[0]))
        expect(await masterOf({ epoch, secret: new Uint8Array(bytes) })).toEqual({
          ...{ id: masterId(epoch, bytes), epoch, secret: new Uint8Array(bytes) },
        })
      }),
      { numRuns: 30 },
    )
    expect((await masterOf({ epoch: 1, secret: secret(1) })).id).not.toBe(
      (await masterOf({ epoch: 2, secret: secret(1) })).id,
    )
  })

  // Computed by Python's hashlib: the context, the epoch 7, the bytes 1 to 32.
  it('has the id that it has always had', async () => {
    expect((await masterOf({ epoch: 7, secret: secret(1) })).id).toBe('57e1cf214809c6fd89b930f693047923')
  })

  it('is random, and keeps no hold of what it was made of', async () => {
    const [one, other] = await Promise.all([newMaster(webRandom, 3), newMaster(webRandom, 3)])
    expect(one.epoch).toBe(3)
    expect(one.id).not.toBe(other.id)
    const told = secret(1)
    const { secret: kept } = await masterOf({ epoch: 0, secret: told })
    told.fill(0)
    expect(kept).toEqual(secret(1))
  })

  it.each([
    new Uint8Array(0),
    secret(1).subarray(1),
    new Uint8Array(33).map((_, at) => at),
    new Uint8Array(32),
    new Uint8Array(32).fill(255),
  ])('that nobody has drawn at random is refused: %o', async (bad) => {
    await expect(masterOf({ epoch: 0, secret: new Uint8Array(bad) })).rejects.toMatchObject(weak)
  })
})

describe('the ring', () => {
  it('goes on with the first one of an epoch, whatever comes, and knows nothing of another one', async () => {
    const masters = await Promise.all([1, 2, 3, 4].map((number) => masterOf({ epoch: 5, secret: secret(number) })))
    for (const order of [masters, [...masters].reverse()]) {
      const ring = new MasterRing(order)
      expect(ring.choose(5)?.id).toBe(order[0]?.id)
      expect(ring.choose(4)).toBeUndefined()
      expect(ring.size).toBe(4)
    }
    const ring = new MasterRing(masters)
    expect(masters.map((master) => ring.add(master))).toEqual([false, false, false, false])
    expect(masters.map(({ id }) => ring.get(id)?.secret)).toEqual(masters.map((master) => master.secret))
  })

  it('H12: takes no master of an epoch that has not begun, so that nobody plants one before they are removed', async () => {
    const ring = new MasterRing()
    const [past, present, planted] = [0, 1, 2].map((epoch) => ({ epoch, secret: secret(epoch) }))
    if (!past || !present || !planted) throw new Error('three of them')
    const taken = await ring.takeTold([planted, present, past], 1)
    expect(taken.map(({ epoch }) => epoch)).toEqual([1, 0])
    expect(ring.choose(2)).toBeUndefined()
    // Once the epoch is there, those who are in tell again.
    expect(await ring.takeTold([planted, present], 2)).toMatchObject([{ epoch: 2 }])
  })

  it('H12: passes over what is no master, and takes the rest', async () => {
    const ring = new MasterRing()
    const taken = await ring.takeTold(
      [
        { epoch: 0, secret: new Uint8Array(32) },
        { epoch: 0, secret: new Uint8Array(5) },
        { epoch: 0, secret: secret(1) },
        { epoch: 0, secret: secret(1) },
      ],
      0,
    )
    expect(taken).toHaveLength(1)
    expect(ring.size).toBe(1)
  })

  it('H12: is not flooded: each epoch has its bound, and all of them have', () => {
    const ring = new MasterRing()
    const honest = numbered(0xffff_ffff, 0)
    ring.add(honest)
    expect(flood(ring, 0, 2 * maxMastersPerEpoch)).toBe(maxMastersPerEpoch - 1)
    for (let epoch = 1; epoch <= 40; epoch++) flood(ring, epoch, maxMastersPerEpoch)
    expect(ring.size).toBe(maxMasters)
    expect(ring.all()).toHaveLength(maxMasters)
    expect(ring.get(honest.id)).toBe(honest)
  })

  it('H12: whoever flooded it while they were a member does not keep out the epochs that follow', () => {
    const ring = new MasterRing()
    for (let epoch = 0; epoch < 16; epoch++) {
      ring.add(numbered(0xffff_0000 + epoch, epoch))
      flood(ring, epoch, maxMastersPerEpoch)
    }
    expect(ring.size).toBe(maxMasters)
    for (let epoch = 16; epoch < 1_000; epoch++) expect(ring.add(numbered(0xfffe_0000 + epoch, epoch))).toBe(true)
    expect(ring.size).toBe(maxMasters)
    for (let epoch = 16; epoch < 1_000; epoch++) expect(ring.choose(epoch)).toBeDefined()
    // What was known before the flood is still there.
    for (let epoch = 0; epoch < 16; epoch++) expect(ring.get(numbered(0xffff_0000 + epoch, 0).id)).toBeDefined()
  })
})
