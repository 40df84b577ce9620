import { CodecError } from '../errors/index.ts'

const encoder = new TextEncoder()
// A byte order mark is content like any other: dropping it would give two byte strings the same text.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The UTF-8 form. Half a surrogate pair has none and becomes U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** Writes the same form at the start of `target` and says how many bytes it took; undefined if it does not fit. */
export function utf8Into(text: string, target: Uint8Array): number | undefined {
  const { read, written } = encoder.encodeInto(text, target)
  return read === text.length ? written : undefined
}

/**
 * Reads well-formed UTF-8, nothing else.
 * @throws {CodecError} `bad-utf8`
 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new CodecError('bad-utf8', 'not well-formed UTF-8')
  }
}
