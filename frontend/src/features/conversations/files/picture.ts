import type { FileView } from '@p2pigeon/core/chat'

const kinds: readonly { readonly type: string; readonly is: (bytes: Uint8Array) => boolean }[] = [
  { type: 'image/png', is: (bytes) => textAt(bytes, 0, 8) === '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', is: (bytes) => textAt(bytes, 0, 3) === '\xff\xd8\xff' },
  { type: 'image/gif', is: (bytes) => ['GIF87a', 'GIF89a'].includes(textAt(bytes, 0, 6)) },
  { type: 'image/webp', is: (bytes) => textAt(bytes, 0, 4) === 'RIFF' && textAt(bytes, 8, 12) === 'WEBP' },
  { type: 'image/avif', is: isAvif },
]
const types: ReadonlySet<string> = new Set(kinds.map(({ type }) => type))

/** Room that a picture takes in a message, in CSS pixels. */
const maxPicturePx = 304
const minPicturePx = 96

type Sides = Pick<FileView, 'width' | 'height'>

/** True for a file that is said to be a picture of a kind that is shown. SVG is none: it is a program. */
export function isSaidPicture(type: string): boolean {
  return types.has(type)
}

/** What kind of picture these bytes begin as, whatever anybody says; undefined for none that is shown. */
export function pictureType(bytes: Uint8Array): string | undefined {
  return kinds.find(({ is }) => is(bytes))?.type
}

/** An address under which the browser shows these bytes as a picture and as nothing else; whoever asks for it gives it back. Undefined for what is no picture. */
export function pictureUrl(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  const type = pictureType(bytes)
  return type === undefined ? undefined : URL.createObjectURL(new Blob([bytes], { type }))
}

/** The room for a picture that is said to be so large: its own shape, unless that is absurd. */
export function pictureBox({ width, height }: Sides): { readonly width: number; readonly height: number } {
  if (width === undefined || height === undefined) return { width: maxPicturePx, height: (maxPicturePx * 3) / 4 }
  const scale = Math.min(1, maxPicturePx / width, maxPicturePx / height)
  const within = (side: number): number => Math.max(minPicturePx, Math.round(side * scale))
  return { width: within(width), height: within(height) }
}

/** ISO 23008-12: a first box `ftyp` with the brand of AVIF, as the main one or among the others. */
function isAvif(bytes: Uint8Array): boolean {
  if (textAt(bytes, 4, 8) !== 'ftyp') return false
  const end = Math.min(bytes[3] ?? 0, bytes.length)
  for (let at = 8; at + 4 <= end; at += 4) {
    // The version stands between them.
    if (at !== 12 && ['avif', 'avis'].includes(textAt(bytes, at, at + 4))) return true
  }
  return false
}

function textAt(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to))
}
