import { type IpAddress, parseIpAddress } from './ip-address.ts'

/**
 * What an address gives away, or where it leads. `eui64` wins over every other IPv6 class, since it holds the hardware
 * address of the interface. `documentation` belongs to nobody; labs use it as if it were public.
 */
export type AddressClass =
  | 'public'
  | 'documentation'
  | 'private'
  | 'cgnat'
  | 'ula'
  | 'link-local'
  | 'loopback'
  | 'unspecified'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'eui64'

type Range = readonly [prefix: readonly number[], bits: number, is: AddressClass]

/** IANA IPv4 special-purpose registry (RFC 6890 and later); the first match counts. */
const v4Ranges: readonly Range[] = [
  [[0, 0, 0, 0], 32, 'unspecified'],
  [[0], 8, 'reserved'],
  [[10], 8, 'private'],
  [[100, 64], 10, 'cgnat'],
  [[127], 8, 'loopback'],
  [[169, 254], 16, 'link-local'],
  [[172, 16], 12, 'private'],
  [[192, 0, 0], 24, 'reserved'],
  [[192, 0, 2], 24, 'documentation'],
  [[192, 88, 99], 24, 'reserved'],
  [[192, 168], 16, 'private'],
  [[198, 18], 15, 'reserved'],
  [[198, 51, 100], 24, 'documentation'],
  [[203, 0, 113], 24, 'documentation'],
  [[224], 4, 'multicast'],
  [[255, 255, 255, 255], 32, 'broadcast'],
  [[240], 4, 'reserved'],
]

/** IANA IPv6 special-purpose registry; the first match counts, and only 2000::/3 is routed at all. */
const v6Ranges: readonly Range[] = [
  [[0xfc], 7, 'ula'],
  [[0xfe, 0x80], 10, 'link-local'],
  [[0xff], 8, 'multicast'],
  [[0x20, 0x01, 0x0d, 0xb8], 32, 'documentation'],
  [[0x3f, 0xff, 0x00], 20, 'documentation'],
  [[0x20, 0x01, 0x00], 23, 'reserved'],
  [[0x20], 3, 'public'],
]

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/** Prefixes whose addresses carry an IPv4 address: where it stands, and whether its bits are inverted. */
const embeddings: readonly (readonly [prefix: readonly number[], bits: number, at: number, inverted: boolean])[] = [
  // IPv4-mapped, RFC 4291 section 2.5.5.2
  [mappedPrefix, 96, 12, false],
  // NAT64, RFC 6052; the local-use prefix 64:ff9b:1::/48 (RFC 8215) is never routed and stays reserved
  [[0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96, 12, false],
  // Teredo, RFC 4380 section 4
  [[0x20, 0x01, 0, 0], 32, 12, true],
  // 6to4, RFC 3056
  [[0x20, 0x02], 16, 2, false],
]

/** The class of an address. Where it carries an IPv4 address, the worse of both. */
export function classOf({ family, bytes }: IpAddress): AddressClass {
  return family === 4 ? firstMatch(v4Ranges, bytes) : v6Class(bytes)
}

/** The class of an address in text form; undefined for what is no address. */
export function classifyAddress(text: string): AddressClass | undefined {
  const address = parseIpAddress(text)
  return address === undefined ? undefined : classOf(address)
}

function v6Class(bytes: Uint8Array): AddressClass {
  if (bytes.subarray(0, 15).every((byte) => byte === 0)) {
    if (bytes[15] === 0) return 'unspecified'
    if (bytes[15] === 1) return 'loopback'
  }
  const embedding = embeddings.find(([prefix, bits]) => startsWith(bytes, prefix, bits))
  if (embedding !== undefined) {
    const [prefix, , at, inverted] = embedding
    const embedded = firstMatch(
      v4Ranges,
      bytes.subarray(at, at + 4).map((byte) => (inverted ? byte ^ 0xff : byte)),
    )
    // no candidate is written this way (RFC 8445 section 5.1.1.1), so it is never one to use
    if (prefix === mappedPrefix && embedded === 'public') return 'reserved'
    // of these prefixes, only 6to4 has an interface identifier
    return embedded === 'public' && at === 2 && isHardware(bytes) ? 'eui64' : embedded
  }
  if (isHardware(bytes) && bytes[0] !== 0xff) return 'eui64'
  // ISATAP (RFC 5214) writes the IPv4 address of the interface behind 0:5efe
  if ((bytes[8] ?? 0) <= 2 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe) {
    const embedded = firstMatch(v4Ranges, bytes.subarray(12))
    if (embedded !== 'public') return embedded
  }
  return firstMatch(v6Ranges, bytes, 'reserved')
}

/** A modified EUI-64 made from a MAC address has ff:fe in its middle (RFC 4291 appendix A). */
function isHardware(bytes: Uint8Array): boolean {
  return bytes[11] === 0xff && bytes[12] === 0xfe
}

function firstMatch(ranges: readonly Range[], bytes: Uint8Array, otherwise: AddressClass = 'public'): AddressClass {
  return ranges.find(([prefix, bits]) => startsWith(bytes, prefix, bits))?.[2] ?? otherwise
}

function startsWith(bytes: Uint8Array, prefix: readonly number[], bits: number): boolean {
  return prefix.every((want, index) => {
    const mask = 0xff & (0xff00 >> Math.min(8, bits - 8 * index))
    return ((bytes[index] ?? 0) & mask) === (want & mask)
  })
}
