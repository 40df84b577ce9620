import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { padme } from '../../../test/files/reference.ts'
import { blockBytes, maxObjectBytes, sealedBlockBytes, segmentBlocks, segmentBytes } from '../limits.ts'
import { blockLength, blocksOf, layoutOf, sealedLengthOf } from './layout.ts'

/** Where a block, a segment, or a step of the padding ends, and one byte to each side. */
const borders = [0, 1, 2, 255, blockBytes, 2 * blockBytes, segmentBytes, 2 * segmentBytes, 2 ** 32, maxObjectBytes]
const around = fc
  .tuple(fc.constantFrom(...borders), fc.integer({ min: -2, max: 2 }))
  .map(([border, by]) => Math.min(maxObjectBytes, Math.max(0, border + by)))
const size = fc.oneof(
  around,
  fc.integer({ min: 0, max: maxObjectBytes }),
  fc.integer({ min: 0, max: 3 * segmentBytes }),
)

describe('a layout', () => {
  it.each([
    [0, 1, 1, 1],
    [1, 1, 1, 1],
    [65_536, 65_536, 1, 1],
    [65_537, 67_584, 2, 1],
    [4_194_304, 4_194_304, 64, 1],
    [4_194_305, 4_325_376, 66, 2],
    [68_719_476_736, 68_719_476_736, 1_048_576, 16_384],
  ])('of %i bytes has %i with padding, %i blocks, %i segments', (sizeBytes, paddedBytes, blocks, segments) => {
    expect(layoutOf(sizeBytes)).toEqual({ sizeBytes, paddedBytes, blocks, segments })
  })

  it('covers the padded content once, whatever its size', () => {
    fc.assert(
      fc.property(size, (sizeBytes) => {
        const layout = layoutOf(sizeBytes)
        expect(layout.paddedBytes).toBe(padme(sizeBytes))
        expect(layout.paddedBytes).toBeLessThanOrEqual(maxObjectBytes)
        const last = layout.segments - 1
        expect(blocksOf(layout, last)).toBeGreaterThan(0)
        expect(last * segmentBlocks + blocksOf(layout, last)).toBe(layout.blocks)
        expect((layout.blocks - 1) * blockBytes + blockLength(layout, layout.blocks - 1)).toBe(layout.paddedBytes)
        const whole = last * segmentBlocks * sealedBlockBytes
        expect(whole + sealedLengthOf(layout, last)).toBe(layout.paddedBytes + 16 * layout.blocks)
        if (last > 0) expect(sealedLengthOf(layout, 0)).toBe(segmentBlocks * sealedBlockBytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it('H3: of a content above 64 GiB is refused by name, before anything is made', () => {
    for (const sizeBytes of [maxObjectBytes + 1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      expect(() => layoutOf(sizeBytes)).toThrow(expect.objectContaining({ code: 'object-too-large' }))
    }
  })

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53])('of %d, which is no size, is refused', (sizeBytes) => {
    expect(() => layoutOf(sizeBytes)).toThrow(expect.objectContaining({ name: 'CodecError', code: 'bad-value' }))
  })
})
