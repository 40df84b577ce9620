import { addressText } from './packet.ts'

const cookie = 0x2112a442
const stunHead = 20
const dataAttribute = 0x0013

/** What a STUN or TURN message says: the addresses in it, plain or hidden behind the cookie, and the data it carries. */
export interface StunContent {
  readonly addresses: readonly string[]
  readonly data: readonly Buffer[]
}

export const isStun = (bytes: Buffer): boolean =>
  bytes.length >= stunHead && bytes.readUInt8(0) < 0x40 && bytes.readUInt32BE(4) === cookie

/** TURN's ChannelData (RFC 8656, section 12.4). */
export const isChannelData = (bytes: Buffer): boolean => {
  if (bytes.length < 4) return false
  const channel = bytes.readUInt16BE(0)
  return channel >= 0x4000 && channel <= 0x4fff && bytes.readUInt16BE(2) <= bytes.length - 4
}

/**
 * Reads a message of RFC 8489 or 8656. Any attribute with the form of an IPv4 address counts as one, both as it stands
 * and XORed: whoever watches can read either.
 */
export function readStun(message: Buffer): StunContent {
  const addresses: string[] = []
  const data: Buffer[] = []
  const end = Math.min(message.length, stunHead + message.readUInt16BE(2))
  for (let at = stunHead; at + 4 <= end;) {
    const length = message.readUInt16BE(at + 2)
    const value = message.subarray(at + 4, Math.min(end, at + 4 + length))
    if (message.readUInt16BE(at) === dataAttribute) data.push(value)
    else if (value.length === 8 && value.readUInt16BE(0) === 1) {
      const masked = Buffer.alloc(4)
      masked.writeUInt32BE((value.readUInt32BE(4) ^ cookie) >>> 0)
      addresses.push(addressText(value.subarray(4)), addressText(masked))
    }
    at += 4 + Math.ceil(length / 4) * 4
  }
  return { addresses, data }
}

/** The messages in a TURN connection over TCP (RFC 8656, section 3.1); undefined when the stream is something else. */
export function splitTurnStream(stream: Buffer): Buffer[] | undefined {
  const messages: Buffer[] = []
  for (let at = 0; at + 4 <= stream.length;) {
    const rest = stream.subarray(at)
    if (isStun(rest)) {
      const length = stunHead + rest.readUInt16BE(2)
      messages.push(rest.subarray(0, length))
      at += length
    } else if (messages.length > 0 && rest.readUInt8(0) >> 4 === 4) {
      const length = 4 + rest.readUInt16BE(2)
      messages.push(rest.subarray(0, length))
      at += Math.ceil(length / 4) * 4
    } else break
  }
  return messages.length > 0 ? messages : undefined
}
