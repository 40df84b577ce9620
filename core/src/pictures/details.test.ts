import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bodyOf,
  exifOf,
  jpegImage,
  jpegSegment,
  jpegStart,
  pngChunk,
  pngSignature,
  webpChunk,
  webpFlags,
  webpOf,
} from '../../test/pictures.ts'
import { readDetails } from './details.ts'
import { withoutDetails } from './edit.ts'
import { orientationOnly } from './orientation.ts'

async function cleaned(bytes: Iterable<number>): Promise<number[]> {
  const body = bodyOf(bytes)
  const clean = withoutDetails(body, await readDetails(body))
  return [...(await clean.slice(0, clean.sizeBytes))]
}

const isQuiet = async (bytes: Iterable<number>): Promise<boolean> => (await readDetails(bodyOf(bytes))).length === 0

const png = (...between: number[][]): number[] => [
  ...[...pngSignature, ...pngChunk('IHDR', 'size'), ...pngChunk('sRGB', [0]), ...pngChunk('pHYs', 'nine bytes')],
  ...between.flat(),
  ...[...pngChunk('IDAT', 'image'), ...pngChunk('IEND', '')],
]
const pictureOfWebp = [...webpChunk('ICCP', 'colours'), ...webpChunk('ALPH', 'a'), ...webpChunk('VP8 ', 'image')]

