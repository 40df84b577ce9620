import type { Clock } from '../../../runtime/index.ts'
import type { BytePipe } from '../framing/index.ts'
import type { HyperStream } from './hyperdht.ts'

/** Largest piece written at once; a relay at the other end forwards pieces whole. */
export const maxPieceBytes = 65_536
/** Bytes that wait for a reader before the other end is made to wait; one piece may come on top. */
export const pauseAtBytes = 262_144
/** A stream that cannot flush its last bytes is destroyed after this time, in ms. */
const lingerMs = 5_000

export interface DhtPipeHandlers {
  /** Bytes in order. They count as held until `consumed`. */
  received(bytes: Uint8Array<ArrayBuffer>): void
  /** Exactly once, unless the pipe was closed from this side. */
  ended(): void
}

/** A DHT stream as a pipe of bytes; back-pressure both ways is that of the stream. */
export class DhtPipe implements BytePipe {
  readonly #stream: HyperStream
  readonly #clock: Clock
  readonly #waiting: (() => void)[] = []
  #held = 0
  #over = false
  #handlers: DhtPipeHandlers | undefined

  constructor(stream: HyperStream, clock: Clock) {
    this.#stream = stream
    this.#clock = clock
    stream.on('drain', () => {
      this.#wake()
    })
    stream.on('end', () => {
      this.#ended()
      stream.end()
    })
    stream.on('close', () => {
      this.#ended()
    })
  }

  /** Starts the flow of bytes. To be called once, in the tick in which the stream came. */
  start(handlers: DhtPipeHandlers): void {
    this.#handlers = handlers
    this.#stream.on('data', (bytes) => {
      if (this.#over) return
      this.#held += bytes.length
      if (this.#held >= pauseAtBytes) this.#stream.pause()
      handlers.received(bytesOf(bytes))
    })
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#over || this.#stream.destroyed) return
    let room = true
    for (let start = 0; start < bytes.length; start += maxPieceBytes) {
      const piece = bytes.subarray(start, start + maxPieceBytes)
      // hyperdht takes Node buffers; this one is a view of the same memory.
      room = this.#stream.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length))
    }
    if (!room) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  consumed(count: number): void {
    const paused = this.#held >= pauseAtBytes
    this.#held -= count
    if (paused && this.#held < pauseAtBytes && !this.#over) this.#stream.resume()
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    this.#wake()
    // Reading on lets the other end's own end come through; its bytes go nowhere.
    this.#stream.resume()
    this.#stream.end()
    const cancel = this.#clock.after(lingerMs, () => {
      this.#stream.destroy()
    })
    this.#stream.on('close', cancel)
  }

  #ended(): void {
    if (this.#over) return
    this.#over = true
    this.#wake()
    this.#handlers?.ended()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = bytes
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(bytes)
}
