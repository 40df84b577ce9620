import type { PeerSession } from '../peer/index.ts'
import { encodeControl } from './control.ts'

/** Removals that a host repeats to whoever connects; more than a room of eight will ever see. */
const maxKicks = 64

/** The host's removals, kept for members who were not connected when they were spoken. */
export class Removals {
  readonly #orders: Uint8Array<ArrayBuffer>[] = []

  /** Remembers the removal of a participant and gives the order to send. */
  add(publicKey: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const order = encodeControl({ kind: 'kick', publicKey })
    this.#orders.push(order)
    if (this.#orders.length > maxKicks) this.#orders.shift()
    return order
  }

  repeatTo(session: PeerSession): void {
    for (const order of this.#orders) session.sendControl(order)
  }
}
