import { InternalError } from '../../errors/index.ts'
import type { Random } from '../ports.ts'

/** `crypto.getRandomValues` fills no more at once. */
const maxFillBytes = 65_536
/** Enough that one byte throughout, or twice the same, happens to no sound source in the life of the universe. */
const sampleBytes = 32
/** A draw this long is looked at as well: 16 zero bytes cannot happen by chance. */
const judgedBytes = 16

/** The platform's CSPRNG, tested before its first draw; see `selfTested`. */
export const webRandom: Random = selfTested((target) => {
  crypto.getRandomValues(target)
})

/**
 * Random bytes out of `fill`, which is tested when the first of them are asked for: two samples must differ, and neither may be one
 * byte throughout. A source that fails, then or later, or that ever throws, counts as broken from then on: every draw throws, and there
 * is no other source to fall back to.
 */
export function selfTested(fill: (target: Uint8Array<ArrayBuffer>) => void): Random {
  let state: 'untested' | 'sound' | 'broken' = 'untested'

  const draw = (length: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(length)
    try {
      for (let start = 0; start < length; start += maxFillBytes) fill(bytes.subarray(start, start + maxFillBytes))
    } catch (cause) {
      throw broken(cause)
    }
    if (length >= judgedBytes && bytes.every((byte) => byte === 0)) throw broken()
    return bytes
  }
  const broken = (cause?: unknown): InternalError => {
    state = 'broken'
    return new InternalError('random-source-broken', 'the random source does not give random bytes', { cause })
  }
  const test = (): void => {
    const [first, second] = [draw(sampleBytes), draw(sampleBytes)]
    const isConstant = [first, second].some((sample) => new Set(sample).size === 1)
    if (isConstant || first.every((byte, index) => byte === second[index])) throw broken()
    state = 'sound'
  }

  return {
    bytes(length) {
      if (state === 'untested') test()
      if (state === 'broken') throw broken()
      return draw(length)
    },
  }
}
