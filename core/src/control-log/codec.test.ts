import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromBase64url, toHex } from '../bytes/index.ts'
import { Writer } from '../codec/index.ts'
import { CodecError } from '../errors/index.ts'
import { peerIdOf } from '../identity/index.ts'
import { commitment, host, peer, roomId, root } from '../testing/log-fixture.ts'
import { compareCuts, decodeEntry, encodeBody, listed } from './codec.ts'
import { entryModes, type Commitment, type EntryBody, type EntryHash, type Operation } from './entry.ts'
import { maxCuts, maxEntryBytes, maxListedMembers, maxParents } from './limits.ts'

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes))
const anybody = key.map(peerIdOf)
const hash = key.map((bytes) => toHex(bytes) as EntryHash)
const secretName = key.map((bytes) => toHex(bytes) as Commitment)
const digest = key.map(toHex)
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const members = fc.array(anybody, { maxLength: maxListedMembers }).map(listed)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('entry' as const), mode: fc.constantFrom(...entryModes), members }),
  fc.record({
    kind: fc.constant('admit' as const),
    peer: anybody,
    invite: fc.option(secretName, { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('mute' as const), peer: anybody, muted: fc.boolean() }),
  fc.record({ kind: fc.constant('cohost' as const), peer: anybody, on: fc.boolean() }),
  fc.record({
    kind: fc.constant('rekey' as const),
    commitment: secretName,
    members,
    removed: fc.option(fc.record({ peer: anybody, ban: fc.boolean() }), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('invite' as const),
    invite: secretName,
    maxUses: fc.integer({ min: 1, max: 255 }),
    expiresAtMs: time,
  }),
  fc.record({ kind: fc.constant('revoke-invite' as const), invite: secretName }),
  fc.constant({ kind: 'end' as const }),
  fc.record({
    kind: fc.constant('files' as const),
    peer: anybody,
    right: fc.constantFrom('editor' as const, 'reader' as const),
    cuts: fc
      .uniqueArray(
        fc.record({ drive: some(digest), batches: fc.integer({ min: 1, max: 0xffff_ffff }), head: digest }),
        {
          comparator: (a, b) => compareCuts(a, b) === 0,
          maxLength: maxCuts,
        },
      )
      .map((cuts) => cuts.sort(compareCuts)),
  }),
)

/** Often the same one. */
function some(values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(fc.constant('5'.repeat(64)), values)
}

const body: fc.Arbitrary<EntryBody> = fc.record({
  author: anybody,
  seq: fc.integer({ min: 1, max: 0xffff_ffff }),
  previous: hash,
  parents: fc.array(hash, { maxLength: maxParents }).map((hashes) => [...new Set(hashes)].sort()),
  lamport: fc.nat(0xffff_ffff),
  timeMs: time,
  operation,
})

const signature = new Uint8Array(64).fill(5)
const plain: EntryBody = {
  author: host,
  seq: 1,
  previous: root,
  parents: [],
  lamport: 1,
  timeMs: 0,
  operation: { kind: 'end' },
}

function bytesOf(value: EntryBody): Uint8Array<ArrayBuffer> {
  return concat(encodeBody(roomId, value), signature)
}

/** An entry of which only the operation is put together by hand. */
function withOperation(write: (writer: Writer) => Writer): Uint8Array<ArrayBuffer> {
  return concat(encodeBody(roomId, plain).slice(0, -1), write(new Writer()).finish(), signature)
}

/** An entry with these parents, in this order. */
function withParents(parents: readonly string[]): Uint8Array<ArrayBuffer> {
  return bytesOf({ ...plain, parents: parents as EntryHash[] })
}

function refusal(bytes: Uint8Array, room = roomId): string {
  try {
    decodeEntry(room, bytes)
  } catch (error) {
    if (error instanceof CodecError) return error.code
    throw error
  }
  return 'read'
}

function cut(writer: Writer, drive: Uint8Array, batches = 1): Writer {
  return writer.fixed(drive).u32(batches).fixed(new Uint8Array(32))
}

const [low, high] = [fromBase64url(peer(1)), fromBase64url(peer(2))]

describe('an entry in bytes', () => {
  it('reads as it was written, every operation', () => {
    fc.assert(
      fc.property(body, (value) => {
        const read = decodeEntry(roomId, bytesOf(value))
        expect(read.body).toEqual(value)
        expect(read.signedBytes).toEqual(encodeBody(roomId, value))
        expect(read.signature).toEqual(signature)
      }),
      { numRuns: 500 },
    )
  })

  it('has one form: what is read is written the same, whatever bytes are changed', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, mask) => {
        const bytes = bytesOf(value)
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask
        if (refusal(bytes) !== 'read') return
        const read = decodeEntry(roomId, bytes)
        expect(concat(encodeBody(roomId, read.body), read.signature)).toEqual(bytes)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is not read with anything missing at its end, or added', () => {
    fc.assert(
      fc.property(body, (value) => {
        const bytes = bytesOf(value)
        expect(refusal(bytes.subarray(0, -1))).toBe('truncated')
        expect(refusal(concat(bytes, new Uint8Array(1)))).toBe('trailing')
      }),
    )
    for (let length = 0; length < bytesOf(plain).length; length++) {
      expect(refusal(bytesOf(plain).subarray(0, length))).toBe('truncated')
    }
  })

  it('is never anything but read or refused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (garbage) => void refusal(garbage)))
  })

  it.each<[string, Uint8Array, string]>([
    ['a later version', concat(new Uint8Array([2]), bytesOf(plain).slice(1)), 'bad-value'],
    ['number 0', bytesOf({ ...plain, seq: 0 }), 'bad-value'],
    ['no known operation', withOperation((w) => w.u8(10)), 'bad-value'],
    ['an unknown right to files', withOperation((w) => w.u8(9).fixed(low).u8(2).u8(0)), 'bad-value'],
    ['a cut before the first batch', withOperation((w) => cut(w.u8(9).fixed(low).u8(1).u8(1), low, 0)), 'bad-value'],
    ['a cut twice', withOperation((w) => cut(cut(w.u8(9).fixed(low).u8(1).u8(2), low), low)), 'bad-value'],
    ['a longer cut first', withOperation((w) => cut(cut(w.u8(9).fixed(low).u8(1).u8(2), low, 2), low, 1)), 'bad-value'],
    ['cuts out of order', withOperation((w) => cut(cut(w.u8(9).fixed(low).u8(1).u8(2), high), low)), 'bad-value'],
    [
      'more cuts than drives',
      withOperation((w) =>
        w
          .u8(9)
          .fixed(low)
          .u8(1)
          .u8(maxCuts + 1),
      ),
      'too-long',
    ],
    ['operation 0', withOperation((w) => w.u8(0)), 'bad-value'],
    ['an unknown entry mode', withOperation((w) => w.u8(1).u8(3).u8(0)), 'bad-value'],
    ['members out of order', withOperation((w) => w.u8(1).u8(0).u8(2).fixed(high).fixed(low)), 'bad-value'],
    ['a member twice', withOperation((w) => w.u8(1).u8(0).u8(2).fixed(low).fixed(low)), 'bad-value'],
    [
      'more members than any room has',
      withOperation((w) =>
        w
          .u8(1)
          .u8(0)
          .u8(maxListedMembers + 1),
      ),
      'too-long',
    ],
    ['a flag that is neither', withOperation((w) => w.u8(3).fixed(low).u8(2)), 'bad-value'],
    ['an unknown kind of removal', withOperation((w) => w.u8(5).fixed(low).u8(0).u8(3).fixed(low)), 'bad-value'],
    [
      'the secret for whom it removes',
      withOperation((w) => w.u8(5).fixed(low).u8(1).fixed(low).u8(1).fixed(low)),
      'bad-value',
    ],
    ['an invite for nobody', withOperation((w) => w.u8(6).fixed(low).u8(0).u64(0)), 'bad-value'],
    [
      'a time above 2^53',
      withOperation((w) =>
        w
          .u8(6)
          .fixed(low)
          .u8(1)
          .u64(2n ** 53n),
      ),
      'bad-value',
    ],
    ['parents out of order', withParents(['2'.repeat(64), '1'.repeat(64)]), 'bad-value'],
    ['a parent twice', withParents(['1'.repeat(64), '1'.repeat(64)]), 'bad-value'],
    [
      'too many parents',
      withParents(Array.from({ length: maxParents + 1 }, (_, n) => n.toString(16).padStart(64, '0'))),
      'too-long',
    ],
  ])('is refused with %s', (_, bytes, code) => {
    expect(refusal(bytes)).toBe(code)
  })

  it('is refused in another room', () => {
    expect(refusal(bytesOf(plain), new Uint8Array(16).fill(8))).toBe('bad-value')
  })

  it('E13 an entry above 8 KiB is refused before anything of it is read', () => {
    expect(refusal(new Uint8Array(maxEntryBytes + 1))).toBe('too-long')
    expect(refusal(new Uint8Array(maxEntryBytes))).toBe('bad-value')
  })

  it('fits its limit at its largest', () => {
    const everybody = listed(Array.from({ length: maxListedMembers }, (_, number) => peer(number)))
    const parents = Array.from({ length: maxParents }, (_, n) => n.toString(16).padStart(64, '0') as EntryHash)
    const largest: Operation = {
      kind: 'rekey',
      commitment: commitment(1),
      members: everybody,
      removed: { peer: peer(200), ban: true },
    }
    const bytes = bytesOf({ ...plain, parents, operation: largest })
    expect(bytes.length).toBeLessThan(maxEntryBytes)
    expect(refusal(bytes)).toBe('read')
  })

  it('lists members by their keys, whatever order they are given in', () => {
    fc.assert(
      fc.property(fc.array(anybody, { maxLength: 20 }), (some) => {
        const list = listed([...some, ...some])
        expect(list).toEqual(listed(list.toReversed()))
        expect(refusal(bytesOf({ ...plain, operation: { kind: 'entry', mode: 'open', members: some } }))).toBe('read')
      }),
    )
  })
})
