import { CodecError } from '../../../errors/index.ts'

const prefixBytes = 2
const empty = new Uint8Array(0)

/** `u16 length | frame`: how frames lie on a stream of bytes, so that boundaries do not depend on the carrier. */
export function frameToBytes(frame: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(prefixBytes + frame.length)
  new DataView(bytes.buffer).setUint16(0, frame.length)
  bytes.set(frame, prefixBytes)
  return bytes
}

/**
 * Takes bytes as they come and gives whole frames. Pieces are gathered in one buffer, so a sender of many tiny pieces
 * costs no more memory than one of few; it holds at most twice what was pushed and not yet read.
 */
export class FrameReader {
  #buffer: Uint8Array<ArrayBuffer> = empty
  #start = 0
  #end = 0
  /** False while the buffer is the caller's own piece, which must not be written to. */
  #owned = false

  /** Bytes pushed and not yet given out. */
  get bufferedBytes(): number {
    return this.#end - this.#start
  }

  push(piece: Uint8Array<ArrayBuffer>): void {
    const held = this.bufferedBytes
    if (held === 0) {
      this.#buffer = piece
      this.#start = 0
      this.#end = piece.length
      this.#owned = false
      return
    }
    if (!this.#owned || this.#end + piece.length > this.#buffer.length) this.#makeRoom(held + piece.length)
    this.#buffer.set(piece, this.#end)
    this.#end += piece.length
  }

  /**
   * The next whole frame, a copy, or undefined until more bytes come.
   * @throws {CodecError} `empty-frame`: the stream is of no more use.
   */
  next(): Uint8Array<ArrayBuffer> | undefined {
    if (this.bufferedBytes < prefixBytes) return undefined
    const length = ((this.#buffer[this.#start] ?? 0) << 8) | (this.#buffer[this.#start + 1] ?? 0)
    if (length === 0) throw new CodecError('empty-frame', 'frame without bytes')
    const from = this.#start + prefixBytes
    if (this.#end < from + length) return undefined
    const frame = this.#buffer.slice(from, from + length)
    this.#start = from + length
    if (this.#start === this.#end) this.clear()
    return frame
  }

  /** Forgets what is buffered. */
  clear(): void {
    this.#buffer = empty
    this.#start = this.#end = 0
    this.#owned = false
  }

  #makeRoom(needed: number): void {
    const room = this.#owned && this.#buffer.length >= needed ? this.#buffer : new Uint8Array(2 * needed)
    room.set(this.#buffer.subarray(this.#start, this.#end))
    this.#end -= this.#start
    this.#start = 0
    this.#buffer = room
    this.#owned = true
  }
}
