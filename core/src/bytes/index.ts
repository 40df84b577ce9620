/**
 * Purpose. Byte strings: joining, comparing, and their text forms (hex, base64url, UTF-8).
 * Promises. Every text form is canonical: one byte string, one text, and anything else is refused with a CodecError.
 * Does not. Know lengths, fields or meanings; `codec` does.
 * May import. errors.
 */
export { concat, equal, unshared } from './bytes.ts'
export { fromHex, toHex } from './hex.ts'
export { fromBase64url, toBase64url } from './base64url.ts'
export { fromUtf8, utf8, utf8Into } from './utf8.ts'
