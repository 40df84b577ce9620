/** How a file is shown. Whatever is not on this list has no preview: markup that could run is never interpreted. */
export type PreviewKind = 'image' | 'text' | 'pdf' | 'audio' | 'video' | 'none'

/** SVG is missing on purpose: it is a document with scripts that calls itself a picture. */
const images: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
}
const sounds: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  flac: 'audio/flac',
}
const films: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  m4v: 'video/mp4',
  mov: 'video/mp4',
}
/** Shown as letters and nothing else, also what is source code of something that could run. */
const texts = new Set(
  'txt md markdown csv tsv log json yaml yml toml ini xml svg html htm css js mjs ts tsx jsx py rs go c h cpp java sh sql'.split(
    ' ',
  ),
)

export interface Preview {
  readonly kind: PreviewKind
  /** The type that the frame is told; ours, never the writer's. */
  readonly type: string
}

/** By the suffix of the name: what a writer claims of the type decides nothing. */
export function previewOf(name: string): Preview {
  const suffix = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  const image = own(images, suffix)
  if (image) return { kind: 'image', type: image }
  const sound = own(sounds, suffix)
  if (sound) return { kind: 'audio', type: sound }
  const film = own(films, suffix)
  if (film) return { kind: 'video', type: film }
  if (suffix === 'pdf') return { kind: 'pdf', type: 'application/pdf' }
  if (texts.has(suffix)) return { kind: 'text', type: 'text/plain' }
  return { kind: 'none', type: 'application/octet-stream' }
}

function own(types: Readonly<Record<string, string>>, suffix: string): string | undefined {
  return Object.hasOwn(types, suffix) ? types[suffix] : undefined
}
