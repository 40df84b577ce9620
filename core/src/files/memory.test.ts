import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64url, toHex } from '../bytes/index.ts'
import type { PeerId } from '../identity/index.ts'
import { driveRecordBytes } from './journal/index.ts'
import { maxBatchesPerDrive, maxMasters, maxRememberedDrives } from './limits.ts'
import { decodeRememberedFiles, encodeRememberedFiles, type RememberedFiles } from './memory.ts'

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((all) => new Uint8Array(all))
const key = bytes(32).map(toHex)

const remembered: fc.Arbitrary<RememberedFiles> = fc.record({
  own: fc.option(key, { nil: undefined }),
  masters: fc.array(fc.record({ epoch: fc.nat(0xffff_ffff), secret: bytes(32) }), { maxLength: 5 }),
  drives: fc.array(
    fc.record({
      drive: key,
      author: bytes(32).map((all) => toBase64url(all) as PeerId),
      batches: fc.nat(maxBatchesPerDrive),
      head: key,
      record: fc.option(bytes(driveRecordBytes), { nil: undefined }),
    }),
    { maxLength: 5 },
  ),
})
const refused = (code: string): unknown => expect.objectContaining({ name: 'CodecError', code })

describe('what a device remembers', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(remembered, (files) => {
        expect(decodeRememberedFiles(encodeRememberedFiles(files))).toEqual(files)
      }),
    )
  })

  it('cut at any place, or with anything after it, is refused', () => {
    fc.assert(
      fc.property(remembered, fc.nat(), (files, at) => {
        const whole = encodeRememberedFiles(files)
        expect(() => decodeRememberedFiles(whole.subarray(0, at % whole.length))).toThrow(refused('truncated'))
        expect(() => decodeRememberedFiles(Uint8Array.of(...whole, 0))).toThrow(refused('trailing'))
      }),
    )
  })

  it.each([
    ['another version', [2, 0, 0, 0, 0, 0], 'bad-value'],
    ['a flag that is neither yes nor no', [1, 2, 0, 0, 0, 0], 'bad-value'],
    ['more masters than there may be', [1, 0, (maxMasters + 1) >> 8, (maxMasters + 1) & 0xff, 0, 0], 'too-long'],
    [
      'more drives than there may be',
      [1, 0, 0, 0, (maxRememberedDrives + 1) >> 8, (maxRememberedDrives + 1) & 0xff],
      'too-long',
    ],
    ['more of them than there are', [1, 0, maxMasters >> 8, maxMasters & 0xff], 'truncated'],
  ])('of %s is refused', (_, wrong, code) => {
    expect(() => decodeRememberedFiles(Uint8Array.from(wrong))).toThrow(refused(code))
  })

  it('of a drive with more batches than there can be is refused', () => {
    const drive = { drive: '1'.repeat(64), author: toBase64url(new Uint8Array(32)) as PeerId, head: '2'.repeat(64) }
    const files = {
      masters: [],
      own: undefined,
      drives: [{ ...drive, batches: maxBatchesPerDrive + 1, record: undefined }],
    }
    expect(() => decodeRememberedFiles(encodeRememberedFiles(files))).toThrow(refused('too-long'))
  })
})
