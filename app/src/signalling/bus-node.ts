import { TransportError } from '@p2pigeon/core'
import type { Clock, DhtKeyPair, DhtStream } from '@p2pigeon/core/node'
import type { Beyond } from '../hypernat/index.ts'
import { addressBytes, encodeBusFrame, nameBytes, readBusFrame, type BusFrame } from './bus-frames.ts'
import { BusStream } from './bus-stream.ts'
import type { Bus, Subscription, Undo } from './bus/index.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Accept = (stream: DhtStream) => void

/** A server that has not answered by then is not there, in ms. */
const answerTimeoutMs = 2_000
/** Announcements of one topic that one answer may name. */
const maxAddressesPerAnswer = 128
/** Streams over the bus at once; more are refused. */
const maxBusStreams = 2_048
/** How often a server asks whether those at the other ends of its streams are still there, in ms. */
const aliveMs = 15_000

interface Topic {
  /** Announced here; only those whose channel is open are told to others. */
  readonly addresses: Set<Bytes>
  readonly subscription: Subscription
  /** Resolves when others find what was announced until now. */
  ready: Promise<unknown>
  /** Announcements in force. */
  count: number
}

interface Stream {
  readonly stream: BusStream
  /** Where its other end is. */
  readonly server: Bytes
}

export interface BusNodePorts {
  readonly bus: Bus
  readonly clock: Clock
  readonly random: (length: number) => Bytes
}

/**
 * Signalling servers among themselves: each answers on a topic for the clients that stand under it, and streams go from server to server. A
 * server knows nothing that it was not told by a client that is connected now.
 */
export class BusNode implements Beyond {
  readonly network = 'public'
  /** An announcement costs the bus nothing. */
  readonly announceDelayMs = 0
  readonly #ports: BusNodePorts
  #self: Bytes
  #own: Subscription
  readonly #topics = new Map<string, Topic>()
  readonly #questions = new Map<string, (addresses: readonly Bytes[]) => void>()
  readonly #opening = new Map<string, { opened(server: Bytes): void; refused(): void }>()
  readonly #streams = new Map<string, Stream>()
  readonly #stopFollowing: Undo
  #cancelAlive: Undo | undefined
  #closed = false

