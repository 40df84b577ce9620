import { CodecError } from '../errors/index.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const valueOf: ReadonlyMap<string, number> = new Map([...alphabet].map((letter, value) => [letter, value]))

/** RFC 4648 section 5, without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff
    bits += 8
    while (bits >= 6) {
      bits -= 6
      text += alphabet.charAt((buffer >> bits) & 63)
    }
  }
  if (bits > 0) text += alphabet.charAt((buffer << (6 - bits)) & 63)
  return text
}

/**
 * Reads what `toBase64url` writes and nothing else: no padding, no whitespace, no standard-alphabet letters, and no set
 * bits after the last byte, so that a byte string has exactly one text form.
 * @throws {CodecError} `bad-base64url`
 */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 === 1) throw malformed()
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let buffer = 0
  let bits = 0
  let length = 0
  for (let index = 0; index < text.length; index++) {
    const value = valueOf.get(text.charAt(index))
    if (value === undefined) throw malformed()
    buffer = ((buffer << 6) | value) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = (buffer >> bits) & 0xff
    }
  }
  if ((buffer & ((1 << bits) - 1)) !== 0) throw malformed()
  return bytes
}

function malformed(): CodecError {
  return new CodecError('bad-base64url', 'not canonical base64url without padding')
}
