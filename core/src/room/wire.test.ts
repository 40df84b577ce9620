import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import { fileName } from '../codec/index.ts'
import type { EntryHash } from '../control-log/index.ts'
import { CodecError } from '../errors/index.ts'
import { driveRecordBytes } from '../files/index.ts'
import { decodeChatFrame, encodeChatFrame, type ChatFrame } from './chat/wire.ts'
import {
  decodeControl,
  encodeControl,
  encodeDrives,
  encodeEntries,
  encodeMasters,
  entriesChunkBytes,
  maxDrivesPerMessage,
  maxMastersPerMessage,
  type Control,
} from './control.ts'
import { decodeHello, encodeHello, type Hello } from './hello.ts'
import { decodeMemory, encodeMemory } from './memory.ts'
import { cleanName } from './name.ts'
import { maxMessageFiles } from './view.ts'

const bytes = (length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value))
const sourceState = fc.constantFrom('none', 'off', 'on')
const time = fc.nat({ max: Number.MAX_SAFE_INTEGER })

const name = fc.string({ maxLength: 60 }).map(cleanName)
const hash = bytes(32).map((value) => toHex(value) as EntryHash)
const hello = fc.record({
  instance: bytes(16),
  joinedAtMs: time,
  media: fc.boolean(),
  host: fc.boolean(),
  name,
  token: fc.option(bytes(16), { nil: undefined }),
})
const plainHello: Hello = {
  instance: new Uint8Array(16),
  joinedAtMs: 0,
  media: true,
  host: false,
  name: 'Ada',
  token: undefined,
}
const secrets = fc.record({
  origin: fc.option(bytes(32), { nil: undefined }),
  fresh: fc.array(fc.tuple(hash, bytes(32)), { maxLength: 5 }).map((pairs) => new Map(pairs)),
})
const entryBytes = fc.uint8Array({ maxLength: 300 }).map((value) => new Uint8Array(value))
const memory = fc.record({ secrets, entries: fc.array(entryBytes, { maxLength: 5 }) })
const master = fc.record({ epoch: fc.nat(0xffff_ffff), secret: bytes(32) })
const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({
    kind: fc.constant('presence' as const),
    name,
    media: fc.record({ microphone: sourceState, camera: sourceState, screen: fc.constantFrom('off', 'on') }),
    handRaised: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('heads' as const), heads: fc.array(hash, { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('entries' as const), entries: fc.array(entryBytes, { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('secrets' as const), secrets }),
  fc.record({ kind: fc.constant('comparison' as const), message: entryBytes }),
  fc.record({ kind: fc.constant('presentation' as const), presentation: entryBytes }),
  fc.record({ kind: fc.constant('introduction' as const), frame: entryBytes }),
  fc.record({ kind: fc.constant('masters' as const), masters: fc.array(master, { maxLength: 5 }) }),
  fc.record({ kind: fc.constant('drives' as const), records: fc.array(bytes(driveRecordBytes), { maxLength: 3 }) }),
)
const messageFiles = fc.array(
  fc.record({
    id: bytes(16).map(toHex),
    name: fc.string({ unit: 'grapheme', maxLength: 60 }).map(fileName),
    sizeBytes: time,
    mediaType: fc.constantFrom('', 'image/png', 'application/vnd.oasis.opendocument.text'),
  }),
  { maxLength: maxMessageFiles },
)
const chat: fc.Arbitrary<ChatFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('message' as const),
    seq: fc.nat(0xffff_ffff),
    lamport: time,
    sentAtMs: time,
    content: fc.string({ unit: 'grapheme', maxLength: 500 }),
    files: messageFiles,
  }),
  fc.record({
    kind: fc.constant('again' as const),
    origin: fc.record({ instance: bytes(16), seq: fc.nat(0xffff_ffff) }),
    seq: fc.nat(0xffff_ffff),
    lamport: time,
    sentAtMs: time,
    content: fc.string({ unit: 'grapheme', maxLength: 500 }),
    files: messageFiles,
  }),
  fc.record({ kind: fc.constant('ack' as const), seq: fc.nat(0xffff_ffff) }),
)

