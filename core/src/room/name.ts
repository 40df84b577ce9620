/** Longest name, in characters. */
export const maxNameLength = 64
/** UTF-8 bytes that 64 characters can take, and what a peer may send. */
export const maxNameBytes = 256
const fallback = 'Guest'

/** Controls, line breaks, bidi overrides and zero-width characters: a name must not imitate another or the page around it. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu

/** A name that is safe to show: never empty, one line, at most `maxNameLength` characters. */
export function cleanName(name: string): string {
  const visible = name.replace(invisible, '').replace(/\s+/gu, ' ').trim()
  const short = [...visible].slice(0, maxNameLength).join('').trim()
  return short === '' ? fallback : short
}