describe('what a picture tells', () => {
  it.each([
    ['Exif', jpegSegment(0xe1, exifOf(1))],
    ['Exif of no known form', jpegSegment(0xe1, 'Exif\0\0??')],
    ['XMP', jpegSegment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x/>')],
    ['IPTC', jpegSegment(0xed, 'Photoshop 3.0\0')],
    ['provenance', jpegSegment(0xeb, 'JP\0\0')],
    ['where further pictures are', jpegSegment(0xe2, 'MPF\0')],
    ['a small picture', jpegSegment(0xe0, 'JFXX\0')],
    ['what a maker invented', jpegSegment(0xe5, 'SEAL')],
    ['a comment behind fill bytes', [0xff, 0xff, ...jpegSegment(0xfe, 'for Ada')]],
  ])('is taken out of a JPEG: %s', async (_, telling) => {
    expect(await cleaned([...jpegStart, ...telling, ...jpegImage])).toEqual([...jpegStart, ...jpegImage])
    expect(await isQuiet([...jpegStart, ...jpegImage])).toBe(true)
  })

  it('is taken out of a JPEG behind what is no marker, as decoders go on there', async () => {
    const [front, rest] = [[...jpegStart, 7, 7], jpegImage]
    expect(await cleaned([...front, ...jpegSegment(0xfe, 'for Ada'), ...rest])).toEqual([...front, ...rest])
  })

  it('is taken out between the scans of a JPEG, and behind its end', async () => {
    const [first, second] = [jpegImage.slice(0, -2), jpegImage.slice(-2)]
    const told = [
      ...jpegStart,
      ...first,
      ...jpegSegment(0xfe, 'late'),
      ...second,
      0xff,
      0xd8,
      ...jpegSegment(0xe1, exifOf(6)),
    ]
    expect(await cleaned(told)).toEqual([...jpegStart, ...jpegImage])
  })

  it.each([6, 3, 2, 8])('stays, of a JPEG, where it says how to turn it (%i), and no more', async (turn) => {
    for (const isLittle of [true, false]) {
      const told = [...jpegStart, ...jpegSegment(0xe1, exifOf(turn, isLittle)), ...jpegImage]
      const clean = [...jpegStart, ...jpegSegment(0xe1, [...orientationOnly(turn)]), ...jpegImage]
      expect(await cleaned(told)).toEqual(clean)
      expect(await isQuiet(clean)).toBe(true)
    }
  })

  it('is taken out of a PNG, and behind its end', async () => {
    const telling = ['eXIf', 'tEXt', 'iTXt', 'zTXt', 'tIME', 'caBX', 'prIV'].map((type) =>
      pngChunk(type, 'Ada was here'),
    )
    expect(await cleaned([...png(...telling), ...telling.flat(), 1, 2, 3])).toEqual(png())
    expect(await isQuiet(png(pngChunk('acTL', 'frames'), pngChunk('fcTL', 'one'), pngChunk('fdAT', 'image')))).toBe(
      true,
    )
  })

  it('is taken out of a WebP, which says so in its flags and its length', async () => {
    const telling = [...webpChunk('EXIF', 'odd'), ...webpChunk('XMP ', '<x/>'), ...webpChunk('priv', 'Ada was here')]
    const told = [...webpOf([...webpFlags(0x3c), ...pictureOfWebp, ...telling]), 7, 7]
    expect(await cleaned(told)).toEqual(webpOf([...webpFlags(0x30), ...pictureOfWebp]))
    expect(await isQuiet(webpOf([...webpFlags(0x30), ...pictureOfWebp]))).toBe(true)
    expect(await isQuiet(webpOf(webpChunk('VP8L', 'image')))).toBe(true)
  })

  it('goes with the rest where the picture is cut off within it', async () => {
    const jpeg = [...jpegStart, ...jpegSegment(0xe1, exifOf(1))].slice(0, -3)
    expect(await cleaned(jpeg)).toEqual(jpegStart)
    const text = pngChunk('tEXt', 'Ada was here').slice(0, -6)
    expect(await cleaned([...pngSignature, ...pngChunk('IHDR', 'size'), ...text])).toEqual([
      ...pngSignature,
      ...pngChunk('IHDR', 'size'),
    ])
    const whole = webpOf([...pictureOfWebp, ...webpChunk('EXIF', 'Ada was here')])
    expect((await cleaned(whole.slice(0, -6))).slice(8)).toEqual(webpOf(pictureOfWebp).slice(8))
  })

  it('is not looked for in anything else', async () => {
    const others = ['', 'GIF89a and a comment', '%PDF-1.7 /Author (Ada)', 'RIFF....WAVEfmt ', '\0\0\0\x1cftypheic']
    for (const text of others) expect(await isQuiet(new TextEncoder().encode(text))).toBe(true)
  })

  it('takes more than a window of image for what it is', async () => {
    const image = Array.from({ length: 700_000 }, (_, at) => at % 251)
    const jpeg = [...jpegStart, 0xff, 0xda, 0, 2, ...image]
    expect(await cleaned([...jpeg, ...jpegSegment(0xfe, 'late'), 0xff, 0xd9])).toEqual([...jpeg, 0xff, 0xd9])
    expect(await cleaned(png(pngChunk('IDAT', image), pngChunk('tEXt', 'late')))).toEqual(png(pngChunk('IDAT', image)))
  })
})

const content = fc.array(fc.nat(255), { maxLength: 40 })
const jpegs = fc
  .array(fc.oneof(fc.tuple(fc.integer({ min: 0xc0, max: 0xfe }), content), content), { maxLength: 8 })
  .map((parts) => {
    const isSegment = (part: (typeof parts)[number]): part is [number, number[]] => Array.isArray(part[1])
    return [0xff, 0xd8, ...parts.flatMap((part) => (isSegment(part) ? jpegSegment(...part) : part))]
  })
const named = (types: readonly string[]) => fc.array(fc.tuple(fc.constantFrom(...types), content), { maxLength: 8 })
const pngs = named(['IHDR', 'IDAT', 'tEXt', 'eXIf', 'gAMA', 'IEND', '1234']).map((chunks) => [
  ...pngSignature,
  ...chunks.flatMap((chunk) => pngChunk(...chunk)),
])
const webps = named(['VP8 ', 'VP8X', 'EXIF', 'XMP ', 'ICCP', 'what']).map((chunks) =>
  webpOf(chunks.flatMap((chunk) => webpChunk(...chunk))),
)
const cut = fc.oneof(jpegs, pngs, webps).chain((bytes) => fc.nat(bytes.length).map((end) => bytes.slice(0, end)))

describe('any picture, broken or not', () => {
  it('tells nothing more once it is clean', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(jpegs, pngs, webps, cut), async (bytes) => {
        const clean = await cleaned(bytes)
        expect(await cleaned(clean)).toEqual(clean)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is the same in pieces as in one', async () => {
    const cuts = fc.tuple(fc.nat(200), fc.nat(200))
    await fc.assert(
      fc.asyncProperty(fc.oneof(jpegs, pngs, webps), cuts, async (bytes, [one, other]) => {
        const body = bodyOf(bytes)
        const clean = withoutDetails(body, await readDetails(body))
        const [start, end] = [Math.min(one, other), Math.max(one, other)]
        const whole = await clean.slice(0, clean.sizeBytes)
        expect(await clean.slice(start, end)).toEqual(whole.slice(start, end))
      }),
    )
  })
})
