/**
 * The length to which `length` bytes are padded (PADMÉ: Nikitin et al., “Reducing Metadata Leakage from Encrypted Files and Communication with
 * PURBs”, PETS 2019, section 4): a floating-point number whose mantissa is no longer than its exponent. It adds at most 12 %, and leaves
 * O(log log) bits of the length to be seen. At least 1.
 */
export function padme(length: number): number {
  if (length < 2) return 1
  const exponent = exponentOf(length)
  const unit = 2 ** Math.max(0, exponent - (exponentOf(exponent) + 1))
  return Math.ceil(length / unit) * unit
}

/** Whole part of log2, exact below 2^53. */
function exponentOf(value: number): number {
  let exponent = 0
  for (let left = value; left >= 2; left /= 2) exponent++
  return exponent
}
