import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyOp, author, drive, flipped, folder, id, isSame, master, put, roomId } from '../../../test/files/authors.ts'
import * as reference from '../../../test/files/reference.ts'
import { toHex } from '../../bytes/index.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { masterOf } from '../keys/index.ts'
import { maxBatchBytes } from '../limits.ts'
import type { Op } from './op.ts'
import { openBatch, readBatchHeader, sealBatch, splitOps } from './batch.ts'
import { noHash } from './no-hash.ts'

const damaged = { name: 'AuthenticationError', code: 'batch-damaged' }
const place = { roomId, drive, number: 3, previous: id(0xcc, 32) }
const ops = fc.array(anyOp, { minLength: 1, maxLength: 12 })
const fixed = { bytes: (length: number) => new Uint8Array(length).fill(5) }

/** previous | ops, as the page describes it. */
const contentOf = (...[previous, all]: [string, Parameters<typeof reference.encodeOps>[0]]) =>
  Buffer.concat([Buffer.from(previous, 'hex'), reference.encodeOps(all)])

describe('a batch', () => {
  it('is what the page describes, to the last byte', async () => {
    await fc.assert(
      fc.asyncProperty(ops, fc.nat(200), fc.nat(0xffff_ffff), async (all, number, epoch) => {
        const [by, under] = await Promise.all([author(1), master(number, epoch)])
        const { bytes, hash } = await sealBatch(by, place, under, all, fixed)
        expect(isSame(bytes, await reference.sealContent(by, place, under, contentOf(place.previous, all)))).toBe(true)
        expect(hash).toBe(reference.sha256(bytes).toString('hex'))
        expect(bytes.length).toBeLessThanOrEqual(maxBatchBytes)
        expect(readBatchHeader(bytes)).toEqual({ master: under.id, epoch })
      }),
      { numRuns: 40 },
    )
  })

  it('opens to what was done, by whom, where; for others who read it by the page as well', async () => {
    await fc.assert(
      fc.asyncProperty(ops, async (all) => {
        const [by, under] = await Promise.all([author(2), master(1, 9)])
        const { bytes, hash } = await sealBatch(by, place, under, all, webRandom)
        const { peerId } = by
        const about = { drive, author: peerId, number: 3, epoch: 9, master: under.id, hash }
        expect(await openBatch(place, under, bytes)).toEqual({ ...about, ops: all })
        const read = reference.openBatch(place, under, bytes)
        expect(read.author).toEqual(Buffer.from(by.publicKey))
        expect([read.previous, toHex(read.ops)]).toEqual([place.previous, reference.encodeOps(all).toString('hex')])
      }),
      { numRuns: 40 },
    )
  })

  // Computed by core/test/files/reference.ts over Node's OpenSSL; the page and the code must not change together unseen.
  it('has the hash that it has always had', async () => {
    const { hash } = await sealBatch(
      await author(1),
      { ...place, previous: noHash, number: 0 },
      await master(1, 4),
      [put, folder(1)],
      fixed,
    )
    expect(hash).toBe('704373c585c7331654fe437353003b471d26ee941de2f3f942449b697ad67828')
  })

  it('is never the same twice, and of one size for one deed, whatever it is', async () => {
    const [by, under] = await Promise.all([author(1), master(1)])
    const seal = (op: Op) => sealBatch(by, place, under, [op], webRandom)
    const [one, other] = await Promise.all([seal(put), seal(put)])
    expect(one.hash).not.toBe(other.hash)
    const deeds: readonly Op[] = [
      ...[put, { ...put, name: 'a'.repeat(200) }, folder(1, 'a'), folder(1, 'a'.repeat(255))],
      { kind: 'delete', clock: 1, node: id(1) },
    ]
    const sizes = (await Promise.all(deeds.map(seal))).map(({ bytes }) => bytes.length)
    expect(new Set(sizes)).toEqual(new Set([37 + 512 + 96 + 16]))
  })

  it('holds ops up to its bound and no more', async () => {
    const [by, under] = await Promise.all([author(1), master(1)])
    const many = Array.from({ length: 5_000 }, (_, at) => folder(at))
    const [first = []] = splitOps(many)
    const { bytes } = await sealBatch(by, place, under, first, webRandom)
    expect(bytes.length).toBeLessThanOrEqual(maxBatchBytes)
    expect((await openBatch(place, under, bytes)).ops).toHaveLength(first.length)
    const more = sealBatch(by, place, under, many.slice(0, first.length + 1), webRandom)
    await expect(more).rejects.toMatchObject({ name: 'UsageError', code: 'too-long' })
    await expect(sealBatch(by, place, under, [], webRandom)).rejects.toMatchObject({ code: 'bad-value' })
  })

  it('ops are split in their order, into no more batches than they need', () => {
    fc.assert(
      fc.property(fc.array(anyOp, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (some, times) => {
        const all = Array.from({ length: times }, () => some).flat()
        const groups = splitOps(all)
        expect(groups.flat()).toEqual(all)
        const room = maxBatchBytes - 37 - 16 - 96 - 4 - 32
        const sizes = groups.map((group) => reference.encodeOps(group).length)
        for (const [index, size] of sizes.entries()) {
          expect(size).toBeLessThanOrEqual(room)
          const next = groups[index + 1]?.[0]
          if (next) expect(size + reference.encodeOps([next]).length - 2).toBeGreaterThan(room)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('H10: a batch that is not what its author wrote, where they wrote it', () => {
  const sealed = async () => {
    const [by, under] = await Promise.all([author(1), master(1, 4)])
    return { by, under, bytes: (await sealBatch(by, place, under, [folder(1)], webRandom)).bytes }
  }

  it.each([
    ['room', { roomId: new Uint8Array(16).fill(8) }],
    ['drive', { drive: id(0xd2, 32) }],
    ['number', { number: 4 }],
    ['place after another batch', { previous: id(0xcd, 32) }],
  ])('does not open in another %s', async (_, moved) => {
    const { under, bytes } = await sealed()
    await expect(openBatch({ ...place, ...moved }, under, bytes)).rejects.toMatchObject(damaged)
  })

  it('does not open under another master, nor under the same secret in another epoch', async () => {
    const { under, bytes } = await sealed()
    const [other, later] = await Promise.all([master(2, 4), masterOf({ ...under, epoch: 5 })])
    expect(later.id).not.toBe(under.id)
    for (const wrong of [other, later, { ...under, epoch: 5 }]) {
      await expect(openBatch(place, wrong, bytes)).rejects.toMatchObject(damaged)
    }
  })

  it('does not open with any one byte changed', async () => {
    const { under, bytes } = await sealed()
    for (let at = 0; at < bytes.length; at++) {
      const error: unknown = await openBatch(place, under, flipped(bytes, at)).catch((thrown: unknown) => thrown)
      expect(error, `${at}`).toMatchObject(at === 0 ? { name: 'CodecError', code: 'bad-value' } : damaged)
    }
  })

  it('does not open cut at any place, or with anything after it', async () => {
    const { under, bytes } = await sealed()
    for (let length = 0; length < bytes.length; length++) {
      const error: unknown = await openBatch(place, under, bytes.subarray(0, length)).catch((thrown: unknown) => thrown)
      expect(error, `${length}`).toMatchObject(length < 53 ? { name: 'CodecError', code: 'truncated' } : damaged)
    }
    await expect(openBatch(place, under, Uint8Array.of(...bytes, 0))).rejects.toMatchObject(damaged)
    const large = openBatch(place, under, new Uint8Array(maxBatchBytes + 1).fill(1))
    await expect(large).rejects.toMatchObject({ name: 'CodecError', code: 'too-long' })
  })
})

describe('H10: what a member who knows the master makes of somebody else’s batch', () => {
  const content = contentOf(place.previous, [folder(1)])

  it('does not open as theirs: the signature is not', async () => {
    const [mallory, victim, under] = await Promise.all([author(3), author(1), master(1)])
    const claims = { claims: victim.publicKey }
    const forged = await reference.sealContent(mallory, place, under, content, claims)
    await expect(openBatch(place, under, forged)).rejects.toMatchObject(damaged)
  })

  it('does not open in a second form: another salt, or other zeros, under the signature that there is', async () => {
    const [victim, under] = await Promise.all([author(1), master(1)])
    const message: Uint8Array[] = []
    const recorded = {
      publicKey: victim.publicKey,
      sign: async (domain: string, bytes: Uint8Array) => {
        const signature = await victim.sign(domain, bytes)
        message.push(signature)
        return signature
      },
    }
    const genuine = await reference.sealContent(recorded, place, under, content)
    expect((await openBatch(place, under, genuine)).author).toBe(victim.peerId)
    const replayed = { publicKey: victim.publicKey, sign: () => Promise.resolve(message[0] ?? new Uint8Array(64)) }
    const again = await reference.sealContent(replayed, place, under, content)
    expect(isSame(again, genuine)).toBe(true)
    for (const other of [{ salt: new Uint8Array(16) }, { paddedBytes: 4 + content.length }, { paddedBytes: 20_000 }]) {
      const second = await reference.sealContent(replayed, place, under, content, other)
      await expect(openBatch(place, under, second)).rejects.toMatchObject(damaged)
    }
  })

  it.each([
    ['no ops', contentOf(place.previous, []), damaged],
    ['no batch before it', Buffer.alloc(31), damaged],
    ['bytes after its ops', Buffer.concat([content, Buffer.alloc(1)]), { code: 'trailing' }],
    ['an op cut short', content.subarray(0, -1), { code: 'truncated' }],
    [
      'an op of no kind',
      Buffer.concat([content.subarray(0, 34), Buffer.of(9), content.subarray(35)]),
      { code: 'bad-value' },
    ],
  ])('does not open with %s, signed as it may be', async (_, wrong, error) => {
    const [mallory, under] = await Promise.all([author(3), master(1)])
    const bytes = await reference.sealContent(mallory, place, under, wrong)
    await expect(openBatch(place, under, bytes)).rejects.toMatchObject(error)
  })
})
