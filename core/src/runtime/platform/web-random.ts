import { InternalError } from '../../errors/index.ts'
import type { Random } from '../ports.ts'

/** The platform's CSPRNG. A draw of 16 or more zero bytes cannot happen by chance: it is treated as a broken source. */
export const webRandom: Random = {
  bytes(length) {
    const bytes = crypto.getRandomValues(new Uint8Array(length))
    if (length >= 16 && bytes.every((byte) => byte === 0)) {
      throw new InternalError('random-source-broken', 'the random source returned only zeros')
    }
    return bytes
  },
}
