import { Reader, Writer } from '../../../codec/index.ts'
import { CodecError } from '../../../errors/index.ts'
import type { CarrierAddress, Topic } from '../../carrier.ts'
import { maxOffered, maxPieceBytes, maxTopics } from './limits.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Those who stand under a topic. */
export interface Offer {
  readonly topic: Topic
  readonly members: readonly CarrierAddress[]
}

/**
 * What members say to each other about introductions (docs/protocol/introductions.md). `stream` is a name of 16 random bytes, given by whoever
 * dials; it is the same on both sides of the introducer.
 */
export type MemberFrame =
  /** The topics that the sender stands under now; in place of what it said before. */
  | { readonly kind: 'standing'; readonly topics: readonly Topic[] }
  /** Introducer: whom the receiver can dial by the sender; in place of what it said before. */
  | { readonly kind: 'offers'; readonly offers: readonly Offer[] }
  /** To the introducer: a stream to this member, please. */
  | { readonly kind: 'dial'; readonly stream: Bytes; readonly topic: Topic; readonly to: CarrierAddress }
  /** By the introducer: somebody opens a stream to you; the handshake says who. Never passed on, so a way has one introducer. */
  | { readonly kind: 'incoming'; readonly stream: Bytes; readonly topic: Topic }
  /** 1 byte or more of a stream. Boundaries mean nothing. */
  | { readonly kind: 'data'; readonly stream: Bytes; readonly bytes: Bytes }
  /** So many bytes (≥ 1) are out of the way: as many more may come. */
  | { readonly kind: 'credit'; readonly stream: Bytes; readonly count: number }
  /** The last frame of a stream; nothing answers it. */
  | { readonly kind: 'end'; readonly stream: Bytes; readonly unreachable: boolean }

const version = 1
const tag = { standing: 1, offers: 2, dial: 3, incoming: 4, data: 5, credit: 6, end: 7 } as const
export const nameBytes = 16
const keyBytes = 32
/** An `offers` of `maxTopics` topics, the longest but for `data`; both with their head. */
export const maxMemberFrameBytes = Math.max(
  3 + maxTopics * (keyBytes + 1 + maxOffered * keyBytes),
  2 + nameBytes + 2 + maxPieceBytes,
)

export function encodeMemberFrame(frame: MemberFrame): Bytes {
  const writer = new Writer().u8(version).u8(tag[frame.kind])
  switch (frame.kind) {
    case 'standing':
      writer.u8(frame.topics.length)
      for (const topic of frame.topics) writer.fixed(topic)
      return writer.finish()
    case 'offers':
      writer.u8(frame.offers.length)
      for (const { topic, members } of frame.offers) {
        writer.fixed(topic).u8(members.length)
        for (const member of members) writer.fixed(member)
      }
      return writer.finish()
    case 'dial':
      return writer.fixed(frame.stream).fixed(frame.topic).fixed(frame.to).finish()
    case 'incoming':
      return writer.fixed(frame.stream).fixed(frame.topic).finish()
    case 'data':
      return writer.fixed(frame.stream).bytes16(frame.bytes).finish()
    case 'credit':
      return writer.fixed(frame.stream).u32(frame.count).finish()
    case 'end':
      return writer
        .fixed(frame.stream)
        .u8(frame.unreachable ? 1 : 0)
        .finish()
  }
}

/** @throws {CodecError} on anything that `encodeMemberFrame` does not produce within the limits. */
export function decodeMemberFrame(bytes: Uint8Array): MemberFrame {
  const reader = new Reader(bytes)
  if (reader.u8() !== version) throw new CodecError('bad-value', 'unknown version of introductions')
  const frame = readBody(reader, reader.u8())
  reader.end()
  return frame
}

function readBody(reader: Reader, kind: number): MemberFrame {
  const key = (): Bytes => reader.fixed(keyBytes)
  const name = (): Bytes => reader.fixed(nameBytes)
  switch (kind) {
    case tag.standing:
      return { kind: 'standing', topics: times(reader.u8(), maxTopics, key) }
    case tag.offers:
      return {
        kind: 'offers',
        offers: times(reader.u8(), maxTopics, () => ({
          topic: key(),
          members: times(reader.u8(), maxOffered, key),
        })),
      }
    case tag.dial:
      return { kind: 'dial', stream: name(), topic: key(), to: key() }
    case tag.incoming:
      return { kind: 'incoming', stream: name(), topic: key() }
    case tag.data:
      return { kind: 'data', stream: name(), bytes: notEmpty(reader.bytes16(maxPieceBytes)) }
    case tag.credit:
      return { kind: 'credit', stream: name(), count: atLeastOne(reader.u32()) }
    case tag.end:
      return { kind: 'end', stream: name(), unreachable: flag(reader.u8()) }
    default:
      throw new CodecError('bad-value', 'unknown kind of introduction')
  }
}

function times<Value>(count: number, max: number, read: () => Value): Value[] {
  if (count > max) throw new CodecError('too-long', 'list longer than its limit')
  return Array.from({ length: count }, read)
}

function notEmpty(bytes: Bytes): Bytes {
  if (bytes.length === 0) throw new CodecError('bad-value', 'a piece without bytes')
  return bytes
}

function atLeastOne(count: number): number {
  if (count === 0) throw new CodecError('bad-value', 'credit for nothing')
  return count
}

function flag(value: number): boolean {
  if (value > 1) throw new CodecError('bad-value', 'neither yes nor no')
  return value === 1
}
