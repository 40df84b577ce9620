import { CodecError, UsageError } from '../errors/index.ts'

const lengthBytes = 4

/**
 * Hides how long `plaintext` is: a u32 length, the plaintext, then zeros up to a bucket. Buckets are multiples of
 * `minBytes` (256 by default) and of an eighth of the next power of two, so padding adds at most an eighth above 2 KiB.
 * The idea is NIP-44's; the length prefix stands outside the bucket there and here.
 *
 * The result has at most `maxBytes`: the last bucket is cut to fit a transport's limit.
 * @throws {UsageError} `too-long` if the plaintext and its prefix do not fit into `maxBytes`.
 */
export function pad(plaintext: Uint8Array, minBytes = 256, maxBytes = 0xffff_ffff): Uint8Array<ArrayBuffer> {
  const needed = lengthBytes + plaintext.length
  if (needed > maxBytes) throw new UsageError('too-long', 'plaintext does not fit into the largest padded size')
  const padded = new Uint8Array(Math.min(lengthBytes + bucketOf(plaintext.length, minBytes), maxBytes))
  new DataView(padded.buffer).setUint32(0, plaintext.length)
  padded.set(plaintext, lengthBytes)
  return padded
}

/**
 * The same with buckets that are whole multiples of `step` bytes, length prefix included: sizes that fill packets.
 * @param scratch memory that is used for the result instead of new one if it has just the right size.
 */
export function padToMultiple(
  plaintext: Uint8Array,
  step: number,
  scratch?: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const end = lengthBytes + plaintext.length
  const size = Math.ceil(end / step) * step
  const padded = scratch?.length === size ? scratch : new Uint8Array(size)
  new DataView(padded.buffer, padded.byteOffset).setUint32(0, plaintext.length)
  padded.set(plaintext, lengthBytes)
  padded.fill(0, end)
  return padded
}

/**
 * The plaintext inside of `padded`, not copied. Zeros are verified, so that padding carries no hidden channel; the size of the bucket
 * is the sender's choice.
 * @throws {CodecError} `bad-padding`, without saying what is wrong.
 */
export function unpad<Memory extends ArrayBufferLike>(padded: Uint8Array<Memory>): Uint8Array<Memory> {
  if (padded.length < lengthBytes) throw malformed()
  const end = lengthBytes + new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  if (end > padded.length) throw malformed()
  let rest = 0
  for (let index = end; index < padded.length; index++) rest |= padded[index] ?? 0
  if (rest !== 0) throw malformed()
  return padded.subarray(lengthBytes, end)
}

function bucketOf(length: number, minBytes: number): number {
  const step = Math.max(minBytes, 2 ** Math.ceil(Math.log2(Math.max(length, 1))) / 8)
  return Math.max(1, Math.ceil(length / step)) * step
}

function malformed(): CodecError {
  return new CodecError('bad-padding', 'padding does not hold')
}
