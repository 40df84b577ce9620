import { CodecError } from '../errors/index.ts'
import { fromUtf8 } from './utf8.ts'

/** Two lower-case digits a byte. One piece of text: joined out of digits it would take twenty times the memory for as long as it lives. */
export function toHex(bytes: Uint8Array): string {
  const digits = new Uint8Array(2 * bytes.length)
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    digits[2 * index] = digitOf(byte >> 4)
    digits[2 * index + 1] = digitOf(byte & 15)
  }
  return fromUtf8(digits)
}

/** The code of one digit. */
function digitOf(value: number): number {
  return value < 10 ? 48 + value : 87 + value
}

/**
 * Reads an even number of hexadecimal digits of either case, nothing else.
 * @throws {CodecError} `bad-hex`
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new CodecError('bad-hex', 'not an even number of hexadecimal digits')
  }
  const bytes = new Uint8Array(text.length / 2)
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16)
  }
  return bytes
}
