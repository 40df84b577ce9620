import { toHex } from '../bytes/index.ts'

/** The y-coordinates of the eight points whose order divides 8: 0, 1, -1 and the two of order 8, little endian. */
const smallOrderY: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/**
 * True if 32 bytes encode an edwards25519 point of small order, or a y-coordinate of 2^255 - 19 or more
 * (RFC 8032 section 5.1.3). Points are public, so time may depend on them.
 */
export function isSmallOrderOrNonCanonical(point: Uint8Array): boolean {
  const y = new Uint8Array(point)
  y[31] = (y[31] ?? 0) & 0x7f
  return isFieldOverflow(y) || smallOrderY.has(toHex(y))
}

function isFieldOverflow(y: Uint8Array): boolean {
  return (y[0] ?? 0) >= 0xed && y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff)
}
