import type { IdentityId } from '../identity/index.ts'
import type { Clock } from '../runtime/index.ts'
import { contactRate, maxRatedIdentities, strangerRate, strangersRate } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

type Standing = 'ring' | 'request'

/** How often callers are heard: each by itself, and all strangers together. */
export class RequestLimits {
  readonly #clock: Clock
  readonly #strangers: TokenBucket
  /** The one heard of last at the end. */
  readonly #identities = new Map<string, TokenBucket>()

  constructor(clock: Clock) {
    this.#clock = clock
    this.#strangers = new TokenBucket(clock, strangersRate)
  }

  /** True if `take` would succeed now. Counts nothing. */
  admits(id: IdentityId, standing: Standing): boolean {
    if (standing === 'request' && !this.#strangers.open) return false
    return this.#identities.get(keyOf(id, standing))?.open ?? true
  }

  /** Counts one call of this identity; false, and nothing counted, if it must not be heard. */
  take(id: IdentityId, standing: Standing): boolean {
    if (!this.admits(id, standing)) return false
    if (standing === 'request') this.#strangers.take()
    return this.#bucketOf(keyOf(id, standing), standing).take()
  }

  #bucketOf(key: string, standing: Standing): TokenBucket {
    const bucket = this.#identities.get(key) ?? new TokenBucket(this.#clock, rates[standing])
    this.#identities.delete(key)
    this.#identities.set(key, bucket)
    if (this.#identities.size > maxRatedIdentities) {
      for (const oldest of this.#identities.keys()) {
        this.#identities.delete(oldest)
        break
      }
    }
    return bucket
  }
}

const rates = { ring: contactRate, request: strangerRate } as const

/** A stranger who becomes a contact starts anew. */
function keyOf(id: IdentityId, standing: Standing): string {
  return `${standing} ${id}`
}
