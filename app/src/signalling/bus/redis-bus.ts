import { createClient, RESP_TYPES } from 'redis'
import type { Bus, Subscription, Undo } from './bus.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** All our channels begin so, that others may use the same server. */
const prefix = 'p2pigeon:'
const firstReconnectMs = 50
const maxReconnectMs = 5_000
/** A server that says nothing for so long is asked; a dead connection shows by it. */
const pingMs = 10_000
/** Messages that wait for a server that does not take them; more are refused. */
const maxWaitingMessages = 16_384

export interface RedisBusPorts {
  readonly log: { info(message: string): void; warn(message: string): void }
}

/**
 * A bus by a Redis-compatible server: publish and subscribe alone, nothing is stored. Connects in the background and again after each loss; meanwhile
 * publishing rejects. `url` may hold a password, so it and what the client says about it go no further. Not for Redis Cluster, which does not count the listeners
 * of all its nodes.
 */
export function openRedisBus(url: string, ports: RedisBusPorts): Bus {
  return new RedisBus(url, ports)
}

interface Channel {
  readonly listeners: Set<(message: Bytes) => void>
  readonly take: (message: Buffer) => void
  /** The latest attempt to listen. */
  ready: Promise<void>
}

class RedisBus implements Bus {
  readonly #ports: RedisBusPorts
  readonly #speaker
  readonly #listener
  readonly #channels = new Map<string, Channel>()
  readonly #gapListeners = new Set<() => void>()
  readonly #connected = { speaker: false, listener: false }
  #told: 'ready' | 'lost' | undefined
  #closed = false

  constructor(url: string, ports: RedisBusPorts) {
    this.#ports = ports
    const options = {
      url,
      // Commands that wait for a lost server would be acted on when nobody waits for them any more.
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxWaitingMessages,
      pingInterval: pingMs,
      socket: { reconnectStrategy: (retries: number) => Math.min(firstReconnectMs * 2 ** retries, maxReconnectMs) },
    }
    const [speaker, listener] = [createClient(options), createClient(options)]
    this.#speaker = speaker
    this.#listener = listener.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    for (const [name, client] of [
      ['speaker', speaker],
      ['listener', listener],
    ] as const) {
      // Every error is followed by an attempt to reconnect; its words name addresses.
      client.on('error', () => {
        this.#turned(name, false)
      })
      client.on('end', () => {
        this.#turned(name, false)
      })
      client.on('ready', () => {
        this.#turned(name, true)
      })
      client.connect().catch(() => undefined)
    }
  }

  get state(): 'ready' | 'lost' {
    return this.#connected.speaker && this.#connected.listener ? 'ready' : 'lost'
  }

  publish(name: string, message: Bytes): Promise<number> {
    return this.#speaker.publish(prefix + name, Buffer.from(message.buffer, message.byteOffset, message.length))
  }

  subscribe(name: string, heard: (message: Bytes) => void): Subscription {
    const channel = this.#channels.get(name) ?? this.#open(name)
    channel.listeners.add(heard)
    return {
      ready: channel.ready,
      end: () => {
        if (!channel.listeners.delete(heard) || channel.listeners.size > 0) return
        this.#channels.delete(name)
        void channel.ready
          .then(() => this.#listener.unsubscribe(prefix + name, channel.take, true))
          .catch(() => undefined)
      },
    }
  }

  onGap(listener: () => void): Undo {
    this.#gapListeners.add(listener)
    return () => {
      this.#gapListeners.delete(listener)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#channels.clear()
    this.#gapListeners.clear()
    for (const client of [this.#speaker, this.#listener]) {
      // One that never was connected cannot say goodbye.
      if (client.isReady) await client.close().catch(() => undefined)
      else if (client.isOpen) client.destroy()
    }
  }

  #open(name: string): Channel {
    const listeners = new Set<(message: Bytes) => void>()
    const take = (message: Buffer): void => {
      const bytes = new Uint8Array(message)
      for (const heard of [...listeners]) heard(bytes)
    }
    const channel: Channel = { listeners, take, ready: this.#listen(name, take) }
    this.#channels.set(name, channel)
    return channel
  }

  #listen(name: string, take: (message: Buffer) => void): Promise<void> {
    return this.#listener.subscribe(prefix + name, take, true).catch(() => undefined)
  }

  #turned(client: 'speaker' | 'listener', connected: boolean): void {
    if (this.#closed) return
    const was = this.#connected[client]
    this.#connected[client] = connected
    if (connected && client === 'listener') {
      // Also those that were asked for in vain meanwhile.
      for (const [name, channel] of this.#channels) channel.ready = this.#listen(name, channel.take)
    }
    if (was && !connected) for (const gap of [...this.#gapListeners]) gap()
    // While the second of the two still connects for the first time, nothing is lost.
    if (this.#told !== undefined || !connected || this.state === 'ready') this.#tell()
  }

  #tell(): void {
    const { state } = this
    if (state === this.#told) return
    const first = this.#told === undefined
    this.#told = state
    if (state === 'lost')
      this.#ports.log.warn('The bus is out of reach: clients of other signalling servers cannot be met.')
    else if (!first) this.#ports.log.info('The bus is back.')
  }
}
