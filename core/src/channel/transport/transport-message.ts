import { pad, Reader, unpad, Writer } from '../../codec/index.ts'
import { CodecError } from '../../errors/index.ts'
import { maxTransportBytes, minPaddedBytes } from '../limits.ts'
import { closeReasons, type CloseReason } from '../secure-channel.ts'

/** What a Noise transport message holds. */
export type TransportMessage =
  | { readonly kind: 'data'; readonly body: Uint8Array }
  | { readonly kind: 'close'; readonly reason: CloseReason }
  | { readonly kind: 'proof'; readonly signature: Uint8Array }
  /** The sender's next message is under the next key (Noise section 11.3). */
  | { readonly kind: 'rekey' }
  | { readonly kind: 'ping' }

/** Codes on the wire; never reuse one. */
const typeCode = { data: 1, close: 2, proof: 3, rekey: 4, ping: 5 } as const

/**
 * Layout before padding: u8 type, then the body (data), u8 index of the reason (close), 64 bytes of signature (proof) or nothing.
 * @throws {UsageError} `too-long` if it does not fit into a frame.
 */
export function encodeTransport(message: TransportMessage): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(typeCode[message.kind])
  if (message.kind === 'data') writer.fixed(message.body)
  if (message.kind === 'close') writer.u8(closeReasons.indexOf(message.reason))
  if (message.kind === 'proof') writer.fixed(message.signature)
  return pad(writer.finish(), minPaddedBytes, maxTransportBytes)
}

/** @throws {CodecError} */
export function decodeTransport(padded: Uint8Array): TransportMessage {
  const reader = new Reader(unpad(padded))
  const message = decodeBody(reader.u8(), reader)
  reader.end()
  return message
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
