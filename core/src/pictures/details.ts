import { PictureReader, type PictureBody } from './body.ts'
import type { Edit } from './edit.ts'
import { isJpeg, readJpeg } from './jpeg.ts'
import { isPng, readPng } from './png.ts'
import { isWebp, readWebp } from './webp.ts'

const longestStart = 12

/** What can be looked into, by how it begins. */
const formats = [
  { is: isJpeg, read: readJpeg },
  { is: isPng, read: readPng },
  { is: isWebp, read: readWebp },
] as const

/** ISO base media (HEIC, AVIF, MP4, MOV), GIF, TIFF and raw pictures, PDF, MP3, Matroska: they may tell, and are not looked into. */
const unreadStarts: readonly (readonly [at: number, letters: string])[] = [
  [4, 'ftyp'],
  [0, 'GIF8'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [0, '%PDF'],
  [0, 'ID3'],
  [0, '\u001aE\u00df\u00a3'],
]
const unreadSaid =
  /^(?:image|video|audio)\/|pdf|document|msword|excel|sheet|powerpoint|presentation|\.(?:jpe?g|png|webp|gif|hei[cf]|avif|tiff?|dng|mov|mp4|m4[av]|mp3|pdf|docx?|xlsx?|pptx?|od[pst])$/i

/** A file, and what is said of it. */
export interface SaidFile {
  readonly name: string
  /** Empty where nobody knows. */
  readonly mediaType: string
  readonly body: PictureBody
}

/**
 * What a file may tell besides what it shows: `cleanable` where `readDetails` looks into it, `unread` where nobody does, `none` where there is little to tell.
 * Its first bytes decide, whatever it is called: what is called a picture and is none that can be read is `unread`. Its name and type are believed where they
 * warn of more than the bytes do. Rejects where it cannot be read.
 */
export async function detailsIn({ name, mediaType, body }: SaidFile): Promise<'cleanable' | 'unread' | 'none'> {
  const start = await startOf(body)
  if (formatOf(start)) return 'cleanable'
  const letters = lettersOf(start)
  if (unreadStarts.some(([at, some]) => letters.startsWith(some, at))) return 'unread'
  const said = mediaType === '' || mediaType === 'application/octet-stream' ? name : mediaType
  return unreadSaid.test(said) ? 'unread' : 'none'
}

/**
 * The edits that leave out what a JPEG, PNG or WebP tells besides its image; none for one that tells nothing, and for every other file. Its bytes say
 * which it is, whatever its name does. Costs one reading of a picture, and the first bytes of anything else. Rejects where it cannot be read.
 */
export async function readDetails(body: PictureBody): Promise<readonly Edit[]> {
  const format = formatOf(await startOf(body))
  return format ? format.read(new PictureReader(body)) : []
}

async function startOf(body: PictureBody): Promise<DataView> {
  const { buffer, byteOffset, byteLength } = await body.slice(0, Math.min(longestStart, body.sizeBytes))
  return new DataView(buffer, byteOffset, byteLength)
}

function formatOf(start: DataView): (typeof formats)[number] | undefined {
  return start.byteLength < longestStart ? undefined : formats.find(({ is }) => is(start))
}

function lettersOf(start: DataView): string {
  return Array.from({ length: start.byteLength }, (_, at) => String.fromCharCode(start.getUint8(at))).join('')
}
