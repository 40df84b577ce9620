import type { BytePipe } from '../framing/index.ts'
import type { Frame } from './wire/index.ts'

/** Bytes of one stream that may be on their way to us. */
export const receiveWindowBytes = 262_144
/** Credit is given back in pieces of this size: one `ack` for many `data`, and never a sender that stands still. */
const ackEveryBytes = receiveWindowBytes / 4

interface Sending {
  readonly bytes: Uint8Array<ArrayBuffer>
  offset: number
  readonly taken: () => void
}

/** One stream of a relay connection: bytes with credit both ways. */
export class RelayPipe implements BytePipe {
  readonly #id: number
  readonly #transmit: (frame: Frame) => void
  readonly #released: () => void
  readonly #maxDataBytes: number
  readonly #queue: Sending[] = []
  #credit: number
  #received = 0
  #consumed = 0
  #over = false

  /** `released` is called once, when the pipe is closed from this side. */
  constructor(
    id: number,
    window: { readonly windowBytes: number; readonly maxDataBytes: number },
    transmit: (frame: Frame) => void,
    released: () => void,
  ) {
    this.#id = id
    this.#credit = window.windowBytes
    this.#maxDataBytes = window.maxDataBytes
    this.#transmit = transmit
    this.#released = released
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
    if (this.#consumed < ackEveryBytes) return
    this.#transmit({ type: 'ack', id: this.#id, credit: this.#consumed })
    this.#received -= this.#consumed
    this.#consumed = 0
  }

  close(): void {
    if (this.#over) return
    this.lost()
    this.#transmit({ type: 'close', id: this.#id })
    this.#released()
  }

  /** False when the relay sends more than it has credit for. */
  admits(count: number): boolean {
    this.#received += count
    return this.#received <= receiveWindowBytes
  }

  granted(credit: number): void {
    this.#credit += credit
    this.#pump()
  }

  /** Ends without a word to the relay: it has ended the stream, or is gone. Whoever waits for credit waits no more. */
  lost(): void {
    this.#over = true
    for (const sending of this.#queue.splice(0)) sending.taken()
  }

  #pump(): void {
    for (;;) {
      const next = this.#queue[0]
      if (!next || this.#credit === 0) return
      const end = Math.min(next.bytes.length, next.offset + Math.min(this.#credit, this.#maxDataBytes))
      this.#transmit({ type: 'data', id: this.#id, bytes: next.bytes.subarray(next.offset, end) })
      this.#credit -= end - next.offset
      next.offset = end
      if (end === next.bytes.length) {
        this.#queue.shift()
        next.taken()
      }
    }
  }
}
