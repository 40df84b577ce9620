import { utf8Into } from '../bytes/index.ts'
import { UsageError } from '../errors/index.ts'

/** Most messages fit at once. */
const usualBytes = 128

/**
 * Builds one message, field by field, big endian. What `Writer` writes, `Reader` reads.
 * Every method throws UsageError `bad-value` for a number out of its range and `too-long` for a field that its length
 * prefix cannot count.
 */
export class Writer {
  readonly #scratch: Uint8Array<ArrayBuffer> | undefined
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  #length = 0

  /** @param scratch memory to write a message in that fits; the result then lives there, until somebody writes again. */
  constructor(scratch?: Uint8Array<ArrayBuffer>) {
    this.#scratch = scratch
    this.#bytes = scratch ?? new Uint8Array(usualBytes)
    this.#view = viewOf(this.#bytes)
  }

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
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value) || value < 0) throw outOfRange()
      return this.u32(Math.floor(value / 2 ** 32)).u32(value % 2 ** 32)
    }
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw outOfRange()
    const start = this.#grow(8)
    this.#view.setBigUint64(start, value)
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
    const lengthAt = this.#grow(2)
    // One byte a unit is the usual case and three the worst: memory is moved only for what does not fit at once.
    const written = this.#utf8(text, text.length) ?? this.#utf8(text, 3 * text.length) ?? 0
    if (written > 0xffff) throw tooLong()
    this.#view.setUint16(lengthAt, written)
    return this
  }

  /** Everything written: in fresh memory, or in the scratch that was given. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes === this.#scratch ? this.#scratch.subarray(0, this.#length) : this.#bytes.slice(0, this.#length)
  }

  #unsigned(value: number, width: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) throw outOfRange()
    const start = this.#grow(width)
    if (width === 1) this.#view.setUint8(start, value)
    else if (width === 2) this.#view.setUint16(start, value)
    else this.#view.setUint32(start, value)
    return this
  }

  #utf8(text: string, room: number): number | undefined {
    const start = this.#grow(room)
    const written = utf8Into(text, this.#bytes.subarray(start))
    this.#length = start + (written ?? 0)
    return written
  }

  /** Makes place for `count` more bytes and says where. */
  #grow(count: number): number {
    const start = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = viewOf(larger)
    }
    return start
  }
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function outOfRange(): UsageError {
  return new UsageError('bad-value', 'number out of the range of its field')
}

function tooLong(): UsageError {
  return new UsageError('too-long', 'field longer than its length prefix can count')
}
