import type { PictureBody } from './body.ts'

/** Bytes that others stand in for. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

const none = new Uint8Array(0)

/** Collects edits from the start to the end. */
export class Edits {
  readonly all: Edit[] = []
  #removed = 0

  /** How much shorter the file becomes. */
  get removedBytes(): number {
    return this.#removed
  }

  remove(start: number, end: number): void {
    const last = this.all.at(-1)
    this.#removed += end - start
    if (last?.end === start && last.bytes.length === 0) this.all[this.all.length - 1] = { ...last, end }
    else this.all.push({ start, end, bytes: none })
  }

  replace(start: number, end: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#removed += end - start - bytes.length
    this.all.push({ start, end, bytes })
  }
}

/** A piece of the edited file: of the old body, or bytes of an edit. */
interface Piece {
  /** Place in the new file. */
  readonly at: number
  readonly length: number
  readonly from: number | Uint8Array<ArrayBuffer>
}

/** The same file with these edits, in ascending order and apart. Reads of it read what they need of the old one. */
export function withoutDetails(body: PictureBody, edits: readonly Edit[]): PictureBody {
  const pieces: Piece[] = []
  let [from, at] = [0, 0]
  const push = (length: number, source: Piece['from']): void => {
    if (length > 0) pieces.push({ at, length, from: source })
    at += length
  }
  for (const { start, end, bytes } of edits) {
    push(start - from, from)
    push(bytes.length, bytes)
    from = end
  }
  push(body.sizeBytes - from, from)
  const sizeBytes = at
  return {
    sizeBytes,
    slice: async (start, end) => {
      const out = new Uint8Array(Math.max(0, Math.min(end, sizeBytes) - start))
      for (const piece of pieces) {
        const first = Math.max(start, piece.at)
        const last = Math.min(end, piece.at + piece.length)
        if (first >= last) continue
        const [skip, stop] = [first - piece.at, last - piece.at]
        const part =
          typeof piece.from === 'number'
            ? await body.slice(piece.from + skip, piece.from + stop)
            : piece.from.subarray(skip, stop)
        out.set(part, first - start)
      }
      return out
    },
  }
}
