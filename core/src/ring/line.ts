import type { CloseReason, SecureChannel } from '../channel/index.ts'
import type { Undo } from '../lifetime/index.ts'
import { decodeRingFrame, encodeRingFrame, type RingFrame } from './ring-frame.ts'

export interface LineHandlers {
  /** One frame, in order. */
  heard(frame: RingFrame): void
  /** The other end is gone, or broke the protocol. At most once; never after our own `hangUp`. */
  lost(): void
}

/** A secure channel that speaks ring frames. */
export class Line {
  readonly #channel: SecureChannel
  #handlers: LineHandlers | undefined
  #undo: Undo | undefined
  #over = false

  constructor(channel: SecureChannel) {
    this.#channel = channel
  }

  /** Starts delivery, or hands it to somebody else: what follows goes to the new handlers alone. */
  listen(handlers: LineHandlers): void {
    this.#handlers = handlers
    if (this.#undo !== undefined) return
    this.#undo = this.#channel.on('messageReceived', (message) => {
      this.#receive(message)
    })
    this.#channel.on('closed', () => {
      this.#end()
    })
  }

  /** Does nothing on a line that is over. */
  say(frame: RingFrame): void {
    if (!this.#over) this.#channel.send(encodeRingFrame(frame))
  }

  /** Hands the channel over to another use: nothing more is heard or said here. */
  release(): SecureChannel {
    this.#over = true
    this.#undo?.()
    return this.#channel
  }

  hangUp(reason: CloseReason): void {
    if (this.#over) return
    this.#over = true
    this.#undo?.()
    this.#channel.close(reason)
  }

  #receive(message: Uint8Array): void {
    if (this.#over) return
    let frame: RingFrame
    try {
      frame = decodeRingFrame(message)
    } catch {
      this.#channel.close('violation')
      this.#end()
      return
    }
    this.#handlers?.heard(frame)
  }

  #end(): void {
    if (this.#over) return
    this.#over = true
    this.#undo?.()
    this.#handlers?.lost()
  }
}
