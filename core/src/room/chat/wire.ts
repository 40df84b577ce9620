import { Reader, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { instanceBytes } from '../hello.ts'
import { maxMessageBytes, type MessageFile } from '../view.ts'
import { readMessageFiles, writeMessageFiles } from './message-files.ts'

/** What travels on the `messages` data channel. */
export type ChatFrame =
  | Message<'message'>
  /** What the sender wrote in an earlier page load and could not deliver then. Only in rooms that keep their chat. */
  | (Message<'again'> & {
      /** The page load that wrote it, 16 bytes, and its count there: its id, whichever page load sends it. */
      readonly origin: { readonly instance: Uint8Array<ArrayBuffer>; readonly seq: number }
    })
  /** Everything up to and including `seq` has arrived, and is kept where the room keeps its chat. */
  | { readonly kind: 'ack'; readonly seq: number }

interface Message<Kind> {
  readonly kind: Kind
  /** Counts what the sender sends in this page load, from 1. */
  readonly seq: number
  /** Lamport clock: greater than that of everything the sender had seen. */
  readonly lamport: number
  readonly sentAtMs: number
  readonly content: string
  /** Files of the data room that it speaks of, clean; at most `maxMessageFiles`. */
  readonly files: readonly MessageFile[]
}

const tag = { message: 1, ack: 2, again: 3 } as const

/** @param scratch memory for a frame that is needed only until the next one. */
export function encodeChatFrame(frame: ChatFrame, scratch?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (frame.kind === 'ack') return new Writer(scratch).u8(tag.ack).u32(frame.seq).finish()
  const writer = new Writer(scratch).u8(tag[frame.kind])
  if (frame.kind === 'again') writer.fixed(frame.origin.instance).u32(frame.origin.seq)
  writer.u32(frame.seq).u64(frame.lamport).u64(frame.sentAtMs).text16(frame.content)
  return writeMessageFiles(writer, frame.files).finish()
}

/** What is said of files comes out clean. @throws {CodecError} on anything that `encodeChatFrame` does not produce. */
export function decodeChatFrame(bytes: Uint8Array): ChatFrame {
  const reader = new Reader(bytes)
  const frame = readFrame(reader)
  reader.end()
  return frame
}

function readFrame(reader: Reader): ChatFrame {
  switch (reader.u8()) {
    case tag.message:
      return { kind: 'message', ...messageIn(reader) }
    case tag.ack:
      return { kind: 'ack', seq: reader.u32() }
    case tag.again: {
      const origin = { instance: reader.fixed(instanceBytes), seq: reader.u32() }
      return { kind: 'again', ...messageIn(reader), origin }
    }
    default:
      throw new CodecError('bad-value', 'unknown chat frame')
  }
}

function messageIn(reader: Reader): Omit<Message<never>, 'kind'> {
  return {
    seq: reader.u32(),
    lamport: reader.u53(),
    sentAtMs: reader.u53(),
    content: reader.text16(maxMessageBytes),
    files: readMessageFiles(reader),
  }
}
