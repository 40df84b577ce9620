import { PictureReader, type PictureBody } from './body.ts'
import type { Edit } from './edit.ts'
import { isJpeg, readJpeg } from './jpeg.ts'
import { isPng, readPng } from './png.ts'
import { isWebp, readWebp } from './webp.ts'

const longestStart = 12

/**
 * The edits that leave out what a JPEG, PNG or WebP tells besides its image; none for one that tells nothing, and for every other file. Its bytes say
 * which it is, whatever its name does. Costs one reading of a picture, and the first bytes of anything else.
 */
export async function readDetails(body: PictureBody): Promise<readonly Edit[]> {
  if (body.sizeBytes < longestStart) return []
  const { buffer, byteOffset } = await body.slice(0, longestStart)
  const start = new DataView(buffer, byteOffset, longestStart)
  const reader = new PictureReader(body)
  if (isJpeg(start)) return readJpeg(reader)
  if (isPng(start)) return readPng(reader)
  if (isWebp(start)) return readWebp(reader)
  return []
}
