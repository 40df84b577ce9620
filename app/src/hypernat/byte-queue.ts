const blockBytes = 16_384

/**
 * Bytes in, bytes out, boundaries not kept. Small pieces are gathered in blocks, so many tiny pieces cost at most about
 * three times their bytes.
 */
export class ByteQueue {
  readonly #pieces: Uint8Array<ArrayBuffer>[] = []
  #length = 0
  /** The last piece, while it is a block of ours with `#used` bytes in use. */
  #block: Uint8Array<ArrayBuffer> | undefined
  #used = 0

  get length(): number {
    return this.#length
  }

  push(bytes: Uint8Array<ArrayBuffer>): void {
    this.#length += bytes.length
    if (bytes.length >= blockBytes / 2) {
      this.#block = undefined
      this.#pieces.push(bytes)
      return
    }
    if (!this.#block || this.#used + bytes.length > blockBytes) {
      this.#block = new Uint8Array(blockBytes)
      this.#used = 0
      this.#pieces.push(this.#block.subarray(0, 0))
    }
    const before = this.#pieces.pop()
    this.#block.set(bytes, this.#used)
    this.#used += bytes.length
    this.#pieces.push(this.#block.subarray(this.#used - bytes.length - (before?.length ?? 0), this.#used))
  }

  /** Up to `max` bytes from the front; none only when the queue is empty or `max` is 0. */
  take(max: number): Uint8Array<ArrayBuffer> {
    const first = this.#pieces[0]
    if (!first) return new Uint8Array(0)
    const taken = first.subarray(0, max)
    this.#length -= taken.length
    if (taken.length < first.length) this.#pieces[0] = first.subarray(taken.length)
    else {
      this.#pieces.shift()
      if (this.#pieces.length === 0) this.#block = undefined
    }
    return taken
  }

  clear(): void {
    this.#pieces.length = 0
    this.#length = 0
    this.#block = undefined
  }
}
