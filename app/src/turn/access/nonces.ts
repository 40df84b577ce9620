import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@p2pigeon/core/node'

const timeBytes = 4
const tagBytes = 8

/**
 * Nonces that are remembered by nobody: the second in which it was made and a tag over that second and the client's
 * 5-tuple, under a key of this process. Good for one client and one span of time; short, as it travels to strangers.
 */
export class Nonces {
  readonly #key = randomBytes(32)
  readonly #clock: Clock
  readonly #lifetimeMs: number

  constructor(clock: Clock, lifetimeMs: number) {
    this.#clock = clock
    this.#lifetimeMs = lifetimeMs
  }

  issue(client: string): string {
    return this.#at(Math.floor(this.#clock.now() / 1_000), client).toString('base64url')
  }

  /** True if this process made it for `client` not longer ago than its lifetime. */
  isFresh(nonce: string, client: string): boolean {
    const bytes = Buffer.from(nonce, 'base64url')
    if (bytes.length !== timeBytes + tagBytes || bytes.toString('base64url') !== nonce) return false
    const madeAt = bytes.readUInt32BE(0)
    const ageMs = this.#clock.now() - madeAt * 1_000
    return timingSafeEqual(bytes, this.#at(madeAt, client)) && ageMs >= 0 && ageMs <= this.#lifetimeMs
  }

  #at(second: number, client: string): Buffer {
    const time = Buffer.alloc(timeBytes)
    time.writeUInt32BE(second % 2 ** 32)
    const tag = createHmac('sha256', this.#key).update(time).update(client).digest().subarray(0, tagBytes)
    return Buffer.concat([time, tag])
  }
}
