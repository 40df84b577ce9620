import { LimitError } from '../../../errors/index.ts'
import {
  maxFrameBytes,
  type CarrierName,
  type CarrierStream,
  type StreamEnd,
  type StreamHandlers,
  type Topic,
} from '../../carrier.ts'
import { FrameReader, frameToBytes } from './frame-reader.ts'

/** The bytes below a stream of frames. */
export interface BytePipe {
  /** Sends bytes in order of calls; resolves when the carrier has taken them or has ended. Never rejects. */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Says that `count` bytes received are out of the way: the other end may send as many more. */
  consumed(count: number): void
  /** Ends the pipe after the bytes that were taken. */
  close(): void
}

type State =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'listening'; readonly handlers: StreamHandlers }
  /** Over, but `end` and perhaps frames wait for a listener. */
  | { readonly kind: 'over'; readonly end: StreamEnd }
  | { readonly kind: 'ended' }

/** Frames over a pipe of bytes. The carrier that owns the pipe calls `receive` and `end`. */
export class FramedStream implements CarrierStream {
  readonly carrier: CarrierName
  readonly topic: Topic
  readonly #pipe: BytePipe
  readonly #maxBufferedBytes: number
  readonly #reader = new FrameReader()
  #state: State = { kind: 'waiting' }
  #delivering = false

  /** `maxBufferedBytes` bounds what may come before a listener does; more is a violation. */
  constructor(carrier: CarrierName, topic: Topic, pipe: BytePipe, maxBufferedBytes: number) {
    this.carrier = carrier
    this.topic = topic
    this.#pipe = pipe
    this.#maxBufferedBytes = maxBufferedBytes
  }

  async send(frame: Uint8Array<ArrayBuffer>): Promise<void> {
    if (frame.length === 0 || frame.length > maxFrameBytes) {
      throw new LimitError('frame-size', `a frame has 1 to ${maxFrameBytes} bytes`)
    }
    if (this.#state.kind === 'waiting' || this.#state.kind === 'listening') await this.#pipe.write(frameToBytes(frame))
  }

  listen(handlers: StreamHandlers): void {
    const before = this.#state
    if (before.kind === 'listening' || before.kind === 'ended') return
    this.#state = { kind: 'listening', handlers }
    const waiting = this.#reader.bufferedBytes
    this.#deliver()
    if (before.kind === 'over') this.#finish(before.end)
    else if (waiting > 0) this.#pipe.consumed(waiting)
  }

  close(): void {
    this.#shut('local')
  }

  /** Bytes from the other end, in order. */
  receive(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#state.kind !== 'waiting' && this.#state.kind !== 'listening') return
    if (this.#state.kind === 'waiting' && this.#reader.bufferedBytes + bytes.length > this.#maxBufferedBytes) {
      this.#shut('violation')
      return
    }
    this.#reader.push(bytes)
    if (this.#state.kind === 'waiting') return
    this.#deliver()
    this.#pipe.consumed(bytes.length)
  }

  /** The pipe is gone. */
  end(end: StreamEnd): void {
    if (this.#state.kind === 'waiting') this.#state = { kind: 'over', end }
    else if (this.#state.kind === 'listening') this.#finish(end)
  }

  #deliver(): void {
    // A handler may close the stream, or let more bytes in, while it runs.
    if (this.#delivering) return
    this.#delivering = true
    try {
      while (this.#state.kind === 'listening') {
        const frame = this.#reader.next()
        if (frame === undefined) break
        const { handlers } = this.#state
        guard(() => {
          handlers.frame(frame)
        })
      }
    } catch {
      this.#shut('violation')
    } finally {
      this.#delivering = false
    }
  }

  #shut(end: StreamEnd): void {
    if (this.#state.kind === 'over' || this.#state.kind === 'ended') return
    if (this.#state.kind === 'waiting') {
      // Nobody listened: what came is of no use, but a late listener still learns of the end.
      this.#reader.clear()
      this.#state = { kind: 'over', end }
    } else this.#finish(end)
    this.#pipe.close()
  }

  #finish(end: StreamEnd): void {
    if (this.#state.kind !== 'listening') return
    const { handlers } = this.#state
    this.#state = { kind: 'ended' }
    this.#reader.clear()
    guard(() => {
      handlers.ended(end)
    })
  }
}

/** A listener's own fault surfaces as an uncaught error; the stream goes on. */
function guard(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
