import { DhtPipe, type Clock, type DhtStream } from '@p2pigeon/core/node'
import type { Leg } from './leg.ts'

/** Carriers write pieces of 64 KiB; whoever sends far larger ones is out to fill memory. */
const maxPieceBytes = 131_072

/** The DHT's end of a stream: another relay's client, or a native peer. */
export class DhtLeg implements Leg {
  readonly #pipe: DhtPipe

  /** To be made in the tick in which the stream came. */
  constructor(stream: DhtStream, clock: Clock, other: Leg) {
    this.#pipe = new DhtPipe(stream, clock)
    this.#other = other
    this.#pipe.start({
      received: (bytes) => {
        if (bytes.length > maxPieceBytes) stream.destroy()
        else other.write(bytes)
      },
      ended: () => {
        other.finish()
      },
    })
  }

  readonly #other: Leg

  write(bytes: Uint8Array<ArrayBuffer>): void {
    void this.#pipe.write(bytes).then(() => {
      this.#other.consumed(bytes.length)
    })
  }

  consumed(count: number): void {
    this.#pipe.consumed(count)
  }

  finish(): void {
    this.#pipe.close()
  }
}
