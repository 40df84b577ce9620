/**
 * The length that `length` bytes are padded to by PADMÉ (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
 * section 4): it tells about as many bits of a length as the logarithm of its logarithm has, for at most 12 % more. Lengths below `minBytes` become that.
 */
export function padmeLength(length: number, minBytes = 256): number {
  if (length <= minBytes) return minBytes
  const step = stepOf(length)
  return Math.ceil(length / step) * step
}

/** The greatest length whose padded one is at most `most`; 0 where there is none. */
export function padmeRoom(most: number, minBytes = 256): number {
  if (most < minBytes) return 0
  const step = stepOf(most)
  return Math.floor(most / step) * step
}

/** Of the E bits after the first one of a length all but the first log2(E) + 1 become zero. */
function stepOf(length: number): number {
  if (length < 4) return 1
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  return 2 ** Math.max(0, exponent - kept)
}
