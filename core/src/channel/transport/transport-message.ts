import { pad, Reader, unpad, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { maxTransportBytes, minPaddedBytes, padPrefixBytes } from '../limits.ts'
import { closeReasons, type CloseReason } from '../secure-channel.ts'

/** What travels in Noise transport messages. */
export type TransportMessage =
  | { readonly kind: 'data'; readonly body: Uint8Array }
  | { readonly kind: 'close'; readonly reason: CloseReason }
  | { readonly kind: 'proof'; readonly signature: Uint8Array }
  /** The sender's next frame is under the next key (Noise section 11.3); the last message of its frame. */
  | { readonly kind: 'rekey' }
  | { readonly kind: 'ping' }

const empty = new Uint8Array(0)
/** Type and length. */
const headBytes = 3

/** Codes on the wire; never reuse one. */
const typeCode = { data: 1, close: 2, proof: 3, rekey: 4, ping: 5 } as const

/** Messages of one frame: more than a channel ever has waiting at once, and too few to keep us busy. */
export const maxMessagesPerFrame = 64

/** Bytes that a message takes in a frame. */
export function encodedBytes(message: TransportMessage): number {
  return headBytes + bodyOf(message).length
}

/** Bytes of messages that one frame holds. */
export const maxFrameContentBytes = maxTransportBytes - padPrefixBytes

/**
 * What one Noise transport message holds, before padding: 1 to `maxMessagesPerFrame` messages, each u8 type, u16 length, body. The
 * body is the data, u8 index of the reason (close), 64 bytes of signature (proof) or nothing.
 * @throws {UsageError} `too-long` if it does not fit into a frame.
 */
export function encodeTransport(messages: readonly TransportMessage[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
  for (const message of messages) writer.u8(typeCode[message.kind]).bytes16(bodyOf(message))
  return pad(writer.finish(), minPaddedBytes, maxTransportBytes)
}

/** @throws {CodecError} */
export function decodeTransport(padded: Uint8Array): readonly TransportMessage[] {
  const reader = new Reader(unpad(padded))
  const messages: TransportMessage[] = []
  do {
    if (messages.length === maxMessagesPerFrame) throw new CodecError('too-long', 'too many messages in one frame')
    const type = reader.u8()
    const body = new Reader(reader.bytes16(maxTransportBytes))
    messages.push(decodeBody(type, body))
    body.end()
  } while (reader.remaining > 0)
  return messages
}

function bodyOf(message: TransportMessage): Uint8Array {
  switch (message.kind) {
    case 'data':
      return message.body
    case 'close':
      return Uint8Array.of(closeReasons.indexOf(message.reason))
    case 'proof':
      return message.signature
    case 'rekey':
    case 'ping':
      return empty
  }
}

function decodeBody(type: number, reader: Reader): TransportMessage {
  switch (type) {
    case typeCode.data:
      return { kind: 'data', body: reader.fixed(reader.remaining) }
    case typeCode.close:
      return { kind: 'close', reason: reasonAt(reader.u8()) }
    case typeCode.proof:
      return { kind: 'proof', signature: reader.fixed(64) }
    case typeCode.rekey:
      return { kind: 'rekey' }
    case typeCode.ping:
      return { kind: 'ping' }
    default:
      throw new CodecError('bad-value', 'unknown message type')
  }
}

function reasonAt(index: number): CloseReason {
  const reason = closeReasons[index]
  if (reason === undefined) throw new CodecError('bad-value', 'unknown reason')
  return reason
}
