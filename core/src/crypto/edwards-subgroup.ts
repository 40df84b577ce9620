/** edwards25519 (RFC 8032 section 5.1): the field, the curve's d, the group order and a square root of -1. */
const p = 2n ** 255n - 19n
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
const order = 2n ** 252n + 27742317777372353535851937790883648493n
const sqrtMinusOne = power(2n, (p - 1n) / 4n)

/** Extended homogeneous coordinates (RFC 8032 section 5.1.4): x = X/Z, y = Y/Z, x·y = T/Z. */
interface Point {
  readonly X: bigint
  readonly Y: bigint
  readonly Z: bigint
  readonly T: bigint
}

const neutral: Point = { X: 0n, Y: 1n, Z: 1n, T: 0n }

/**
 * True if 32 bytes encode a point whose multiple by the group's prime order is neutral, so that no part of it has small
 * order. WebCrypto cannot answer this. Without it a mixed-order key passes one verification equation of RFC 8032
 * section 5.1.7 and fails the other, and two implementations may disagree on one signature.
 * Points are public, so time may depend on them. Costs about two milliseconds.
 */
export function isInPrimeSubgroup(encoded: Uint8Array): boolean {
  const point = decode(encoded)
  if (point === undefined) return false
  let multiple = neutral
  for (const bit of order.toString(2)) {
    multiple = add(multiple, multiple)
    if (bit === '1') multiple = add(multiple, point)
  }
  return multiple.X === 0n && multiple.Y === multiple.Z
}

/** RFC 8032 section 5.1.3, for a canonical y; undefined if no such point is on the curve. */
function decode(encoded: Uint8Array): Point | undefined {
  let wide = 0n
  for (const byte of encoded.toReversed()) wide = (wide << 8n) | BigInt(byte)
  const sign = wide >> 255n
  const y = wide & (2n ** 255n - 1n)
  const u = mod(y * y - 1n)
  const v = mod(d * y * y + 1n)
  const root = mod(u * v ** 3n * power(u * v ** 7n, (p - 5n) / 8n))
  const square = mod(v * root * root)
  if (square !== u && square !== mod(-u)) return undefined
  const x = square === u ? root : mod(root * sqrtMinusOne)
  if (x === 0n && sign === 1n) return undefined
  const signed = (x & 1n) === sign ? x : p - x
  return { X: signed, Y: y, Z: 1n, T: mod(signed * y) }
}

/** RFC 8032 section 5.1.4; complete, so it doubles as well. */
function add(a: Point, b: Point): Point {
  const A = mod((a.Y - a.X) * (b.Y - b.X))
  const B = mod((a.Y + a.X) * (b.Y + b.X))
  const C = mod(2n * d * a.T * b.T)
  const D = mod(2n * a.Z * b.Z)
  const E = B - A
  const F = D - C
  const G = D + C
  const H = B + A
  return { X: mod(E * F), Y: mod(G * H), Z: mod(F * G), T: mod(E * H) }
}

function mod(value: bigint): bigint {
  const rest = value % p
  return rest < 0n ? rest + p : rest
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = mod(result * result)
    if (bit === '1') result = mod(result * base)
  }
  return result
}
