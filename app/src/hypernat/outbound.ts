import { encodeFrame, type Frame } from '@p2pigeon/core/relay-protocol'
import type { WebSocket } from 'ws'
import type { HypernatLimits } from './limits.ts'

/** Control frames may pile up this many times higher than data before the client is no longer read. */
const controlFactor = 4

/** What this needs of a WebSocket. */
export type Wire = Pick<WebSocket, 'readyState' | 'OPEN' | 'bufferedAmount' | 'isPaused' | 'pause' | 'resume'> & {
  send(message: Uint8Array, flushed: () => void): void
}

/**
 * The way to one client. Data is held back by `writable`; control frames are always sent, but a client that does not
 * take them is not read until it does, so it cannot make us queue answers.
 */
export class Outbound {
  readonly #socket: Wire
  readonly #limits: HypernatLimits
  readonly #drained: () => void
  #messages = 0
  #held = false

  /** `drained` is called when `writable` has become true again. */
  constructor(socket: Wire, limits: HypernatLimits, drained: () => void) {
    this.#socket = socket
    this.#limits = limits
    this.#drained = drained
  }

  get writable(): boolean {
    if (this.#above(1)) this.#held = true
    return !this.#held
  }

  send(frame: Frame): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#messages += 1
    this.#socket.send(encodeFrame(frame), () => {
      this.#messages -= 1
      this.#flushed()
    })
    if (this.#above(controlFactor)) {
      this.#held = true
      this.#socket.pause()
    }
  }

  #above(factor: number): boolean {
    const { holdAtMessages, holdAtBytes } = this.#limits
    return this.#messages >= factor * holdAtMessages || this.#socket.bufferedAmount >= factor * holdAtBytes
  }

  #flushed(): void {
    if (!this.#held || this.#above(0.25)) return
    this.#held = false
    if (this.#socket.isPaused) this.#socket.resume()
    this.#drained()
  }
}
