import { concat, utf8 } from '../bytes/index.ts'
import { UsageError } from '../errors/index.ts'

/**
 * Builds one message, field by field, big endian. What `Writer` writes, `Reader` reads.
 * Every method throws UsageError `bad-value` for a number out of its range and `too-long` for a field that its length
 * prefix cannot count.
 */
export class Writer {
  readonly #parts: Uint8Array[] = []

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
    const field = new Uint8Array(8)
    new DataView(field.buffer).setBigUint64(0, wide)
    return this.fixed(field)
  }

  /** The bytes as they are: both ends know how many. */
  fixed(bytes: Uint8Array): this {
    this.#parts.push(bytes.slice())
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
    return concat(...this.#parts)
  }

  #unsigned(value: number, width: 1 | 2 | 4): this {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) throw outOfRange()
    const field = new Uint8Array(width)
    for (let index = 0; index < width; index++) field[index] = Math.floor(value / 2 ** (8 * (width - 1 - index)))
    return this.fixed(field)
  }
}

function outOfRange(): UsageError {
  return new UsageError('bad-value', 'number out of the range of its field')
}

function tooLong(): UsageError {
  return new UsageError('too-long', 'field longer than its length prefix can count')
}
