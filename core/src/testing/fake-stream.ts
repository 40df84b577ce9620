import { LimitError } from '../errors/index.ts'
import {
  maxFrameBytes,
  type CarrierName,
  type CarrierStream,
  type StreamEnd,
  type StreamHandlers,
} from '../signalling/index.ts'

type Frame = Uint8Array<ArrayBuffer>

/**
 * One end of a carrier stream in memory. Frames arrive in a later turn, in order, unless the test plays the hostile
 * carrier: it sees everything in `sent`, changes what arrives with `intercept`, makes frames up with `inject`, and
 * refuses to take them with `pause`.
 */
export class FakeStream implements CarrierStream {
  readonly carrier: CarrierName
  readonly topic: Frame
  /** Every frame given to `send`, as it was. */
  readonly sent: Frame[] = []
  /** What the other end receives instead of frame number `index` of this end. */
  intercept: ((frame: Frame, index: number) => readonly Frame[]) | undefined
  #other: FakeStream | undefined
  #handlers: StreamHandlers | undefined
  readonly #early: Frame[] = []
  #end: StreamEnd | undefined
  #paused: (() => void)[] | undefined

  constructor(carrier: CarrierName, topic: Frame) {
    this.carrier = carrier
    this.topic = topic
  }

  /** Makes two ends one stream. */
  static join(a: FakeStream, b: FakeStream): void {
    a.#other = b
    b.#other = a
  }

  get closed(): boolean {
    return this.#end !== undefined
  }

  async send(frame: Frame): Promise<void> {
    if (frame.length === 0 || frame.length > maxFrameBytes) throw new LimitError('frame-size', 'no frame has this size')
    if (this.closed) return
    const index = this.sent.push(frame) - 1
    const arriving = this.intercept?.(frame, index) ?? [frame]
    if (this.#paused !== undefined) {
      const waiting = this.#paused
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    for (const one of arriving) this.inject(one)
  }

  /** Lets a frame arrive at the other end, whoever made it up. */
  inject(frame: Frame): void {
    const copy = frame.slice()
    queueMicrotask(() => {
      this.#other?.arrive(copy)
    })
  }

  /** Takes no frame until `resume`. */
  pause(): void {
    this.#paused ??= []
  }

  resume(): void {
    const waiting = this.#paused ?? []
    this.#paused = undefined
    for (const go of waiting) go()
  }

  listen(handlers: StreamHandlers): void {
    this.#handlers = handlers
    for (const frame of this.#early.splice(0)) handlers.frame(frame)
    if (this.#end !== undefined) handlers.ended(this.#end)
  }

  close(): void {
    this.end('local')
    queueMicrotask(() => {
      this.#other?.end('remote')
    })
  }

  /** Ends this end alone, as a carrier would. */
  end(end: StreamEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.resume()
    this.#handlers?.ended(end)
  }

  /** A frame comes in at this end; use `inject` on the other end to keep the order. */
  arrive(frame: Frame): void {
    if (this.#end !== undefined) return
    if (this.#handlers === undefined) this.#early.push(frame)
    else this.#handlers.frame(frame)
  }
}

/** Dialler and acceptor of one stream. */
export function fakeStreamPair(
  topic: Frame = new Uint8Array(32),
  carrier: CarrierName = 'dht',
): [FakeStream, FakeStream] {
  const ends: [FakeStream, FakeStream] = [new FakeStream(carrier, topic), new FakeStream(carrier, topic)]
  FakeStream.join(...ends)
  return ends
}
