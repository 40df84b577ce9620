import { fromHex, toHex } from '../../src/bytes/index.ts'
import type { Announcement, Carrier, CarrierAddress, CarrierStream, StreamEnd } from '../../src/signalling/index.ts'
import { FakeStream } from '../../src/testing/index.ts'

interface Place {
  readonly topic: string
  readonly address: CarrierAddress
  readonly owner: Carrier
  accept(stream: CarrierStream): void
}

class WatchedStream extends FakeStream {
  ended: () => void = () => undefined

  override end(end: StreamEnd): void {
    super.end(end)
    this.ended()
  }
}

/** A road between carriers in one process. It keeps every stream, and so sees what a real carrier sees. */
export class FakeNetwork {
  /** Dialling and accepting end of every stream so far. */
  readonly streams: [FakeStream, FakeStream][] = []
  readonly #places = new Set<Place>()
  readonly #waiting = new Set<() => void>()
  #addresses = 0

  /** Every topic that anybody stands under. */
  get topics(): readonly string[] {
    return [...new Set([...this.#places].map(({ topic }) => topic))]
  }

  /** Everything that has passed, in both directions. */
  get capture(): readonly Uint8Array[] {
    return this.streams.flatMap(([here, there]) => [...here.sent, ...there.sent])
  }

  /** Resolves when at least so many streams have been dialled and all of them are over. */
  over(count: number): Promise<void> {
    return this.until(
      () => this.streams.length >= count && this.streams.every(([here, there]) => here.closed && there.closed),
    )
  }

  /** Resolves as soon as `holds` does, looked at whenever a stream ends or an announcement comes or goes. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
      check()
    })
  }

  carrier(): Carrier {
    const places = this.#places
    const carrier: Carrier = {
      name: 'dht',
      state: { kind: 'ready', network: 'local' },
      relayHost: undefined,
      on: () => () => undefined,
      announce: (topic, accept): Announcement => {
        const place: Place = { topic: toHex(topic), address: this.#freshAddress(), owner: carrier, accept }
        places.add(place)
        this.#wake()
        return {
          isOurs: (address) => toHex(address) === toHex(place.address),
          withdraw: () => {
            places.delete(place)
            this.#wake()
          },
        }
      },
      async *lookup(topic, { signal }) {
        for (const place of [...places]) {
          signal.throwIfAborted()
          if (place.topic === toHex(topic) && place.owner !== carrier) yield Promise.resolve(place.address)
        }
      },
      dial: async (_, address, { signal }) => {
        signal.throwIfAborted()
        const place = [...places].find((one) => toHex(one.address) === toHex(address))
        if (place === undefined) throw new Error('unreachable')
        return Promise.resolve(this.#open(place))
      },
      close: () => undefined,
    }
    return carrier
  }

  #open(place: Place): FakeStream {
    const topic = fromHex(place.topic)
    const [here, there] = [new WatchedStream('dht', topic), new WatchedStream('dht', topic)]
    FakeStream.join(here, there)
    here.ended = there.ended = () => {
      this.#wake()
    }
    this.streams.push([here, there])
    place.accept(there)
    return here
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check()
  }

  #freshAddress(): CarrierAddress {
    const address = new Uint8Array(32)
    new DataView(address.buffer).setUint32(0, ++this.#addresses)
    return address
  }
}
