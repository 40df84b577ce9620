/** Bytes of a picture, wherever they are. */
export interface PictureBody {
  readonly sizeBytes: number
  /** From `start` up to `end`, which is at most `sizeBytes`. Rejects where they cannot be read any more. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>
}

/** Headers of a picture are small and many: so much is read at a time. */
const windowBytes = 262_144

/** Reads a picture from its start to its end, a window at a time. */
export class PictureReader {
  readonly sizeBytes: number
  readonly #body: PictureBody
  #at = 0
  #window = new Uint8Array(0)

  constructor(body: PictureBody) {
    this.#body = body
    this.sizeBytes = body.sizeBytes
  }

  /** `undefined` where there are not so many. */
  async bytes(at: number, length: number): Promise<DataView | undefined> {
    if (at + length > this.sizeBytes) return undefined
    if (at < this.#at || at + length > this.#at + this.#window.length) {
      const end = Math.min(this.sizeBytes, at + Math.max(length, windowBytes))
      this.#window = await this.#body.slice(at, end)
      this.#at = at
    }
    const from = at - this.#at
    if (this.#window.length < from + length) return undefined
    return new DataView(this.#window.buffer, this.#window.byteOffset + from, length)
  }

  /** As much as is at hand from there on: at least a byte, unless the end is there. */
  async some(at: number): Promise<Uint8Array> {
    const first = await this.bytes(at, 1)
    return first ? this.#window.subarray(at - this.#at) : new Uint8Array(0)
  }
}

/** Four characters as formats name their parts by. */
export function fourCharacters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}
