export type FileKind = 'picture' | 'film' | 'sound' | 'text' | 'archive' | 'other'

const archives = /zip|tar|compressed|7z|rar|archive|bzip|xz/
const texts = /^text\/|pdf|document|msword|sheet|excel|presentation|powerpoint|rtf|json|xml/

/** What a file is said to be, for its icon only. */
export function fileKind(type: string): FileKind {
  if (type.startsWith('image/')) return 'picture'
  if (type.startsWith('video/')) return 'film'
  if (type.startsWith('audio/')) return 'sound'
  if (archives.test(type)) return 'archive'
  return texts.test(type) ? 'text' : 'other'
}

const cleanable = /^image\/(?:jpeg|png|webp)$|\.(?:jpe?g|png|webp)$/i
const unread =
  /^(?:image|video|audio)\/|pdf|document|msword|excel|sheet|powerpoint|presentation|\.(?:hei[cf]|avif|tiff?|dng|mov|mp4|m4[av]|mp3|pdf|docx?|xlsx?|pptx?|od[pst])$/i

/** What a file may tell besides what it shows: `cleanable` where the page finds and removes it, `unread` where it does not look. */
export function detailsIn(type: string, name: string): 'cleanable' | 'unread' | 'none' {
  const told = type === '' || type === 'application/octet-stream' ? name : type
  return cleanable.test(told) ? 'cleanable' : unread.test(told) ? 'unread' : 'none'
}

/** A name in two parts: the ending says what a file does when it is opened, and is never cut off. */
export function partsOfName(name: string): { readonly stem: string; readonly ending: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || name.length - dot > 12) return { stem: name, ending: '' }
  return { stem: name.slice(0, dot), ending: name.slice(dot) }
}
