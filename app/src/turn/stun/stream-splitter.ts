import { channelHeaderBytes, looksLikeChannelData } from './channel-data.ts'
import { headerBytes } from './constants.ts'
import { looksLikeStun } from './message.ts'

/** How long the message is that begins with `bytes`; 0 while that is unknown, `undefined` when it can be none. */
function lengthOf(bytes: Buffer): number | undefined {
  if (bytes.length < channelHeaderBytes) return 0
  const length = bytes.readUInt16BE(2)
  if (looksLikeStun(bytes)) return headerBytes + length
  // Over a stream the padding is mandatory (RFC 8656 section 12.5).
  return looksLikeChannelData(bytes) ? (channelHeaderBytes + length + 3) & ~3 : undefined
}

/**
 * Cuts a stream into STUN messages and ChannelData (RFC 8656 section 2.1). Holds at most one message that is not whole.
 */
export class StreamSplitter {
  readonly #maxMessageBytes: number
  #rest: Buffer = Buffer.alloc(0)

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** The messages that are whole now; `undefined` when the stream cannot be read on: end it. */
  push(bytes: Buffer): Buffer[] | undefined {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const messages: Buffer[] = []
    for (;;) {
      const length = rest.length === 0 ? 0 : lengthOf(rest)
      if (length === undefined || length > this.#maxMessageBytes) return undefined
      if (length === 0 || rest.length < length) break
      messages.push(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    // A copy: what is left must not keep the socket's whole buffer alive.
    this.#rest = Buffer.from(rest)
    return messages
  }
}
