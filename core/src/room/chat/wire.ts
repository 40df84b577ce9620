import { Reader, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { maxMessageBytes } from '../view.ts'

/** What travels on the `messages` data channel. */
export type ChatFrame =
  | {
      readonly kind: 'message'
      /** Counts the sender's messages of this page load, from 1. */
      readonly seq: number
      /** Lamport clock: greater than that of everything the sender had seen. */
      readonly lamport: number
      readonly sentAtMs: number
      readonly content: string
    }
  /** Everything up to and including `seq` has arrived. */
  | { readonly kind: 'ack'; readonly seq: number }

const tag = { message: 1, ack: 2 } as const

/** @param scratch memory for a frame that is needed only until the next one. */
export function encodeChatFrame(frame: ChatFrame, scratch?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (frame.kind === 'ack') return new Writer(scratch).u8(tag.ack).u32(frame.seq).finish()
  return new Writer(scratch)
    .u8(tag.message)
    .u32(frame.seq)
    .u64(frame.lamport)
    .u64(frame.sentAtMs)
    .text16(frame.content)
    .finish()
}

/** @throws {CodecError} on anything that `encodeChatFrame` does not produce. */
export function decodeChatFrame(bytes: Uint8Array): ChatFrame {
  const reader = new Reader(bytes)
  const type = reader.u8()
  if (type !== tag.message && type !== tag.ack) throw new CodecError('bad-value', 'unknown chat frame')
  const frame: ChatFrame =
    type === tag.ack
      ? { kind: 'ack', seq: reader.u32() }
      : {
          kind: 'message',
          seq: reader.u32(),
          lamport: reader.u53(),
          sentAtMs: reader.u53(),
          content: reader.text16(maxMessageBytes),
        }
  reader.end()
  return frame
}
