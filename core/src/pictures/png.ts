import { fourCharacters, type PictureReader } from './body.ts'
import { Edits, type Edit } from './edit.ts'

/*
 * PNG (W3C, third edition, section 5): a signature, then chunks `length type data checksum`. A type that begins with a capital is needed to decode; of
 * the others those stay that say how to show the image. Text, Exif, times and whatever programs invented go.
 */
const signature = [0x8950_4e47, 0x0d0a_1a0a]
const signatureBytes = 8
const headBytes = 8
const checksumBytes = 4
const type = /^[A-Za-z]{4}$/
const shows: ReadonlySet<string> = new Set([
  ...['tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'hIST', 'pHYs', 'sPLT'],
  ...['acTL', 'fcTL', 'fdAT'],
])

export function isPng(start: DataView): boolean {
  return start.getUint32(0) === signature[0] && start.getUint32(4) === signature[1]
}

/** Behind its end a picture may keep what was cut off of it: that goes as well. */
export async function readPng(reader: PictureReader): Promise<readonly Edit[]> {
  const edits = new Edits()
  let at = signatureBytes
  for (;;) {
    const head = await reader.bytes(at, headBytes)
    if (!head) break
    const name = fourCharacters(head, 4)
    const end = at + headBytes + head.getUint32(0) + checksumBytes
    if (!type.test(name)) break
    if (!/^[A-Z]/.test(name) && !shows.has(name)) edits.remove(at, Math.min(end, reader.sizeBytes))
    if (end > reader.sizeBytes) break
    at = end
    if (name !== 'IEND') continue
    if (at < reader.sizeBytes) edits.remove(at, reader.sizeBytes)
    break
  }
  return edits.all
}
