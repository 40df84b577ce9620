import { fromHex, toHex } from '../bytes/index.ts'
import { Reader, Writer } from '../codec/index.ts'
import { maxEntryBytes, type EntryHash } from '../control-log/index.ts'
import { CodecError } from '../errors/index.ts'
import { driveRecordBytes, masterBytes, type ToldMaster } from '../files/index.ts'
import type { MediaState, SourceState } from '../media/index.ts'
import { maxMemberFrameBytes } from '../signalling/index.ts'
import { cleanName, maxNameBytes } from './name.ts'

/** What members tell each other besides messages. */
export type Control =
  | { readonly kind: 'presence'; readonly name: string; readonly media: MediaState; readonly handRaised: boolean }
  /** The latest entries of the control log that the sender has. */
  | { readonly kind: 'heads'; readonly heads: readonly EntryHash[] }
  /** Entries of the control log, causes first. */
  | { readonly kind: 'entries'; readonly entries: readonly Uint8Array<ArrayBuffer>[] }
  /** Secrets of the room, for somebody who is in: the first one, and what was mixed into it by which entry. */
  | { readonly kind: 'secrets'; readonly secrets: RoomSecrets }
  /** A message of the comparison of emoji. */
  | { readonly kind: 'comparison'; readonly message: Uint8Array<ArrayBuffer> }
  /** What the sender shows of its long-term identity; empty for nothing any more. */
  | { readonly kind: 'presentation'; readonly presentation: Uint8Array<ArrayBuffer> }
  /** A frame of the road by members. */
  | { readonly kind: 'introduction'; readonly frame: Uint8Array<ArrayBuffer> }
  /** Keys of the data room, for somebody who is in. */
  | { readonly kind: 'masters'; readonly masters: readonly ToldMaster[] }
  /** Signed records of drives of the data room, not yet verified. */
  | { readonly kind: 'drives'; readonly records: readonly Uint8Array<ArrayBuffer>[] }

export interface RoomSecrets {
  /** The secret of the room's first link, if the sender knows it. */
  readonly origin: Uint8Array<ArrayBuffer> | undefined
  readonly fresh: ReadonlyMap<EntryHash, Uint8Array<ArrayBuffer>>
}

const tag = {
  ...{ presence: 1, heads: 3, entries: 4, secrets: 5, comparison: 6, presentation: 7, introduction: 8 },
  ...{ masters: 9, drives: 10 },
} as const
const sourceStates: readonly SourceState[] = ['none', 'off', 'on']
const idBytes = 32

/** More ends than a log of one host and a few co-hosts has. */
const maxHeads = 64
/** Entries in one message; senders also keep each below `entriesChunkBytes`. */
const maxEntriesPerMessage = 256
/** A message of entries stays below what a channel takes (61,440), padding included. */
export const entriesChunkBytes = 32_768
/** Replacements of the secret that one message tells. */
const maxFreshSecrets = 896
/** Masters and records of drives that one message tells: as with entries, more go into the next one. */
export const maxMastersPerMessage = 896
export const maxDrivesPerMessage = 192
/** The comparison's largest message: a reveal of eight members' fingerprints, with room to spare. */
const maxComparisonBytes = 8_192
/** As large as `signPresentation` makes one. */
export const maxPresentationBytes = 2_304

export function encodeControl(control: Control): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(tag[control.kind])
  switch (control.kind) {
    case 'presence': {
      const { microphone, camera, screen } = control.media
      writer.text16(control.name)
      for (const source of [microphone, camera, screen]) writer.u8(sourceStates.indexOf(source))
      return writer.u8(control.handRaised ? 1 : 0).finish()
    }
    case 'heads':
      writer.u8(control.heads.length)
      for (const head of control.heads) writer.fixed(fromHex(head))
      return writer.finish()
    case 'entries':
      writer.u16(control.entries.length)
      for (const entry of control.entries) writer.bytes16(entry)
      return writer.finish()
    case 'secrets': {
      const { origin, fresh } = control.secrets
      writer.u8(origin === undefined ? 0 : 1)
      if (origin !== undefined) writer.fixed(origin)
      writer.u16(fresh.size)
      for (const [entry, secret] of fresh) writer.fixed(fromHex(entry)).fixed(secret)
      return writer.finish()
    }
    case 'comparison':
      return writer.bytes16(control.message).finish()
    case 'presentation':
      return writer.bytes16(control.presentation).finish()
    case 'introduction':
      return writer.bytes16(control.frame).finish()
    case 'masters':
      writer.u16(control.masters.length)
      for (const { epoch, secret } of control.masters) writer.u32(epoch).fixed(secret)
      return writer.finish()
    case 'drives':
      writer.u16(control.records.length)
      for (const record of control.records) writer.fixed(record)
      return writer.finish()
  }
}

