import { utf8 } from '../bytes/index.ts'
import { UsageError } from '../errors/index.ts'

/** Most messages fit at once. */
const firstBytes = 128

/**
 * Builds one message, field by field, big endian. What `Writer` writes, `Reader` reads.
 * Every method throws UsageError `bad-value` for a number out of its range and `too-long` for a field that its length
 * prefix cannot count.
 */
export class Writer {
  #bytes = new Uint8Array(firstBytes)
  #length = 0

  u8(value: number): this {
    return this.#unsigned(value, 1)
  }

  u16(value: number): this {
    return this.#unsigned(value, 2)
  }

  u32(value: number): this {
    return this.#unsigned(value, 4)
  }

  /** A number must be a safe integer; a bigint may use all 64 bits. */
  u64(value: number | bigint): this {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw outOfRange()
    const wide = BigInt(value)
    if (wide < 0n || wide > 0xffff_ffff_ffff_ffffn) throw outOfRange()
    const start = this.#grow(8)
    new DataView(this.#bytes.buffer).setBigUint64(start, wide)
    return this
  }

  /** The bytes as they are: both ends know how many. */
  fixed(bytes: Uint8Array): this {
    const start = this.#grow(bytes.length)
    this.#bytes.set(bytes, start)
    return this
  }

  /** A u16 length, then the bytes. */
  bytes16(bytes: Uint8Array): this {
    if (bytes.length > 0xffff) throw tooLong()
    return this.u16(bytes.length).fixed(bytes)
  }

  /** A u32 length, then the bytes. */
  bytes32(bytes: Uint8Array): this {
    if (bytes.length > 0xffff_ffff) throw tooLong()
    return this.u32(bytes.length).fixed(bytes)
  }

  /** A u16 length in bytes, then UTF-8. Half a surrogate pair becomes U+FFFD. */
  text16(text: string): this {
    return this.bytes16(utf8(text))
  }

  /** Everything written so far, in fresh memory. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  #unsigned(value: number, width: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) throw outOfRange()
    const start = this.#grow(width)
    const view = new DataView(this.#bytes.buffer)
    if (width === 1) view.setUint8(start, value)
    else if (width === 2) view.setUint16(start, value)
    else view.setUint32(start, value)
    return this
  }

  /** Makes place for `count` more bytes and says where. */
  #grow(count: number): number {
    const start = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    return start
  }
}

function outOfRange(): UsageError {
  return new UsageError('bad-value', 'number out of the range of its field')
}

function tooLong(): UsageError {
  return new UsageError('too-long', 'field longer than its length prefix can count')
}