function survives<T>(
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(decode(encode(value))).toEqual(value)
    }),
  )
}

function refuses(decode: (bytes: Uint8Array) => unknown): void {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
      try {
        decode(garbage)
      } catch (error) {
        expect(error).toBeInstanceOf(CodecError)
      }
    }),
    { numRuns: 2_000 },
  )
}

describe.each([
  [
    'hello',
    () => {
      survives(hello, encodeHello, decodeHello)
    },
    decodeHello,
  ],
  [
    'control',
    () => {
      survives(control, encodeControl, decodeControl)
    },
    decodeControl,
  ],
  [
    'room memory',
    () => {
      survives(memory, encodeMemory, decodeMemory)
    },
    decodeMemory,
  ],
  [
    'chat frame',
    () => {
      survives(chat, encodeChatFrame, decodeChatFrame)
    },
    decodeChatFrame,
  ],
] as const)('%s', (_name, roundTrip, decode) => {
  it('survives the round trip', roundTrip)
  it('meets garbage with a CodecError at most', () => {
    refuses(decode)
  })
  it('refuses trailing bytes', () => {
    const long = new Uint8Array([...encodeHello(plainHello), 0])
    expect(() => decode(long)).toThrow(CodecError)
  })
})

describe('unknown things', () => {
  it('are refused: message kinds, source states, hello versions and flags', () => {
    expect(() => decodeControl(new Uint8Array([11, 0, 0]))).toThrow(CodecError)
    expect(() => decodeChatFrame(new Uint8Array([9, 0, 0, 0, 0]))).toThrow(CodecError)
    expect(() => decodeControl(new Uint8Array([1, 0, 1, 65, 7, 0, 1]))).toThrow(CodecError)
    const good = encodeHello(plainHello)
    expect(() => decodeHello(good.with(0, 1))).toThrow(CodecError)
    const flagsAt = 1 + 16 + 8
    expect(() => decodeHello(good.with(flagsAt, 8))).toThrow(CodecError)
  })
})

describe('a long log', () => {
  it('travels in messages of a size that a channel takes, every entry once and in order', () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => new Uint8Array(300).fill(index % 251))
    const controls = encodeEntries(entries)
    expect(controls.every(({ length }) => length < entriesChunkBytes + 2_000)).toBe(true)
    const received = controls.map(decodeControl).flatMap((one) => (one.kind === 'entries' ? one.entries : []))
    expect(received).toEqual(entries)
  })
})

describe('what is told of files', () => {
  it('travels in messages of a size that a channel takes, everything once and in order', () => {
    const masters = Array.from({ length: 2_000 }, (_, epoch) => ({
      epoch,
      secret: new Uint8Array(32).fill(epoch % 251),
    }))
    const records = Array.from({ length: 500 }, (_, index) => new Uint8Array(driveRecordBytes).fill(index % 251))
    const controls = [...encodeMasters(masters), ...encodeDrives(records)]
    expect(controls.every(({ length }) => length <= entriesChunkBytes)).toBe(true)
    const told = controls.map(decodeControl)
    expect(told.flatMap((one) => (one.kind === 'masters' ? one.masters : []))).toEqual(masters)
    expect(told.flatMap((one) => (one.kind === 'drives' ? one.records : []))).toEqual(records)
    expect(encodeMasters([])).toEqual([])
  })

  it('is refused where there is more in a message than any honest member sends', () => {
    const masters = Array.from({ length: maxMastersPerMessage + 1 }, () => ({ epoch: 0, secret: new Uint8Array(32) }))
    expect(() => decodeControl(encodeControl({ kind: 'masters', masters }))).toThrow(CodecError)
    const records = Array.from({ length: maxDrivesPerMessage + 1 }, () => new Uint8Array(driveRecordBytes))
    expect(() => decodeControl(encodeControl({ kind: 'drives', records }))).toThrow(CodecError)
  })
})