/** Names come out clean. @throws {CodecError} on anything that `encodeControl` does not produce. */
export function decodeControl(bytes: Uint8Array): Control {
  const reader = new Reader(bytes)
  const control = readControl(reader)
  reader.end()
  return control
}

function readControl(reader: Reader): Control {
  switch (reader.u8()) {
    case tag.presence:
      return readPresence(reader)
    case tag.heads:
      return { kind: 'heads', heads: times(reader.u8(), maxHeads, () => readHash(reader)) }
    case tag.entries:
      return {
        kind: 'entries',
        entries: times(reader.u16(), maxEntriesPerMessage, () => reader.bytes16(maxEntryBytes)),
      }
    case tag.secrets:
      return { kind: 'secrets', secrets: readSecrets(reader) }
    case tag.comparison:
      return { kind: 'comparison', message: reader.bytes16(maxComparisonBytes) }
    case tag.presentation:
      return { kind: 'presentation', presentation: reader.bytes16(maxPresentationBytes) }
    case tag.introduction:
      return { kind: 'introduction', frame: reader.bytes16(maxMemberFrameBytes) }
    case tag.masters:
      return { kind: 'masters', masters: times(reader.u16(), maxMastersPerMessage, () => readMaster(reader)) }
    case tag.drives:
      return {
        kind: 'drives',
        records: times(reader.u16(), maxDrivesPerMessage, () => reader.fixed(driveRecordBytes)),
      }
    default:
      throw new CodecError('bad-value', 'unknown control message')
  }
}

function readPresence(reader: Reader): Control {
  const name = cleanName(reader.text16(maxNameBytes))
  const microphone = sourceState(reader)
  const camera = sourceState(reader)
  const screen = sourceState(reader)
  if (screen === 'none') throw new CodecError('bad-value', 'unknown screen state')
  return { kind: 'presence', name, media: { microphone, camera, screen }, handRaised: flag(reader) }
}

function readSecrets(reader: Reader): RoomSecrets {
  const origin = flag(reader) ? reader.fixed(idBytes) : undefined
  const fresh = times(reader.u16(), maxFreshSecrets, () => [readHash(reader), reader.fixed(idBytes)] as const)
  return { origin, fresh: new Map(fresh) }
}

/** Control messages with these secrets, each of a size that a channel takes: receivers put them together. */
export function encodeSecrets({ origin, fresh }: RoomSecrets): Uint8Array<ArrayBuffer>[] {
  const pairs = [...fresh]
  const controls: Uint8Array<ArrayBuffer>[] = []
  for (let start = 0; start < pairs.length; start += maxFreshSecrets) {
    const part = new Map(pairs.slice(start, start + maxFreshSecrets))
    controls.push(encodeControl({ kind: 'secrets', secrets: { origin, fresh: part } }))
  }
  return controls
}

/** Control messages with these entries, causes first, each of a size that a channel takes. */
export function encodeEntries(entries: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  const chunks: Uint8Array<ArrayBuffer>[][] = []
  let room = 0
  for (const entry of entries) {
    if (room < entry.length || (chunks.at(-1)?.length ?? 0) >= maxEntriesPerMessage) {
      chunks.push([])
      room = entriesChunkBytes
    }
    chunks.at(-1)?.push(entry)
    room -= entry.length
  }
  return chunks.map((chunk) => encodeControl({ kind: 'entries', entries: chunk }))
}

/** Control messages with these masters, each of a size that a channel takes. */
export function encodeMasters(masters: readonly ToldMaster[]): Uint8Array<ArrayBuffer>[] {
  return inParts(masters, maxMastersPerMessage).map((part) => encodeControl({ kind: 'masters', masters: part }))
}

/** Control messages with these records, each of a size that a channel takes. */
export function encodeDrives(records: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  return inParts(records, maxDrivesPerMessage).map((part) => encodeControl({ kind: 'drives', records: part }))
}

function inParts<Value>(values: readonly Value[], size: number): Value[][] {
  const count = Math.ceil(values.length / size)
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size))
}

function readMaster(reader: Reader): ToldMaster {
  return { epoch: reader.u32(), secret: reader.fixed(masterBytes) }
}

function times<Value>(count: number, max: number, read: () => Value): Value[] {
  if (count > max) throw new CodecError('too-long', 'list longer than its limit')
  return Array.from({ length: count }, read)
}

function readHash(reader: Reader): EntryHash {
  return toHex(reader.fixed(idBytes)) as EntryHash
}

function flag(reader: Reader): boolean {
  const value = reader.u8()
  if (value > 1) throw new CodecError('bad-value', 'neither yes nor no')
  return value === 1
}

function sourceState(reader: Reader): SourceState {
  const state = sourceStates[reader.u8()]
  if (state === undefined) throw new CodecError('bad-value', 'unknown source state')
  return state
}
