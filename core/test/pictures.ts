import type { PictureBody } from '../src/pictures/index.ts'

/** Pictures of each form, built by their standards: what shows, and what tells. */
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]
const u16 = (value: number): number[] => [value >> 8, value & 0xff]
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)]
const u32little = (value: number): number[] => u32(value).reverse()

export const jpegSegment = (marker: number, content: string | readonly number[]): number[] => {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return [0xff, marker, ...u16(bytes.length + 2), ...bytes]
}
/** Exif with one directory: a maker, how the camera was held, a place. */
export const exifOf = (turn: number, isLittle = false): number[] => {
  const short = (value: number): number[] => (isLittle ? u16(value).reverse() : u16(value))
  const long = (value: number): number[] => (isLittle ? u32little(value) : u32(value))
  return [
    ...utf8(isLittle ? 'Exif\0\0II' : 'Exif\0\0MM'),
    ...[...short(42), ...long(8), ...short(3)],
    ...[...short(0x010f), ...short(2), ...long(4), ...utf8('Cam\0')],
    ...[...short(0x0112), ...short(3), ...long(1), ...short(turn), 0, 0],
    ...[...short(0x8825), ...short(4), ...long(1), ...long(0)],
    ...long(0),
    ...utf8('52.5 N'),
  ]
}
const coded = [1, 2, 3, 0xff, 0, 0xff, 0xd0, 4]
const scan = [0xff, 0xda, 0, 2, ...coded]
export const jpegStart = [0xff, 0xd8, ...jpegSegment(0xe0, 'JFIF\0'), ...jpegSegment(0xe2, 'ICC_PROFILE\0colours')]
export const jpegImage = [...jpegSegment(0xdb, 'tables'), ...scan, ...jpegSegment(0xc4, 'more'), ...scan, 0xff, 0xd9]

export const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
export const pngChunk = (type: string, content: string | readonly number[]): number[] => {
  const bytes = typeof content === 'string' ? utf8(content) : content
  // Nobody here looks at checksums.
  return [...u32(bytes.length), ...utf8(type), ...bytes, 9, 9, 9, 9]
}

export const webpChunk = (type: string, content: string | readonly number[]): number[] => {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return [...utf8(type), ...u32little(bytes.length), ...bytes, ...(bytes.length % 2 ? [0] : [])]
}
export const webpOf = (chunks: readonly number[]): number[] => [
  ...[...utf8('RIFF'), ...u32little(chunks.length + 4), ...utf8('WEBP')],
  ...chunks,
]
/** `VP8X` with these flags. */
export const webpFlags = (flags: number): number[] => webpChunk('VP8X', [flags, 0, 0, 0, 9, 0, 0, 9, 0, 0])

export function bodyOf(bytes: Iterable<number>): PictureBody {
  const data = new Uint8Array(bytes)
  return { sizeBytes: data.length, slice: (start, end) => Promise.resolve(data.slice(start, end)) }
}
