/** An IPv4 or IPv6 address, read from text without any leniency. */
export interface IpAddress {
  readonly family: 4 | 6
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array
  /** The one canonical text: dotted decimal, or RFC 5952. */
  readonly text: string
}

const v4Pattern = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/
const groupPattern = /^[0-9a-f]{1,4}$/i
/** The longest text of an IPv6 address, with an embedded IPv4 one (RFC 4291 section 2.2). */
const maxTextLength = 45

/**
 * Reads an address as RFC 4291 and strict dotted decimal write it. Octal, hexadecimal and shortened IPv4 forms, leading
 * zeros, zone ids and brackets are no addresses here: what two programs could read differently is not read at all.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > maxTextLength) return undefined
  const v4 = v4Bytes(text)
  if (v4 !== undefined) return { family: 4, bytes: Uint8Array.from(v4), text: v4.join('.') }
  const groups = v6Groups(text)
  if (groups === undefined) return undefined
  return {
    family: 6,
    bytes: Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])),
    text: v6Text(groups),
  }
}

function v4Bytes(text: string): number[] | undefined {
  if (!v4Pattern.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes : undefined
}

function v6Groups(text: string): number[] | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = [halfGroups(halves[0] ?? '', halves.length === 1), halfGroups(halves[1] ?? '', true)]
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  return [...head, ...Array<number>(missing).fill(0), ...tail]
}

/** @param last whether an IPv4 address may end this half. */
function halfGroups(half: string, last: boolean): number[] | undefined {
  if (half === '') return []
  const parts = half.split(':')
  const v4 = last ? v4Bytes(parts.at(-1) ?? '') : undefined
  if (v4 !== undefined) parts.pop()
  if (!parts.every((part) => groupPattern.test(part))) return undefined
  const groups = parts.map((part) => Number.parseInt(part, 16))
  if (v4 !== undefined) for (const at of [0, 2]) groups.push(((v4[at] ?? 0) << 8) | (v4[at + 1] ?? 0))
  return groups
}

/** RFC 5952 section 4: lower case, the first longest run of two or more zero groups shortened. */
function v6Text(groups: readonly number[]): string {
  let start = -1
  let length = 1
  for (let from = 0; from < 8; from++) {
    let to = from
    while (to < 8 && groups[to] === 0) to++
    if (to - from > length) {
      start = from
      length = to - from
    }
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':')
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`
}
