import { toHex } from '../bytes/index.ts'
import { LimitError } from '../errors/index.ts'
import type { Random } from '../runtime/index.ts'
import type { Names } from './write-description.ts'

/** Streams, tracks and CNAMEs of one session, over all its descriptions. */
const maxNames = 1_024
const idBytes = 16

/**
 * Random names in place of the device's own: the same for the same original as long as this object lives, so that a
 * renegotiation keeps its tracks. Its own names stay as they are.
 * @throws {LimitError} `too-many-names`
 */
export class FreshNames implements Names {
  readonly #random: Random
  readonly #sessionId: string
  readonly #names = new Map<string, string>()

  constructor(random: Random) {
    this.#random = random
    // RFC 9429 section 5.2.1: 64 bits, the first of them zero
    this.#sessionId = (BigInt(`0x${toHex(random.bytes(8))}`) >> 1n).toString()
  }

  sessionId(): string {
    return this.#sessionId
  }

  stream(original: string): string {
    return this.#name('stream', original)
  }

  track(original: string): string {
    return this.#name('track', original)
  }

  cname(original: string): string {
    return this.#name('cname', original)
  }

  #name(kind: string, original: string): string {
    const known = this.#names.get(`${kind} ${original}`)
    if (known !== undefined) return known
    if (this.#names.size >= 2 * maxNames) throw new LimitError('too-many-names', 'more tracks than one session has')
    const fresh = toHex(this.#random.bytes(idBytes))
    this.#names.set(`${kind} ${original}`, fresh).set(`${kind} ${fresh}`, fresh)
    return fresh
  }
}
