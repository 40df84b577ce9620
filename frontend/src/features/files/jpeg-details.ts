import type { FileBody, UploadFile } from '@p2pigeon/core/files'

/*
 * JPEG (ITU-T T.81, Annex B): a file is a row of segments `FF marker length data` until the scan begins. Cameras write where and with what a
 * picture was taken into APP1 (Exif and XMP) and APP13 (IPTC); comments are COM. Colours are in APP2 (ICC) and APP14, which stay.
 */
const startOfImage = 0xffd8
const startOfScan = 0xda
const telling = new Set([0xe1, 0xed, 0xfe])
/** Details stand in front of the picture; no camera writes more of them. */
const maxHeadBytes = 4 * 1_048_576

interface Piece {
  readonly start: number
  readonly end: number
}

/** Where a JPEG tells more than it shows; empty for what does not, or is none. */
function tellingPieces(head: Uint8Array): readonly Piece[] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.length < 4 || view.getUint16(0) !== startOfImage) return []
  const pieces: Piece[] = []
  let at = 2
  while (at + 4 <= head.length && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1)
    // Any number of fill bytes may stand before a marker (B.1.1.2).
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (marker === startOfScan) break
    const end = at + 2 + view.getUint16(at + 2)
    if (end > head.length || end < at + 4) break
    if (telling.has(marker)) pieces.push({ start: at, end })
    at = end
  }
  return pieces
}

const isJpeg = ({ name, mediaType }: UploadFile): boolean => mediaType === 'image/jpeg' || /\.jpe?g$/i.test(name)

async function piecesOf(file: UploadFile): Promise<readonly Piece[]> {
  if (!isJpeg(file)) return []
  return tellingPieces(await file.body.slice(0, Math.min(file.body.sizeBytes, maxHeadBytes)))
}

/** Those of the files that carry details of the camera or the place. */
export async function filesThatTell(files: readonly UploadFile[]): Promise<ReadonlySet<UploadFile>> {
  const found = new Set<UploadFile>()
  for (const file of files) if ((await piecesOf(file).catch(() => [])).length > 0) found.add(file)
  return found
}

/** The same picture without them: nothing of the image itself is touched. Its turning by Exif is lost as well. */
export async function withoutDetails(file: UploadFile): Promise<UploadFile> {
  const pieces = await piecesOf(file)
  return pieces.length === 0 ? file : { ...file, body: without(file.body, pieces) }
}

function without(body: FileBody, pieces: readonly Piece[]): FileBody {
  // What stays, as pieces of the old body with their place in the new one.
  const kept: { readonly from: number; readonly at: number; readonly length: number }[] = []
  let from = 0
  let at = 0
  for (const { start, end } of [...pieces, { start: body.sizeBytes, end: body.sizeBytes }]) {
    kept.push({ from, at, length: start - from })
    at += start - from
    from = end
  }
  return {
    sizeBytes: at,
    slice: async (start, end) => {
      const out = new Uint8Array(Math.max(0, Math.min(end, at) - start))
      for (const piece of kept) {
        const first = Math.max(start, piece.at)
        const last = Math.min(end, piece.at + piece.length)
        if (first >= last) continue
        const shift = piece.from - piece.at
        out.set(await body.slice(first + shift, last + shift), first - start)
      }
      return out
    },
  }
}
