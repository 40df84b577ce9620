import { asBuffer } from './message.ts'

/** Channel number and length in front of the data (RFC 8656 section 12.4). */
export const channelHeaderBytes = 4

export interface ChannelData {
  readonly channel: number
  readonly data: Uint8Array
}

/** True for bytes that may be ChannelData: numbers 0x4000 to 0x4FFF begin so (RFC 8656 section 12). */
export const looksLikeChannelData = (bytes: Uint8Array): boolean => ((bytes[0] ?? 0) & 0xf0) === 0x40

export function channelHeader(channel: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(channelHeaderBytes)
  header.writeUInt16BE(channel, 0)
  header.writeUInt16BE(length, 2)
  return header
}

/** Reads a datagram; shares its memory. Bytes behind the data are padding (RFC 8656 section 12.5). */
export function decodeChannelData(input: Uint8Array): ChannelData | undefined {
  if (input.length < channelHeaderBytes || !looksLikeChannelData(input)) return undefined
  const bytes = asBuffer(input)
  const end = channelHeaderBytes + bytes.readUInt16BE(2)
  return end > bytes.length
    ? undefined
    : { channel: bytes.readUInt16BE(0), data: bytes.subarray(channelHeaderBytes, end) }
}
