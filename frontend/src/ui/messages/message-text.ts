/** A piece of a message: words, or an address to click on. */
export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string }

/**
 * Controls, bidi marks and overrides, and characters that show nothing: they could make a text look like another one.
 * Line breaks and tabs stay. Zero-width joiners stay too: emoji and several scripts need them.
 */
const deceptive =
  /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]|[\u{e0000}-\u{e0fff}]/gu
const keptControls = new Set(['\n', '\t'])

/** The text without characters that deceive the eye. */
export function cleanText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(deceptive, (found) => (keptControls.has(found) ? found : ''))
}

/** What begins a link. */
export type LinkedBy = 'https' | 'http or https'

const addresses: Readonly<Record<LinkedBy, RegExp>> = {
  https: /https:\/\/[^\s<>"'`]+/giu,
  'http or https': /https?:\/\/[^\s<>"'`]+/giu,
}
const trailing = /[.,:;!?)\]}'"*_…]+$/u
/** A message of nothing but addresses must not become thousands of elements. */
const maxLinks = 50

/** The same in one line, for lists and quotes. */
export function oneLine(text: string): string {
  return cleanText(text.slice(0, 300)).replace(/\s+/gu, ' ').trim()
}

/** Cuts a message, cleaned, into words and web addresses. Nothing is fetched; a link is followed only by a click. */
export function piecesOf(message: string, linkedBy: LinkedBy): readonly TextPiece[] {
  const clean = cleanText(message)
  const pieces: TextPiece[] = []
  let at = 0
  let links = 0
  for (const match of clean.matchAll(addresses[linkedBy])) {
    if (links === maxLinks) break
    const shown = match[0].replace(trailing, '')
    const href = safeHref(shown)
    if (href === undefined) continue
    if (match.index > at) pieces.push({ kind: 'text', text: clean.slice(at, match.index) })
    // An address in foreign letters shows as the browser will open it.
    pieces.push({ kind: 'link', text: isAscii(shown) ? shown : href, href })
    at = match.index + shown.length
    links++
  }
  if (at < clean.length) pieces.push({ kind: 'text', text: clean.slice(at) })
  return pieces
}

/** `https://bank.example@evil.example` shows one host and opens another: an address with a user name is no link. */
function safeHref(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const web = url.protocol === 'https:' || url.protocol === 'http:'
  return web && url.username === '' && url.password === '' && url.hostname !== '' ? url.href : undefined
}

function isAscii(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text)
}
