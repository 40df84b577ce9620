import { CodecError } from '../errors/index.ts'

/** A description of eight media sections stays near 12 KiB; more is none of ours. In UTF-16 units. */
export const maxDescriptionLength = 32_768
/** More than one section for each of a room's tracks in both directions. */
export const maxMediaSections = 64
/** The longest line of a browser, `fmtp`, stays under 300 characters. */
const maxLineLength = 2_048

export interface Attribute {
  readonly name: string
  /** Undefined for a flag. */
  readonly value: string | undefined
}

/** One `m=` line with what stands below it, or the session before the first of them. */
export interface Block {
  /** The lines that are no attributes, by type, in order: `m`, `c`, `o`, … */
  readonly fields: readonly (readonly [type: string, value: string])[]
  readonly attributes: readonly Attribute[]
}

/**
 * Cuts a description (RFC 8866) into its blocks, the session first. Lines end in CRLF or LF, all alike or not, and empty ones
 * say nothing. A lone CR, any other control character, a folded line or one without a type is refused: two readers might
 * see two different descriptions. Takes time linear in the length, which is bounded.
 * @throws {CodecError} `too-long`, `bad-description`
 */
export function cutDescription(sdp: string): readonly [session: Block, ...media: Block[]] {
  if (sdp.length > maxDescriptionLength) throw tooLong()
  const lines = sdp.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (lines[0] !== 'v=0') throw badDescription()
  const session = { fields: [] as [string, string][], attributes: [] as Attribute[] }
  const media: (typeof session)[] = []
  for (const line of lines) {
    if (line.length > maxLineLength) throw tooLong()
    if (line === '') continue
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    if (!/^[a-z]=[^\x00-\x1f\x7f]*$/.test(line)) throw badDescription()
    const [type, value] = [line.charAt(0), line.slice(2)]
    if (type === 'm') media.push({ fields: [], attributes: [] })
    if (media.length > maxMediaSections) throw tooLong()
    const block = media.at(-1) ?? session
    if (type === 'a') block.attributes.push(readAttribute(value))
    else block.fields.push([type, value])
  }
  return [session, ...media]
}

function readAttribute(text: string): Attribute {
  const colon = text.indexOf(':')
  return colon < 0 ? { name: text, value: undefined } : { name: text.slice(0, colon), value: text.slice(colon + 1) }
}

export function badDescription(): CodecError {
  return new CodecError('bad-description', 'the session description cannot be read')
}

export function insecureDescription(): CodecError {
  return new CodecError('insecure-description', 'the session description does not protect what it describes')
}

function tooLong(): CodecError {
  return new CodecError('too-long', 'the session description is longer than any of ours')
}
