import { Duplex } from 'node:stream'

type Bytes = Uint8Array<ArrayBuffer>

/** Bytes of one stream that may be on the bus before the other server has taken them. */
export const busWindowBytes = 262_144
/** As much as waits in a stream on either side before it says so. */
const highWaterMark = 65_536

export interface BusStreamPorts {
  data(bytes: Bytes): void
  credit(count: number): void
  end(): void
  /** The stream is over; nothing more is said. `broken`: tell the other end. */
  over(broken: boolean): void
}

/** One end of a stream between two servers, with credit both ways. */
export class BusStream extends Duplex {
  readonly #ports: BusStreamPorts
  #credit = busWindowBytes
  #allowance = busWindowBytes
  /** Taken from the bus and not given back as credit yet. */
  #returning = 0
  #blocked: { readonly bytes: Bytes; readonly done: () => void } | undefined
  #goneAlready = false

  constructor(ports: BusStreamPorts) {
    super({ highWaterMark, allowHalfOpen: true })
    this.#ports = ports
  }

  /** Bytes from the other server. */
  received(bytes: Bytes): void {
    this.#allowance -= bytes.length
    if (this.#allowance < 0) {
      this.destroy()
      return
    }
    this.#returning += bytes.length
    this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  }

  granted(count: number): void {
    this.#credit += count
    if (this.#credit > busWindowBytes) {
      this.destroy()
      return
    }
    const blocked = this.#blocked
    this.#blocked = undefined
    if (blocked !== undefined) this.#pass(blocked.bytes, blocked.done)
  }

  otherEnded(): void {
    this.push(null)
  }

  gone(): void {
    this.#goneAlready = true
    this.destroy()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#pass(new Uint8Array(chunk), done)
  }

  override _read(): void {
    if (this.#returning === 0) return
    const count = this.#returning
    this.#returning = 0
    this.#allowance += count
    this.#ports.credit(count)
  }

  override _final(done: () => void): void {
    this.#ports.end()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#blocked = undefined
    this.#ports.over(!this.#goneAlready && !(this.readableEnded && this.writableFinished))
    done(error)
  }

  #pass(bytes: Bytes, done: () => void): void {
    if (this.#credit < bytes.length) {
      const fits = this.#credit
      if (fits > 0) this.#ports.data(bytes.subarray(0, fits))
      this.#credit = 0
      this.#blocked = { bytes: bytes.subarray(fits), done }
      return
    }
    this.#credit -= bytes.length
    this.#ports.data(bytes)
    done()
  }
}
