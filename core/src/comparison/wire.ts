import { fromHex, toHex } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import type { Reveal } from './round.ts'

/*
 * Messages of a comparison are
 *
 *   1 u8 | round 32 | attempt u32 | commitment 32
 *   2 u8 | round 32 | attempt u32 | nonce 32 | count u8 | (key 32 | fingerprint 32) * count, keys ascending
 */

/** Others that one member can speak of: more than a room of this version holds. */
const maxClaims = 63

const tag = { commit: 1, reveal: 2 } as const
const bytes = 32

/** Which attempt at which round a message belongs to. */
export interface Occasion {
  readonly round: Uint8Array<ArrayBuffer>
  readonly attempt: number
}

export type ComparisonMessage =
  | (Occasion & { readonly kind: 'commit'; readonly commitment: Uint8Array<ArrayBuffer> })
  | (Occasion & { readonly kind: 'reveal'; readonly reveal: Reveal })

export function encodeMessage(message: ComparisonMessage): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(tag[message.kind]).fixed(message.round).u32(message.attempt)
  if (message.kind === 'commit') return writer.fixed(message.commitment).finish()
  const { nonce, claims } = message.reveal
  writer.fixed(nonce).u8(claims.size)
  for (const [key, fingerprint] of [...claims].sort(([a], [b]) => (a < b ? -1 : 1))) {
    writer.fixed(fromHex(key)).fixed(fingerprint)
  }
  return writer.finish()
}

/** @throws {CodecError} on anything that `encodeMessage` does not produce. */
export function decodeMessage(encoded: Uint8Array): ComparisonMessage {
  const reader = new Reader(encoded)
  const kind = reader.u8()
  const occasion = { round: reader.fixed(bytes), attempt: reader.u32() }
  switch (kind) {
    case tag.commit: {
      const commitment = reader.fixed(bytes)
      reader.end()
      return { kind: 'commit', ...occasion, commitment }
    }
    case tag.reveal: {
      const nonce = reader.fixed(bytes)
      const claims = readClaims(reader)
      reader.end()
      return { kind: 'reveal', ...occasion, reveal: { nonce, claims } }
    }
    default:
      throw new CodecError('bad-value', 'unknown message of a comparison')
  }
}

function readClaims(reader: Reader): Map<string, Uint8Array<ArrayBuffer>> {
  const count = reader.u8()
  if (count > maxClaims) throw new CodecError('too-long', 'list longer than its limit')
  const claims = new Map<string, Uint8Array<ArrayBuffer>>()
  let before = ''
  for (let index = 0; index < count; index++) {
    const key = toHex(reader.fixed(bytes))
    if (key <= before) throw new CodecError('bad-value', 'a list is not sorted')
    before = key
    claims.set(key, reader.fixed(bytes))
  }
  return claims
}
