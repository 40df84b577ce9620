import { fromHex, toHex } from '../../bytes/index.ts'
import { Reader, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import type { ByteRange, Octets, Part } from '../client/index.ts'
import { driveKeyBytes, idBytes, type DriveKey, type ObjectId } from '../ids.ts'
import { maxObjectBytes, segmentBytes } from '../limits.ts'
import { longPieceBytes, maxAskedBytes, maxPartBytes, pieceBytes } from './limits.ts'

/** A piece of an object that somebody wants. `range` left out means all of the part, of which nobody has told the length. */
export interface Ask {
  readonly kind: 'ask'
  /** Chosen by whoever asks; no other one of theirs has it that is not answered yet. */
  readonly request: number
  readonly drive: DriveKey
  readonly object: ObjectId
  readonly part: Part
  readonly range: ByteRange | undefined
}

/** What goes to a member that may have an object. */
export type Question = Ask | { readonly kind: 'cancel'; readonly request: number }

/** What comes back: any number of pieces, then a last one, or that there is nothing (more). One of the latter two ends every request. */
export type Answer =
  | { readonly kind: 'piece'; readonly request: number; readonly bytes: Octets }
  | { readonly kind: 'last'; readonly request: number; readonly bytes: Octets }
  | { readonly kind: 'have-not'; readonly request: number }

const questionKind = { ask: 0, cancel: 1 } as const
const answerKind = { piece: 0, last: 1, 'have-not': 2 } as const

/** Stands for the hashes where the number of a segment stands. */
const hashesPart = 0xffff_ffff
const maxSegments = maxObjectBytes / segmentBytes
/** u8 kind ‖ u32 request. */
export const answerHeadBytes = 5

export function encodeQuestion(question: Question): Octets {
  const writer = new Writer().u8(questionKind[question.kind]).u32(question.request)
  if (question.kind === 'cancel') return writer.finish()
  const { drive, object, part, range } = question
  writer
    .fixed(fromHex(drive))
    .fixed(fromHex(object))
    .u32(part === 'hashes' ? hashesPart : part)
  return writer
    .u32(range?.start ?? 0)
    .u32(range?.end ?? 0)
    .finish()
}

/** @throws {CodecError} on anything that `encodeQuestion` does not produce within the bounds of `limits.ts`. */
export function decodeQuestion(bytes: Uint8Array): Question {
  const reader = new Reader(bytes)
  const kind = reader.u8()
  const request = reader.u32()
  if (kind === questionKind.cancel) {
    reader.end()
    return { kind: 'cancel', request }
  }
  if (kind !== questionKind.ask) throw new CodecError('bad-value', 'unknown question')
  const drive = toHex(reader.fixed(driveKeyBytes))
  const object = toHex(reader.fixed(idBytes))
  const number = reader.u32()
  const start = reader.u32()
  const end = reader.u32()
  reader.end()
  if (number !== hashesPart && number >= maxSegments)
    throw new CodecError('bad-value', 'no object has so many segments')
  const part = number === hashesPart ? 'hashes' : number
  return { kind: 'ask', request, drive, object, part, range: rangeOf(start, end) }
}

/** From nothing up to nothing is all of it. */
function rangeOf(start: number, end: number): ByteRange | undefined {
  if (start === 0 && end === 0) return undefined
  const isWithin = start < end && end <= maxPartBytes && end - start <= maxAskedBytes
  if (!isWithin) throw new CodecError('bad-value', 'no range of a part')
  return { start, end }
}

/**
 * @param scratch memory of `answerHeadBytes + longPieceBytes` to write in: the result lives there until it is written again.
 */
export function encodeAnswer(answer: Answer, scratch = new Uint8Array(answerHeadBytes + longPieceBytes)): Octets {
  const view = new DataView(scratch.buffer, scratch.byteOffset)
  view.setUint8(0, answerKind[answer.kind])
  view.setUint32(1, answer.request)
  if (answer.kind === 'have-not') return scratch.subarray(0, answerHeadBytes)
  scratch.set(answer.bytes, answerHeadBytes)
  return scratch.subarray(0, answerHeadBytes + answer.bytes.length)
}

/**
 * The bytes of a piece are a view of the message: a copy of each would be the dearest of all that is done to it.
 * @throws {CodecError} on anything that `encodeAnswer` does not produce.
 */
export function decodeAnswer(message: Octets): Answer {
  if (message.length > answerHeadBytes + longPieceBytes) throw new CodecError('too-long', 'longer than a piece')
  const reader = new Reader(message)
  const kind = reader.u8()
  const request = reader.u32()
  const bytes = message.subarray(answerHeadBytes)
  switch (kind) {
    case answerKind.piece:
      if (bytes.length < pieceBytes) throw new CodecError('bad-value', 'only the last piece may be short')
      return { kind: 'piece', request, bytes }
    case answerKind.last:
      if (bytes.length === 0) throw new CodecError('bad-value', 'an empty piece says nothing')
      return { kind: 'last', request, bytes }
    case answerKind['have-not']:
      reader.end()
      return { kind: 'have-not', request }
    default:
      throw new CodecError('bad-value', 'unknown answer')
  }
}