  constructor(ports: BusNodePorts) {
    this.#ports = ports
    this.#self = ports.random(nameBytes)
    this.#own = this.#listen()
    this.#stopFollowing = ports.bus.onGap(() => {
      this.#renew()
    })
  }

  node(): this {
    return this
  }

  onNetworkChanged(): () => void {
    return () => undefined
  }

  /** An address of its own for each announcement; there is nothing to sign. */
  newKeyPair(): DhtKeyPair {
    return { publicKey: this.#ports.random(addressBytes), secretKey: new Uint8Array(0) }
  }

  announce(topic: Bytes, { publicKey }: DhtKeyPair, accept: Accept): { withdraw(): Promise<void> } {
    const address = new Uint8Array(publicKey)
    const held = this.#topic(topic)
    let withdrawn = false
    const subscription = this.#ports.bus.subscribe(addressChannel(address), (message) => {
      const frame = readBusFrame(message)
      if (frame?.kind === 'open') this.#accept(frame.name, frame.server, accept)
    })
    const told = subscription.ready.then(() => {
      if (!withdrawn) held.addresses.add(address)
    })
    held.ready = Promise.all([held.ready, told])
    held.count += 1
    return {
      withdraw: () => {
        if (withdrawn) return Promise.resolve()
        withdrawn = true
        subscription.end()
        held.addresses.delete(address)
        held.count -= 1
        if (held.count === 0) {
          held.subscription.end()
          this.#topics.delete(hex(topic))
        }
        return Promise.resolve()
      },
    }
  }

  /**
   * Who announces this topic at other servers, as they answer. Of two that announce and then look up, the later one finds the other.
   * @throws {TransportError} `carrier-lost` when the bus is out of reach; the signal's reason when aborted.
   */
  async *lookup(topic: Bytes, { signal }: { signal: AbortSignal }): AsyncGenerator<Bytes, void, void> {
    signal.throwIfAborted()
    const name = this.#ports.random(nameBytes)
    const answers: Bytes[][] = []
    let wake: () => void = () => undefined
    this.#questions.set(hex(name), (addresses) => {
      answers.push([...addresses])
      wake()
    })
    const late = new AbortController()
    const over = (): void => {
      late.abort()
      wake()
    }
    const cancel = this.#ports.clock.after(answerTimeoutMs, over)
    signal.addEventListener('abort', over)
    try {
      await Promise.all([this.#own.ready, this.#topics.get(hex(topic))?.ready])
      const reached = await this.#publish(topicChannel(topic), { kind: 'seek', name, server: this.#self })
      // We hear ourselves, too, and do not answer.
      let missing = reached - (this.#topics.has(hex(topic)) ? 1 : 0)
      while (missing > 0 || answers.length > 0) {
        const addresses = answers.shift()
        if (addresses !== undefined) {
          missing -= 1
          yield* addresses
          signal.throwIfAborted()
        } else if (late.signal.aborted) break
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      signal.throwIfAborted()
    } finally {
      cancel()
      signal.removeEventListener('abort', over)
      this.#questions.delete(hex(name))
    }
  }

  /** @throws {TransportError} `unreachable`; the signal's reason when aborted. */
  async dial(address: Bytes, { signal }: { signal: AbortSignal }): Promise<DhtStream> {
    signal.throwIfAborted()
    const name = this.#ports.random(nameBytes)
    const key = hex(name)
    let refuse: () => void = () => undefined
    const answered = new Promise<DhtStream>((resolve, reject) => {
      refuse = () => {
        reject(unreachable())
      }
      // Made at once: the first bytes may be right behind the answer.
      const opened = (server: Bytes): void => {
        resolve(this.#stream(name, server))
      }
      this.#opening.set(key, { opened, refused: refuse })
    })
    const cancel = this.#ports.clock.after(answerTimeoutMs, refuse)
    signal.addEventListener('abort', refuse)
    this.#own.ready
      .then(() => this.#publish(addressChannel(address), { kind: 'open', name, server: this.#self }))
      .then((reached) => {
        if (reached === 0) refuse()
      }, refuse)
    try {
      return await answered
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      cancel()
      signal.removeEventListener('abort', refuse)
      this.#opening.delete(key)
    }
  }

  /** Ends every stream. */
  close(): void {
    this.#closed = true
    this.#stopFollowing()
    for (const { stream } of [...this.#streams.values()]) stream.destroy()
    this.#cancelAlive?.()
    this.#own.end()
    for (const { subscription } of this.#topics.values()) subscription.end()
    this.#topics.clear()
  }

  #listen(): Subscription {
    return this.#ports.bus.subscribe(serverChannel(this.#self), (message) => {
      const frame = readBusFrame(message)
      if (frame !== undefined) this.#heard(frame)
    })
  }

  /** Bytes may be missing in any stream. Under a new name we are a new server, and the other ends of the streams find nobody. */
  #renew(): void {
    for (const { stream } of [...this.#streams.values()]) stream.gone()
    this.#own.end()
    this.#self = this.#ports.random(nameBytes)
    this.#own = this.#listen()
  }

  #topic(topic: Bytes): Topic {
    const name = hex(topic)
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const addresses = new Set<Bytes>()
    const subscription = this.#ports.bus.subscribe(topicChannel(topic), (message) => {
      const frame = readBusFrame(message)
      if (frame?.kind !== 'seek' || hex(frame.server) === hex(this.#self)) return
      const found = [...addresses].slice(0, maxAddressesPerAnswer)
      this.#tell(frame.server, { kind: 'here', name: frame.name, addresses: found })
    })
    const held: Topic = { addresses, subscription, ready: subscription.ready, count: 0 }
    this.#topics.set(name, held)
    return held
  }

  #heard(frame: BusFrame): void {
    const name = hex(frame.name)
    const stream = this.#streams.get(name)?.stream
    switch (frame.kind) {
      case 'here':
        this.#questions.get(name)?.(frame.addresses)
        return
      case 'opened': {
        const opening = this.#opening.get(name)
        this.#opening.delete(name)
        if (opening !== undefined) opening.opened(frame.server)
        else if (stream === undefined) this.#tell(frame.server, { kind: 'gone', name: frame.name })
        return
      }
      case 'data':
        stream?.received(frame.bytes.slice())
        return
      case 'credit':
        stream?.granted(frame.count)
        return
      case 'end':
        stream?.otherEnded()
        return
      case 'gone':
        this.#opening.get(name)?.refused()
        stream?.gone()
        return
      case 'seek':
      case 'open':
      case 'alive':
        // The first two are said to topics and addresses only.
        return
    }
  }

  #accept(name: Bytes, server: Bytes, accept: Accept): void {
    if (this.#streams.size >= maxBusStreams || this.#streams.has(hex(name))) {
      this.#tell(server, { kind: 'gone', name })
      return
    }
    const stream = this.#stream(name, server)
    this.#tell(server, { kind: 'opened', name, server: this.#self }, stream)
    accept(stream)
  }

  #stream(name: Bytes, server: Bytes): BusStream & DhtStream {
    const stream = new BusStream({
      data: (bytes) => {
        this.#tell(server, { kind: 'data', name, bytes }, stream)
      },
      credit: (count) => {
        this.#tell(server, { kind: 'credit', name, count }, stream)
      },
      end: () => {
        this.#tell(server, { kind: 'end', name }, stream)
      },
      over: (broken) => {
        this.#streams.delete(hex(name))
        if (broken) this.#tell(server, { kind: 'gone', name })
      },
    })
    stream.on('error', () => undefined)
    this.#streams.set(hex(name), { stream, server })
    this.#watch()
    return stream
  }

  /** A server that was killed takes no leave: its streams end when nobody hears us there. */
  #watch(): void {
    if (this.#cancelAlive !== undefined || this.#closed) return
    this.#cancelAlive = this.#ports.clock.after(aliveMs, () => {
      this.#cancelAlive = undefined
      const servers = new Map([...this.#streams.values()].map(({ server }) => [hex(server), server]))
      for (const [key, server] of servers) void this.#ask(key, server)
      if (servers.size > 0) this.#watch()
    })
  }

  async #ask(key: string, server: Bytes): Promise<void> {
    const reached = await this.#publish(serverChannel(server), { kind: 'alive', name: this.#self }).catch(() => 0)
    if (reached > 0) return
    for (const { stream, server: other } of [...this.#streams.values()]) if (hex(other) === key) stream.gone()
  }

  /** What does not reach the other server ends the stream it belongs to. */
  #tell(server: Bytes, frame: BusFrame, stream?: BusStream): void {
    void this.#ports.bus.publish(serverChannel(server), encodeBusFrame(frame)).then(
      (reached) => {
        if (reached === 0) stream?.gone()
      },
      () => stream?.gone(),
    )
  }

  async #publish(channel: string, frame: BusFrame): Promise<number> {
    try {
      return await this.#ports.bus.publish(channel, encodeBusFrame(frame))
    } catch {
      throw new TransportError('carrier-lost', 'the bus is out of reach')
    }
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

const topicChannel = (topic: Bytes): string => `topic:${hex(topic)}`
const addressChannel = (address: Bytes): string => `address:${hex(address)}`
const serverChannel = (server: Bytes): string => `server:${hex(server)}`

function unreachable(): TransportError {
  return new TransportError('unreachable', 'nobody answers at this address')
}
