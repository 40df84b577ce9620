import type { BytePipe } from './framed-stream.ts'

export interface CreditWindows {
  /** Bytes that may be on their way from us before the other end gives credit. */
  readonly sendBytes: number
  /** Bytes that may be on their way to us. */
  readonly receiveBytes: number
  /** Largest piece that is handed to `data`. */
  readonly pieceBytes: number
}

export interface CreditHooks {
  data(bytes: Uint8Array<ArrayBuffer>): void
  /** So many bytes are out of the way: as many more may come. */
  credit(count: number): void
  /** Called once, when the pipe is closed from this side. */
  closed(): void
}

/** Credit is given back in pieces of this part of the window: one message for many, and never a sender that stands still. */
const creditsPerWindow = 4

interface Sending {
  readonly bytes: Uint8Array<ArrayBuffer>
  offset: number
  readonly taken: () => void
}

/** One stream of bytes with credit both ways; how bytes and credit travel is its owner's business. */
export class CreditPipe implements BytePipe {
  readonly #windows: CreditWindows
  readonly #hooks: CreditHooks
  readonly #queue: Sending[] = []
  #credit: number
  #received = 0
  #consumed = 0
  #over = false

  constructor(windows: CreditWindows, hooks: CreditHooks) {
    this.#windows = windows
    this.#hooks = hooks
    this.#credit = windows.sendBytes
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#over) return Promise.resolve()
    return new Promise((taken) => {
      this.#queue.push({ bytes, offset: 0, taken })
      this.#pump()
    })
  }

  consumed(count: number): void {
    if (this.#over) return
    this.#consumed += count
    if (this.#consumed < this.#windows.receiveBytes / creditsPerWindow) return
    this.#hooks.credit(this.#consumed)
    this.#received -= this.#consumed
    this.#consumed = 0
  }

  close(): void {
    if (this.#over) return
    this.lost()
    this.#hooks.closed()
  }

  /** False when the other end sends more than it has credit for. */
  admits(count: number): boolean {
    this.#received += count
    return this.#received <= this.#windows.receiveBytes
  }

  granted(credit: number): void {
    this.#credit += credit
    this.#pump()
  }

  /** Ends without a word to the other end: it has ended the stream, or is gone. Whoever waits for credit waits no more. */
  lost(): void {
    this.#over = true
    for (const sending of this.#queue.splice(0)) sending.taken()
  }

  #pump(): void {
    for (;;) {
      const next = this.#queue[0]
      if (!next || this.#credit === 0) return
      const end = Math.min(next.bytes.length, next.offset + Math.min(this.#credit, this.#windows.pieceBytes))
      const piece = next.bytes.subarray(next.offset, end)
      // Counted before it is handed over: what takes it may answer at once.
      this.#credit -= piece.length
      next.offset = end
      if (end === next.bytes.length) this.#queue.shift()
      this.#hooks.data(piece)
      if (end === next.bytes.length) next.taken()
    }
  }
}
