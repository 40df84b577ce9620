import type { DirectChannel, DirectListener } from '../files/direct/index.ts'

/** One end of a way between two devices in one process. It takes a message at a time off the queue, and none while it is held. */
export class FakeDirectChannel implements DirectChannel {
  /** The other end; see `fakeDirectPair`. */
  peer: FakeDirectChannel | undefined
  /** What was said into this end, in order, and what of it has not arrived. */
  readonly sent: Uint8Array<ArrayBuffer>[] = []
  /** While true nothing that was sent arrives. */
  isHeld = false
  isClosed = false
  /** What the listener threw at what it was sent. */
  fault: unknown
  readonly #waiting: Uint8Array<ArrayBuffer>[] = []
  #listener: DirectListener | undefined
  #drains: (() => void)[] = []
  #flowing = false

  listen(listener: DirectListener): void {
    this.#listener = listener
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.isClosed) return
    this.sent.push(message.slice())
    this.#waiting.push(message.slice())
    this.#flow()
  }

  drained(): Promise<void> {
    if (this.isClosed || this.#waiting.length < 4) return Promise.resolve()
    return new Promise((resolve) => this.#drains.push(resolve))
  }

  /** Lets so many messages go that are held. */
  async let(count: number): Promise<void> {
    for (let gone = 0; gone < count; gone++) {
      this.#deliver()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const release of this.#drains.splice(0)) release()
    this.#listener?.closed()
    this.peer?.close()
  }

  #flow(): void {
    if (this.#flowing) return
    this.#flowing = true
    setImmediate(() => {
      this.#flowing = false
      if (this.isHeld || this.isClosed) return
      this.#deliver()
      if (this.#waiting.length > 0) this.#flow()
    })
  }

  #deliver(): void {
    const message = this.#waiting.shift()
    if (message === undefined) return
    this.peer?.take(message)
    if (this.#waiting.length < 4) for (const release of this.#drains.splice(0)) release()
  }

  private take(message: Uint8Array<ArrayBuffer>): void {
    try {
      this.#listener?.received(message)
    } catch (error) {
      this.fault = error
      this.close()
    }
  }
}

/** Two ends of one way. */
export function fakeDirectPair(): readonly [FakeDirectChannel, FakeDirectChannel] {
  const [here, there] = [new FakeDirectChannel(), new FakeDirectChannel()]
  here.peer = there
  there.peer = here
  return [here, there]
}
