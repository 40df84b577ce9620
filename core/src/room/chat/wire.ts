import { Reader, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { maxMessageBytes } from '../view.ts'

/** What travels on the `messages` data channel. */
export type ChatFrame =
  | {
      readonly kind: 'message'
      readonly id: Uint8Array<ArrayBuffer>
      /** Counts the sender's messages of this page load, from 1. */
      readonly seq: number
      /** Lamport clock: greater than that of everything the sender had seen. */
      readonly lamport: number
      readonly sentAtMs: number
      readonly content: string
    }
  /** Everything up to and including `seq` has arrived. */
  | { readonly kind: 'ack'; readonly seq: number }

export const messageIdBytes = 16
const tag = { message: 1, ack: 2 } as const

export function encodeChatFrame(frame: ChatFrame): Uint8Array<ArrayBuffer> {
  if (frame.kind === 'ack') return new Writer().u8(tag.ack).u32(frame.seq).finish()
  return new Writer()
    .u8(tag.message)
    .fixed(frame.id)
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
          id: reader.fixed(messageIdBytes),
          seq: reader.u32(),
          lamport: reader.u53(),
          sentAtMs: reader.u53(),
          content: reader.text16(maxMessageBytes),
        }
  reader.end()
  return frame
}
