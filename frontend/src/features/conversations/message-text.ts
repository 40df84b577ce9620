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
const address = /https:\/\/[^\s<>"'`]+/giu
const trailing = /[.,:;!?)\]}'"*_…]+$/u
/** A message of nothing but addresses must not become thousands of elements. */
const maxLinks = 50

/** The text without characters that deceive the eye. */
export function cleanText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(deceptive, (found) => (found === '\n' || found === '\t' ? found : ''))
}

/** The same in one line, for lists and quotes. */
export function oneLine(text: string): string {
  return cleanText(text.slice(0, 300)).replace(/\s+/gu, ' ').trim()
}

/** Cuts a message into words and https addresses. Nothing is fetched; a link is followed only by a click. */
export function piecesOf(message: string): readonly TextPiece[] {
  const clean = cleanText(message)
  const pieces: TextPiece[] = []
  let at = 0
  let links = 0
  for (const match of clean.matchAll(address)) {
    if (links === maxLinks) break
    const shown = match[0].replace(trailing, '')
    const href = safeHref(shown)
    if (href === undefined) continue
    if (match.index > at) pieces.push({ kind: 'text', text: clean.slice(at, match.index) })
    // An address in foreign letters shows as the browser will open it.
    pieces.push({ kind: 'link', text: /^[\x21-\x7e]*$/.test(shown) ? shown : href, href })
    at = match.index + shown.length
    links++
  }
  if (at < clean.length) pieces.push({ kind: 'text', text: clean.slice(at) })
  return pieces
}

/** `https://bank.example@evil.example` shows one host and opens another: an address with a user name is no link. */
function safeHref(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, username, password, hostname, href } = new URL(text)
  return protocol === 'https:' && username === '' && password === '' && hostname !== '' ? href : undefined
}
