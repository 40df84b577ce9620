import { visibleText } from '../codec/index.ts'

/** Longest name, in characters. */
export const maxNameLength = 64
/** UTF-8 bytes that 64 characters can take, and what a peer may send. */
export const maxNameBytes = 256
const fallback = 'Guest'

/** A name that is safe to show: never empty, one line, at most `maxNameLength` characters. */
export function cleanName(name: string): string {
  const short = visibleText(name, maxNameLength)
  return short === '' ? fallback : short
}
