import { sha256 } from '@noble/hashes/sha2.js'
import { concat, equal, fromHex, toHex, utf8 } from '../bytes/index.ts'
import { Writer } from '../codec/index.ts'

/** A member as the round sees it: its key in the room, and the digest of the identity it shows, if it shows one. */
export interface RoundMember {
  readonly key: Uint8Array
  readonly identity: Uint8Array | undefined
}

/** What a member says of the DTLS certificate that it uses towards another one: SHA-256 fingerprints, by the other's key in hex. */
export type Claims = ReadonlyMap<string, Uint8Array>

/** What a member reveals, once everybody has committed. */
export interface Reveal {
  readonly nonce: Uint8Array
  readonly claims: Claims
}

/** Symbols in a code, and how many there are of them: 42 bits. */
const codeLength = 7
const symbolCount = 64

const noIdentity = new Uint8Array(32)

/** Names what is being compared: members, identities shown, epoch, log. Who sees another one of these gets another round. */
export function roundOf(members: readonly RoundMember[], epoch: number, logHead: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new Writer().fixed(utf8('p2pigeon/v1/comparison-round')).u32(epoch).fixed(logHead).u8(members.length)
  for (const { key, identity } of members.toSorted((a, b) => (toHex(a.key) < toHex(b.key) ? -1 : 1))) {
    writer.fixed(key).fixed(identity ?? noIdentity)
  }
  return hash(writer.finish())
}

/** Names one attempt at a round: whatever is committed to or shown belongs to no other one. */
export function attemptOf(round: Uint8Array, attempt: number): Uint8Array<ArrayBuffer> {
  return hash(new Writer().fixed(utf8('p2pigeon/v1/comparison-attempt')).fixed(round).u32(attempt).finish())
}

/** SHA-256 over the attempt and everything that will be revealed in it. */
export function commitmentTo(attemptId: Uint8Array, { nonce, claims }: Reveal): Uint8Array<ArrayBuffer> {
  return hash(concat(utf8('p2pigeon/v1/comparison-commit'), attemptId, nonce, claimBytes(claims)))
}

/** The code of everybody: members by key, each with what it revealed. */
export function roomCode(attemptId: Uint8Array, reveals: ReadonlyMap<string, Reveal>): readonly number[] {
  return codeOf('p2pigeon/v1/comparison-room', attemptId, reveals)
}

/** The code of two members, over what these two revealed and the certificates between them alone. */
export function pairCode(
  attemptId: Uint8Array,
  a: readonly [string, Reveal],
  b: readonly [string, Reveal],
): readonly number[] {
  const between = (reveal: Reveal, other: string): Reveal => ({
    nonce: reveal.nonce,
    claims: new Map([...reveal.claims].filter(([key]) => key === other)),
  })
  const reveals = new Map([
    [a[0], between(a[1], b[0])],
    [b[0], between(b[1], a[0])],
  ])
  return codeOf('p2pigeon/v1/comparison-pair', attemptId, reveals)
}

/** True if both name the same certificate. */
export function sameFingerprint(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && equal(a, b)
}

function codeOf(domain: string, attemptId: Uint8Array, reveals: ReadonlyMap<string, Reveal>): readonly number[] {
  const writer = new Writer().fixed(utf8(domain)).fixed(attemptId)
  for (const [key, { nonce, claims }] of sorted(reveals)) {
    writer.fixed(fromHex(key)).fixed(nonce).bytes16(claimBytes(claims))
  }
  const digest = hash(writer.finish())
  let bits = 0n
  for (const byte of digest.subarray(0, 6)) bits = (bits << 8n) | BigInt(byte)
  // 48 bits are there, the first 42 are used: six for each symbol.
  return Array.from({ length: codeLength }, (_, index) =>
    Number((bits >> BigInt(42 - 6 * index)) % BigInt(symbolCount)),
  )
}

/** Small inputs, and a driver without waits: the hash that the handshake uses, too, for the same reason. */
function hash(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(bytes))
}

function claimBytes(claims: Claims): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(claims.size)
  for (const [key, fingerprint] of sorted(claims)) writer.fixed(fromHex(key)).fixed(fingerprint)
  return writer.finish()
}

function sorted<Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
