import { fourCharacters, type PictureReader } from './body.ts'
import { Edits, type Edit } from './edit.ts'

/*
 * WebP (RFC 9649, section 2): `RIFF`, the length of all that follows, `WEBP`, then chunks `type length data`, each filled up to an even length. The
 * chunk `VP8X` says in flags whether there are Exif and XMP.
 */
const headBytes = 12
const chunkHeadBytes = 8
const tellingFlags = 0x0c
const image: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])

export function isWebp(start: DataView): boolean {
  return fourCharacters(start, 0) === 'RIFF' && fourCharacters(start, 8) === 'WEBP'
}

export async function readWebp(reader: PictureReader): Promise<readonly Edit[]> {
  const said = (await reader.bytes(4, 4))?.getUint32(0, true) ?? 0
  const all = Math.min(reader.sizeBytes, 8 + said)
  const edits = new Edits()
  let flags: Edit | undefined
  let at = headBytes
  for (;;) {
    const head = at + chunkHeadBytes <= all ? await reader.bytes(at, chunkHeadBytes) : undefined
    if (!head) break
    const name = fourCharacters(head, 0)
    const length = head.getUint32(4, true)
    const end = at + chunkHeadBytes + length + (length % 2)
    if (!image.has(name)) edits.remove(at, Math.min(end, all))
    else if (name === 'VP8X' && length > 0) flags ??= await withoutFlags(reader, at + chunkHeadBytes)
    at = end
  }
  const removed = edits.removedBytes
  if (all < reader.sizeBytes) edits.remove(all, reader.sizeBytes)
  if (removed === 0) return edits.all
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, said - removed, true)
  return [{ start: 4, end: 8, bytes: length }, ...(flags ? [flags] : []), ...edits.all].toSorted(
    (one, other) => one.start - other.start,
  )
}

/** What the flags become without the details; undefined where they say nothing of any. */
async function withoutFlags(reader: PictureReader, at: number): Promise<Edit | undefined> {
  const flags = (await reader.bytes(at, 1))?.getUint8(0) ?? 0
  if ((flags & tellingFlags) === 0) return undefined
  return { start: at, end: at + 1, bytes: new Uint8Array([flags & ~tellingFlags]) }
}
