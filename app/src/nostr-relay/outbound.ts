import type { WebSocket } from 'ws'
import type { NostrRelayLimits } from './limits.ts'

/** What this needs of a WebSocket. */
export type Wire = Pick<WebSocket, 'readyState' | 'OPEN'> & {
  send(message: Uint8Array, options: { readonly binary: false }, flushed: () => void): void
}

/** Bytes that wait in all sockets together. */
export interface Backlog {
  bytes: number
}

export interface OutboundEvents {
  /** `writable` has changed. */
  held(isHeld: boolean): void
  /** The client takes what it is sent. */
  progressed(): void
  /** The client is too far behind; nothing more is sent. */
  overrun(): void
}

/**
 * The way to one client. Stored events are held back by `writable`; answers and live events are sent at once, and a client
 * that does not take them is given up.
 */
export class Outbound {
  readonly #socket: Wire
  readonly #limits: NostrRelayLimits
  readonly #total: Backlog
  readonly #events: OutboundEvents
  #bytes = 0
  #held = false
  #over = false

  constructor(socket: Wire, limits: NostrRelayLimits, total: Backlog, events: OutboundEvents) {
    this.#socket = socket
    this.#limits = limits
    this.#total = total
    this.#events = events
  }

  get writable(): boolean {
    return !this.#held && !this.#over
  }

  send(text: string): void {
    if (this.#over || this.#socket.readyState !== this.#socket.OPEN) return
    const message = Buffer.from(text)
    this.#wait(message.length)
    this.#socket.send(message, { binary: false }, () => {
      this.#flushed(message.length)
    })
    const { holdAtBytes, maxBacklogBytes, maxTotalBacklogBytes } = this.#limits
    if (this.#bytes >= holdAtBytes) this.#hold(true)
    if (this.#bytes > maxBacklogBytes || (this.#total.bytes > maxTotalBacklogBytes && this.#bytes >= holdAtBytes)) {
      this.close()
      this.#events.overrun()
    }
  }

  /** Nothing is sent or counted any more. */
  close(): void {
    if (this.#over) return
    this.#over = true
    this.#total.bytes -= this.#bytes
  }

  #wait(bytes: number): void {
    this.#bytes += bytes
    this.#total.bytes += bytes
  }

  #flushed(bytes: number): void {
    if (this.#over) return
    this.#wait(-bytes)
    this.#events.progressed()
    if (this.#held && this.#bytes <= this.#limits.holdAtBytes / 4) this.#hold(false)
  }

  #hold(isHeld: boolean): void {
    if (this.#held === isHeld) return
    this.#held = isHeld
    this.#events.held(isHeld)
  }
}
