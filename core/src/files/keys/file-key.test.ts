import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flipped, id, master } from '../../../test/files/authors.ts'
import { wrapKey } from '../../../test/files/reference.ts'
import { toHex } from '../../bytes/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { newFileKey, unwrapFileKey, wrapFileKey } from './file-key.ts'

const place = { drive: id(0xd1, 32), node: id(1), object: id(2) }
const refused = { name: 'AuthenticationError', code: 'open-failed' }
const anId = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex)

describe('a wrapped key', () => {
  it('is what the page describes, and opens in its place', async () => {
    const places = fc.record({ drive: anId(32), node: anId(16), object: anId(16) })
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
    await fc.assert(
      fc.asyncProperty(places, key, fc.nat(200), fc.nat(0xffff_ffff), async (where, fileKey, number, epoch) => {
        const under = await master(number, epoch)
        const wrapped = await wrapFileKey(under, where, fileKey)
        expect(wrapped.master).toBe(under.id)
        expect(toHex(wrapped.sealed)).toBe(wrapKey(under, where, fileKey).toString('hex'))
        expect(toHex(await unwrapFileKey(under, where, wrapped))).toBe(toHex(fileKey))
      }),
      { numRuns: 50 },
    )
  })

  it('H13: opens under no other master, epoch, drive, file or version, and not altered', async () => {
    const [under, other, later] = await Promise.all([master(1), master(2), master(1, 1)])
    const wrapped = await wrapFileKey(under, place, newFileKey(webRandom))
    for (const wrong of [other, later]) {
      await expect(unwrapFileKey(wrong, place, wrapped)).rejects.toMatchObject(refused)
      // Nor for one who says that it was wrapped under that one.
      await expect(unwrapFileKey(wrong, place, { ...wrapped, master: wrong.id })).rejects.toMatchObject(refused)
    }
    await expect(unwrapFileKey(under, place, { ...wrapped, master: other.id })).rejects.toMatchObject(refused)
    for (const moved of [{ drive: id(3, 32) }, { node: id(3) }, { object: id(3) }]) {
      await expect(unwrapFileKey(under, { ...place, ...moved }, wrapped)).rejects.toMatchObject(refused)
    }
    for (let at = 0; at < wrapped.sealed.length; at++) {
      const sealed = flipped(wrapped.sealed, at)
      await expect(unwrapFileKey(under, place, { ...wrapped, sealed })).rejects.toMatchObject(refused)
    }
    for (const length of [0, 15, 16, 47, 49]) {
      const sealed = new Uint8Array(length)
      await expect(unwrapFileKey(under, place, { ...wrapped, sealed })).rejects.toMatchObject(refused)
    }
  })

  it('is of 32 bytes, and each is another one', async () => {
    const under = await master(1)
    for (const length of [0, 16, 31, 33]) {
      await expect(wrapFileKey(under, place, new Uint8Array(length))).rejects.toMatchObject({ code: 'bad-length' })
    }
    expect(new Set(Array.from({ length: 20 }, () => toHex(newFileKey(webRandom)))).size).toBe(20)
  })
})
