import { fromUtf8 } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'

/**
 * Reads one foreign message, field by field, big endian. Every method throws CodecError `truncated` when the message
 * ends inside the field. Byte fields are copies, so nothing keeps a whole message alive or sees it change.
 * After a throw the position is undefined: give the message up.
 */
export class Reader {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4))
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8))
  }

  /**
   * A u64 that a number holds exactly.
   * @throws {CodecError} `bad-value` above 2^53 - 1, `truncated`.
   */
  u53(): number {
    const start = this.#advance(8)
    const value = this.#view.getUint32(start) * 2 ** 32 + this.#view.getUint32(start + 4)
    if (!Number.isSafeInteger(value)) throw new CodecError('bad-value', 'number above 2^53 - 1')
    return value
  }

  /** Exactly `length` bytes. */
  fixed(length: number): Uint8Array<ArrayBuffer> {
    const start = this.#advance(length)
    return new Uint8Array(this.#bytes.subarray(start, start + length))
  }

  /**
   * A u16 length of at most `max`, then the bytes.
   * @throws {CodecError} `too-long`, `truncated`.
   */
  bytes16(max: number): Uint8Array<ArrayBuffer> {
    return this.fixed(within(this.u16(), max))
  }

  /**
   * A u32 length of at most `max`, then the bytes.
   * @throws {CodecError} `too-long`, `truncated`.
   */
  bytes32(max: number): Uint8Array<ArrayBuffer> {
    return this.fixed(within(this.u32(), max))
  }

  /**
   * A u16 length in bytes of at most `maxBytes`, then well-formed UTF-8.
   * @throws {CodecError} `too-long`, `bad-utf8`, `truncated`.
   */
  text16(maxBytes: number): string {
    const length = within(this.u16(), maxBytes)
    const start = this.#advance(length)
    return fromUtf8(this.#bytes.subarray(start, start + length))
  }

  /**
   * Says that the message must be over.
   * @throws {CodecError} `trailing` if it is not.
   */
  end(): void {
    if (this.remaining > 0) throw new CodecError('trailing', 'bytes after the last field')
  }

  #advance(length: number): number {
    if (length > this.remaining) throw new CodecError('truncated', 'message ends inside a field')
    const start = this.#offset
    this.#offset += length
    return start
  }
}

function within(length: number, max: number): number {
  if (length > max) throw new CodecError('too-long', 'field longer than its limit')
  return length
}
