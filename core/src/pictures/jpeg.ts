import type { PictureReader } from './body.ts'
import { Edits, type Edit } from './edit.ts'
import { orientationOf, orientationOnly } from './orientation.ts'

/*
 * JPEG (ITU-T T.81, Annex B): segments `FF marker length data`, and after each start of scan coded image until the next marker. Programs write what
 * they like into APPn segments and comments; of those the ones stay that decoders need: JFIF (JFIF 1.02) without the small picture that may stand in it, the
 * colour profile, and Adobe's transform.
 */
const startOfImage = 0xffd8
const endOfImage = 0xd9
const comment = 0xfe
const exif = 'Exif\0\0'
const kept: readonly (readonly [marker: number, start: string, mostBytes: number])[] = [
  [0xe0, 'JFIF\0', 14],
  [0xe2, 'ICC_PROFILE\0', 65_533],
  [0xee, 'Adobe', 12],
]
/** Width and height of the small picture in a JFIF segment. */
const thumbnailAt = 12

export function isJpeg(start: DataView): boolean {
  return start.getUint16(0) === startOfImage
}

/** Behind its end stand further pictures of the same camera, with details of their own: they go as well. */
export async function readJpeg(reader: PictureReader): Promise<readonly Edit[]> {
  const edits = new Edits()
  let isTurned = false
  let at = 2
  for (;;) {
    // Decoders go on behind what is no marker, and so does this.
    const start = await markerAt(reader, at)
    at = start
    // Any number of fill bytes may stand before a marker (B.1.1.2): they belong to it.
    while ((await reader.bytes(at, 2))?.getUint16(0) === 0xffff) at += 1
    const marker = (await reader.bytes(at, 2))?.getUint8(1)
    if (marker === undefined) break
    if (marker === endOfImage) {
      if (at + 2 < reader.sizeBytes) edits.remove(at + 2, reader.sizeBytes)
      break
    }
    if (isAlone(marker)) {
      at += 2
      continue
    }
    const length = (await reader.bytes(at + 2, 2))?.getUint16(0) ?? 0
    if (length < 2) {
      at += 2
      continue
    }
    const data = await reader.bytes(at + 4, length - 2)
    if (!data) {
      if (isOfPrograms(marker)) edits.remove(start, reader.sizeBytes)
      break
    }
    const end = at + 2 + length
    const turn = marker === 0xe1 && !isTurned && startsWith(data, exif) ? orientationOf(data, exif.length) : undefined
    if (turn !== undefined) {
      isTurned = true
      const little = orientationOnly(turn)
      if (!isSame(little, data)) edits.replace(start, end, segment(marker, little))
    } else if (isOfPrograms(marker)) {
      const needed = neededOf(marker, data)
      if (!needed) edits.remove(start, end)
      else if (!isSame(needed, data)) edits.replace(start, end, segment(marker, needed))
    }
    at = end
  }
  return edits.all
}

/** What decoders need of a segment that programs write; undefined where that is nothing. */
function neededOf(marker: number, data: DataView): Uint8Array | undefined {
  const keep = kept.find(([which, start]) => which === marker && startsWith(data, start))
  if (!keep) return undefined
  const needed = new Uint8Array(data.buffer, data.byteOffset, Math.min(data.byteLength, keep[2])).slice()
  // It says how large the small picture behind it is, which is not there any more.
  if (marker === 0xe0) needed.fill(0, thumbnailAt)
  return needed
}

function isOfPrograms(marker: number): boolean {
  return marker === comment || (marker >= 0xe0 && marker <= 0xef)
}

/** TEM, RSTn and a second SOI have no length; zero is no marker. */
function isAlone(marker: number): boolean {
  return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

/** Where the next marker begins, behind coded image if that is there: neither a stuffed byte nor a restart (B.1.1.5). */
async function markerAt(reader: PictureReader, start: number): Promise<number> {
  let at = start
  for (;;) {
    const some = await reader.some(at)
    if (some.length === 0) return at
    const found = some.indexOf(0xff)
    at += found < 0 ? some.length : found
    if (found < 0) continue
    const next = await reader.bytes(at, 2)
    if (!next) return reader.sizeBytes
    const marker = next.getUint8(1)
    if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else return at
  }
}

function segment(marker: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = data.length + 2
  return new Uint8Array([0xff, marker, length >> 8, length & 0xff, ...data])
}

function startsWith(data: DataView, start: string): boolean {
  if (data.byteLength < start.length) return false
  for (let at = 0; at < start.length; at++) if (data.getUint8(at) !== start.charCodeAt(at)) return false
  return true
}

function isSame(bytes: Uint8Array, data: DataView): boolean {
  return data.byteLength === bytes.length && bytes.every((byte, at) => byte === data.getUint8(at))
}
