import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** An event as it passes. */
export interface RelayedEvent {
  readonly id: string
  readonly pubkey: string
  readonly kind: number
  readonly created_at: number
  readonly tags: readonly (readonly string[])[]
  readonly content: string
}

interface Filter {
  readonly kinds?: readonly number[]
  readonly authors?: readonly string[]
  readonly '#p'?: readonly string[]
  readonly since?: number
}

/** A Nostr relay of somebody else, which takes every kind, keeps everything, and writes down what it is asked for. */
export class OpenRelay {
  readonly #server: WebSocketServer
  readonly #asked = new Map<WebSocket, Map<string, readonly Filter[]>>()
  readonly #events: RelayedEvent[] = []
  /** Every filter that anybody has sent. */
  readonly filters: Filter[] = []

  private constructor(server: WebSocketServer) {
    this.#server = server
    server.on('connection', (socket) => {
      this.#asked.set(socket, new Map())
      socket.on('error', () => undefined)
      socket.on('close', () => this.#asked.delete(socket))
      socket.on('message', (data) => this.#hear(socket, JSON.parse((data as Buffer).toString()) as readonly unknown[]))
    })
  }

  static async start(): Promise<OpenRelay> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
    await once(server, 'listening')
    return new OpenRelay(server)
  }

  get url(): string {
    return `ws://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  events(kind: number): readonly RelayedEvent[] {
    return this.#events.filter((event) => event.kind === kind)
  }

  /** True if somebody has asked for such events. */
  wasAskedFor(kind: number): boolean {
    return this.filters.some(({ kinds }) => kinds?.includes(kind))
  }

  /** Takes an event, as from a client. */
  take(event: RelayedEvent): void {
    this.#events.push(event)
    for (const [socket, subscriptions] of this.#asked) {
      for (const [name, filters] of subscriptions) if (matches(filters, event)) say(socket, ['EVENT', name, event])
    }
  }

  async close(): Promise<void> {
    for (const socket of this.#asked.keys()) socket.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #hear(socket: WebSocket, [type, first, ...rest]: readonly unknown[]): void {
    if (type === 'EVENT') {
      const event = first as RelayedEvent
      say(socket, ['OK', event.id, true, ''])
      this.take(event)
    } else if (type === 'REQ' && typeof first === 'string') {
      const filters = rest as readonly Filter[]
      this.filters.push(...filters)
      this.#asked.get(socket)?.set(first, filters)
      for (const event of this.#events) if (matches(filters, event)) say(socket, ['EVENT', first, event])
      say(socket, ['EOSE', first])
    } else if (type === 'CLOSE' && typeof first === 'string') this.#asked.get(socket)?.delete(first)
  }
}

function say(socket: WebSocket, message: readonly unknown[]): void {
  socket.send(JSON.stringify(message))
}

function matches(filters: readonly Filter[], { kind, pubkey, created_at, tags }: RelayedEvent): boolean {
  return filters.some(({ kinds, authors, since, '#p': people }) => {
    if (kinds?.includes(kind) === false || authors?.includes(pubkey) === false || created_at < (since ?? 0))
      return false
    return people === undefined || tags.some(([name, value]) => name === 'p' && people.includes(value ?? ''))
  })
}
