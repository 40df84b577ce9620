import type { Clock } from '@p2pigeon/core/node'
import { ByteQueue } from './byte-queue.ts'
import type { Leg } from './leg.ts'
import type { HypernatLimits } from './limits.ts'
import type { Outbound } from './outbound.ts'

export interface ClientLegPorts {
  readonly outbound: Outbound
  readonly clock: Clock
  readonly limits: HypernatLimits
  /** Bytes that the client takes before it gives credit. */
  readonly clientWindowBytes: number
  /** The id means nothing any more. */
  readonly released: () => void
}

type State = 'open' | 'finishing' | 'over'

/** A client's end of a stream, with credit both ways. */
export class ClientLeg implements Leg {
  readonly #id: number
  readonly #ports: ClientLegPorts
  readonly #queue = new ByteQueue()
  #other: Leg | undefined
  #state: State = 'open'
  /** Bytes that may go to the client now. */
  #credit: number
  /** Bytes that the client may send now, and those it has credit coming for. */
  #allowance: number
  #returning = 0
  #cancelLinger: () => void = () => undefined

  constructor(id: number, ports: ClientLegPorts) {
    this.#id = id
    this.#ports = ports
    this.#credit = ports.clientWindowBytes
    this.#allowance = ports.limits.streamWindowBytes
  }

  join(other: Leg): void {
    this.#other = other
  }

  /** Bytes from the client. False when it had no credit for them. */
  receive(bytes: Uint8Array<ArrayBuffer>): boolean {
    this.#allowance -= bytes.length
    if (this.#allowance < 0) return false
    if (this.#state === 'open') this.#other?.write(bytes)
    return true
  }

  /** Credit from the client. False when it gives back more than it was sent. */
  granted(credit: number): boolean {
    this.#credit += credit
    if (this.#credit > this.#ports.clientWindowBytes) return false
    this.pump()
    return true
  }

  /** The client has ended the stream, or is gone. */
  ended(): void {
    if (this.#state === 'over') return
    const otherIsOpen = this.#state === 'open'
    this.#release()
    if (otherIsOpen) this.#other?.finish()
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#state !== 'open') return
    this.#queue.push(bytes)
    this.pump()
  }

  consumed(count: number): void {
    if (this.#state !== 'open') return
    this.#returning += count
    if (this.#returning < this.#ports.limits.streamWindowBytes / 4) return
    this.#allowance += this.#returning
    this.#ports.outbound.send({ type: 'ack', id: this.#id, credit: this.#returning })
    this.#returning = 0
  }

  finish(): void {
    if (this.#state !== 'open') return
    this.#state = 'finishing'
    this.pump()
    if (this.#queue.length === 0) return
    this.#cancelLinger = this.#ports.clock.after(this.#ports.limits.lingerMs, () => {
      this.#queue.clear()
      this.pump()
    })
  }

  /** Sends what credit and socket allow. */
  pump(): void {
    const { outbound, limits } = this.#ports
    while (this.#queue.length > 0 && this.#credit > 0 && outbound.writable) {
      const bytes = this.#queue.take(Math.min(this.#credit, limits.maxDataBytes))
      this.#credit -= bytes.length
      outbound.send({ type: 'data', id: this.#id, bytes })
      this.#other?.consumed(bytes.length)
    }
    if (this.#state === 'finishing' && this.#queue.length === 0) {
      this.#release()
      outbound.send({ type: 'close', id: this.#id })
    }
  }

  #release(): void {
    this.#state = 'over'
    this.#cancelLinger()
    this.#queue.clear()
    this.#ports.released()
  }
}
