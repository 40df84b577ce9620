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

/** A name in two parts: the ending says what a file does when it is opened, and is never cut off. */
export function partsOfName(name: string): { readonly stem: string; readonly ending: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || name.length - dot > 12) return { stem: name, ending: '' }
  return { stem: name.slice(0, dot), ending: name.slice(dot) }
}
