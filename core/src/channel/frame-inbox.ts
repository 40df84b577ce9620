import { TransportError } from '../errors/index.ts'
import type { CarrierStream, StreamEnd, StreamHandlers } from '../signalling/index.ts'
import { isFrameSize } from './envelope.ts'
import { maxPendingBytes } from './limits.ts'

type Frame = Uint8Array<ArrayBuffer>

interface Waiter {
  resolve(frame: Frame): void
  reject(error: TransportError): void
}

/**
 * The frames of one stream: one at a time during the handshake (`next`), as they come afterwards (`forward`).
 * A frame of an impossible size, or more than `maxPendingBytes` waiting, ends the stream.
 */
export class FrameInbox {
  readonly #stream: CarrierStream
  readonly #waiting: Frame[] = []
  #waitingBytes = 0
  #waiter: Waiter | undefined
  #handlers: StreamHandlers | undefined
  #end: StreamEnd | undefined

  constructor(stream: CarrierStream) {
    this.#stream = stream
    stream.listen({
      frame: (frame) => {
        this.#take(frame)
      },
      ended: (end) => {
        this.#finish(end)
      },
    })
  }

  /**
   * The next frame; one call at a time, and none after `forward`.
   * @throws {TransportError} `handshake-lost` when the stream has ended and nothing is left.
   */
  async next(): Promise<Frame> {
    const frame = this.#waiting.shift()
    if (frame !== undefined) {
      this.#waitingBytes -= frame.length
      return frame
    }
    if (this.#end !== undefined) throw lost()
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject }
    })
  }

  /** Hands over what waits and everything that follows, the end included. */
  forward(handlers: StreamHandlers): void {
    this.#handlers = handlers
    for (const frame of this.#waiting.splice(0)) handlers.frame(frame)
    if (this.#end !== undefined) handlers.ended(this.#end)
  }

  #take(frame: Frame): void {
    if (this.#end !== undefined) return
    if (!isFrameSize(frame.length)) {
      this.#violate()
    } else if (this.#handlers !== undefined) {
      this.#handlers.frame(frame)
    } else if (this.#waiter !== undefined) {
      const waiter = this.#waiter
      this.#waiter = undefined
      waiter.resolve(frame)
    } else {
      this.#waiting.push(frame)
      this.#waitingBytes += frame.length
      if (this.#waitingBytes > maxPendingBytes) this.#violate()
    }
  }

  #violate(): void {
    this.#waiting.length = 0
    this.#finish('violation')
    this.#stream.close()
  }

  #finish(end: StreamEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#waiter?.reject(lost())
    this.#waiter = undefined
    this.#handlers?.ended(end)
  }
}

function lost(): TransportError {
  return new TransportError('handshake-lost', 'the stream ended during the handshake')
}
