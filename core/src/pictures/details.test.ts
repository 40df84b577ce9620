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
import { detailsIn, readDetails } from './details.ts'
import { withoutDetails } from './edit.ts'
import { orientationOnly } from './orientation.ts'

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]

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

  it('is taken out of what a JPEG keeps for its decoders: a small picture, and whatever stands behind', async () => {
    const jfif = (...end: number[]): number[] => jpegSegment(0xe0, [...utf8('JFIF\0'), 1, 2, 0, 0, 1, 0, 1, ...end])
    const adobe = (...end: number[]): number[] => jpegSegment(0xee, [...utf8('Adobe'), 0, 100, 0, 0, 0, 0, 1, ...end])
    const plain = [0xff, 0xd8, ...jfif(0, 0), ...adobe(), ...jpegImage]
    expect(await cleaned([0xff, 0xd8, ...jfif(1, 1, 7, 7, 7), ...adobe(...utf8('Ada')), ...jpegImage])).toEqual(plain)
    expect(await isQuiet(plain)).toBe(true)
    const cut = [0xff, 0xd8, ...jfif(9), ...jpegImage]
    expect(await cleaned(cut)).toEqual([0xff, 0xd8, ...jfif(0), ...jpegImage])
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

describe('what a file may tell', () => {
  const heic = [0, 0, 0, 24, ...utf8('ftypheic'), ...utf8('and where it was taken')]
  const kind = (name: string, mediaType: string, bytes: Iterable<number>): Promise<string> =>
    detailsIn({ name, mediaType, body: bodyOf(bytes) })

  it.each([
    ['a JPEG', [...jpegStart, ...jpegImage]],
    ['a PNG', png()],
    ['a WebP', webpOf(pictureOfWebp)],
  ])('is found and taken out of %s, whatever it is called', async (_, bytes) => {
    const kinds = [kind('a.jpg', 'image/jpeg', bytes), kind('a.heic', 'image/heic', bytes), kind('a.txt', '', bytes)]
    expect(new Set(await Promise.all(kinds))).toEqual(new Set(['cleanable']))
  })

  it('is not looked for in what only is called a picture', async () => {
    expect(await kind('a.jpg', 'image/jpeg', heic)).toBe('unread')
    expect(await kind('a.png', '', [])).toBe('unread')
    expect(await readDetails(bodyOf(heic))).toEqual([])
  })

  it.each([
    ['HEIC', heic],
    ['GIF', [...utf8('GIF89a'), ...utf8('and more')]],
    ['TIFF', [...utf8('II*\0'), 8, 0]],
    ['PDF', utf8('%PDF-1.7')],
    ['MP3', utf8('ID3')],
    ['Matroska', [0x1a, 0x45, 0xdf, 0xa3]],
  ])('is not looked for in %s, also where that is called a text', async (_, bytes) => {
    expect(await kind('a.txt', 'text/plain', bytes)).toBe('unread')
  })

  it('is what name and type warn of, where the bytes say nothing', async () => {
    const words = utf8('just words')
    const types = ['image/heic', 'image/gif', 'video/mp4', 'audio/mpeg', 'application/pdf', 'application/msword']
    for (const type of types) expect(await kind('', type, words)).toBe('unread')
    for (const name of ['a.HEIC', 'a.mov', 'a.JPG']) expect(await kind(name, '', words)).toBe('unread')
    const plain = [kind('a.txt', '', words), kind('a.jpg', 'text/plain', words), kind('', 'application/zip', words)]
    expect(new Set(await Promise.all(plain))).toEqual(new Set(['none']))
  })

  it('is not known of what cannot be read', async () => {
    const body = { sizeBytes: 100, slice: () => Promise.reject(new Error('gone')) }
    await expect(detailsIn({ name: 'a.txt', mediaType: 'text/plain', body })).rejects.toThrow('gone')
    await expect(readDetails(body)).rejects.toThrow('gone')
  })
})
