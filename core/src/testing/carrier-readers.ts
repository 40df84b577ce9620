import type { Carrier, CarrierAddress, CarrierStream, StreamEnd, Topic } from '../signalling/index.ts'

/** As long as a busy machine may need; a test that runs into it has failed. */
export const patience = () => AbortSignal.timeout(15_000)

/** Values that come, awaited one by one. */
export class Queue<T> {
  readonly #values: T[] = []
  readonly #waiting: ((value: T) => void)[] = []

  push(value: T): void {
    const resolve = this.#waiting.shift()
    if (resolve) resolve(value)
    else this.#values.push(value)
  }

  next(): Promise<T> {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift() as T)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}

export function read(stream: CarrierStream) {
  const frames = new Queue<Uint8Array<ArrayBuffer>>()
  const reading = { frames, ends: 0, ended: Promise.resolve<StreamEnd>('local') }
  reading.ended = new Promise<StreamEnd>((resolve) => {
    stream.listen({
      frame: (frame) => {
        frames.push(frame)
      },
      ended: (end) => {
        reading.ends += 1
        resolve(end)
      },
    })
  })
  return reading
}

export function echoing(stream: CarrierStream): CarrierStream {
  stream.listen({
    frame: (frame) => {
      void stream.send(frame)
    },
    ended: () => undefined,
  })
  return stream
}

/** Everything that one lookup finds. */
export async function search(carrier: Carrier, topic: Topic, signal = patience()): Promise<CarrierAddress[]> {
  const found: CarrierAddress[] = []
  for await (const address of carrier.lookup(topic, { signal })) found.push(address)
  return found
}

/** Looks until somebody is found: announcing takes its time in the background. */
export async function find(carrier: Carrier, topic: Topic): Promise<CarrierAddress> {
  const signal = patience()
  for (;;) {
    for await (const address of carrier.lookup(topic, { signal })) return address
  }
}

export function someTopic(): Topic {
  return crypto.getRandomValues(new Uint8Array(32))
}

export function bytes(...values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values)
}
