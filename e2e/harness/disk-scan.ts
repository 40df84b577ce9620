import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Every form in which a text could lie on a disk by mistake. */
export function formsOf(text: string): readonly Buffer[] {
  const bytes = Buffer.from(text)
  const inside = (form: string): Buffer => Buffer.from(form)
  // Base64 has three forms, by where the text begins; what the ends mix with is cut off.
  const shifted = [0, 1, 2].map((shift) =>
    inside(
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    ),
  )
  return [bytes, Buffer.from(text, 'utf16le'), inside(bytes.toString('hex')), ...shifted]
}

/** The files of a folder, however deep, that hold one of these, in their names or contents. Read in pieces: they may be large. */
export async function findOnDisk(folder: string, needles: readonly Buffer[]): Promise<readonly string[]> {
  const longest = Math.max(...needles.map((needle) => needle.length))
  const found: string[] = []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (needles.some((needle) => Buffer.from(entry.name).includes(needle))) found.push(path)
    if (entry.isFile() && (await holds(path, needles, longest))) found.push(path)
  }
  return found
}

async function holds(path: string, needles: readonly Buffer[], longest: number): Promise<boolean> {
  let seam: Buffer = Buffer.alloc(0)
  for await (const piece of createReadStream(path, { highWaterMark: 4 * 1_048_576 })) {
    const bytes = Buffer.concat([seam, piece as Buffer])
    if (needles.some((needle) => bytes.includes(needle))) return true
    seam = bytes.subarray(Math.max(0, bytes.length - longest + 1))
  }
  return false
}
