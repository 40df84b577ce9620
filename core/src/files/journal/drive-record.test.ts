import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { author, drive, flipped, id, roomId } from '../../../test/files/authors.ts'
import { isSigned, uint } from '../../../test/files/reference.ts'
import { toHex } from '../../bytes/index.ts'
import { maxBatchesPerDrive } from '../limits.ts'
import { noHash } from './no-hash.ts'
import {
  compareRecords,
  decodeDriveRecord,
  driveRecordBytes,
  readDriveRecord,
  signDriveRecord,
} from './drive-record.ts'

const forged = { name: 'AuthenticationError', code: 'record-not-genuine' }
const told = { drive, batches: 5, head: id(0xaa, 32) }

describe('a record of a drive', () => {
  it('is what the page describes, and is read back', async () => {
    const by = await author(1)
    const hash = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map(toHex)
      .filter((head) => head !== noHash)
    await fc.assert(
      fc.asyncProperty(hash, hash, fc.integer({ min: 1, max: maxBatchesPerDrive }), async (key, head, batches) => {
        const record = await signDriveRecord(by, roomId, { drive: key, batches, head })
        expect(record.bytes).toHaveLength(driveRecordBytes)
        expect(await readDriveRecord(roomId, record.bytes)).toEqual(record)
        const fields = Buffer.concat([Buffer.from(key, 'hex'), uint(batches, 4), Buffer.from(head, 'hex')])
        expect(toHex(record.bytes.subarray(0, -64))).toBe(toHex(by.publicKey) + fields.toString('hex'))
        const message = Buffer.concat([roomId, fields])
        expect(isSigned(by.publicKey, 'p2pigeon/v1/files/drive', message, record.bytes.subarray(-64))).toBe(true)
      }),
      { numRuns: 30 },
    )
    const empty = await signDriveRecord(by, roomId, { drive, batches: 0, head: noHash })
    expect(await readDriveRecord(roomId, empty.bytes)).toMatchObject({ batches: 0, head: noHash, author: by.peerId })
  })

  it('H10: with any one byte changed, of another room, or of another author is not genuine', async () => {
    const { bytes } = await signDriveRecord(await author(1), roomId, told)
    for (let at = 0; at < bytes.length; at++) {
      const error: unknown = await readDriveRecord(roomId, flipped(bytes, at)).catch((thrown: unknown) => thrown)
      expect(['record-not-genuine', 'too-long'], `${at}`).toContain((error as { code?: string }).code)
    }
    await expect(readDriveRecord(new Uint8Array(16), bytes)).rejects.toMatchObject(forged)
    const claimed = new Uint8Array(bytes)
    claimed.set((await author(2)).publicKey)
    await expect(readDriveRecord(roomId, claimed)).rejects.toMatchObject(forged)
  })

  it('H10: of any other length, with more batches than there can be, or with a head of none is refused', async () => {
    const { bytes } = await signDriveRecord(await author(1), roomId, told)
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeDriveRecord(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: 'truncated' }))
    }
    expect(() => decodeDriveRecord(Uint8Array.of(...bytes, 0))).toThrow(expect.objectContaining({ code: 'trailing' }))
    const withCount = (count: number, head: string) => {
      const changed = new Uint8Array(bytes)
      changed.set(uint(count, 4), 64)
      changed.set(Buffer.from(head, 'hex'), 68)
      return changed
    }
    const wrong = [withCount(maxBatchesPerDrive + 1, told.head), withCount(0, told.head), withCount(5, noHash)]
    expect(wrong.map((one) => codeOf(() => decodeDriveRecord(one)))).toEqual(['too-long', 'bad-value', 'bad-value'])
  })
})

it('of two records of one drive the later one is said, and that both cannot be true', () => {
  const [five, six, other] = [told, { ...told, batches: 6, head: id(1, 32) }, { ...told, head: id(2, 32) }]
  expect([compareRecords(five, six), compareRecords(six, five)]).toEqual(['later', 'earlier'])
  expect([compareRecords(five, { ...five }), compareRecords(five, other)]).toEqual(['same', 'forked'])
})

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    return (error as { code?: string }).code
  }
}
