import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { readEvent, type Filter, type NostrEvent } from '../nostr/index.ts'

/** What a test relay does wrong, switched at any time. */
export interface RelayFaults {
  /** Takes events, says so, and tells nobody. */
  withhold: boolean
  /** Delivers everything three times. */
  repeat: boolean
  /** Delivers in pairs, the later one first. */
  reorder: boolean
  /** Damages what it delivers: content changed, signature kept. */
  forge: boolean
  /** Answers nothing at all. */
  mute: boolean
  /** Part of events that are lost on the way out, 0 to 1, evenly. */
  loss: number
}

/** A Nostr relay in memory for tests; it verifies nothing, so that what clients must refuse gets to them. */
export interface TestRelay {
  readonly url: string
  readonly faults: RelayFaults
  /** Everything that was ever published here. */
  readonly events: readonly NostrEvent[]
  /** How much of what is stored one answer tells, the latest of it. */
  answerLimit: number
  /** Puts something here that nobody who listens is told of. */
  store(event: NostrEvent): void
  /** Cuts every connection and refuses new ones. */
  kill(): Promise<void>
  /** Comes back at the same address; what was stored is still there. */
  revive(): Promise<void>
  close(): Promise<void>
}

interface Reader {
  readonly socket: WebSocket
  readonly filters: Map<string, readonly Filter[]>
  held: string | undefined
}

const ephemeral = (kind: number): boolean => kind >= 20_000 && kind < 30_000
const replaceable = (kind: number): boolean => kind === 0 || kind === 3 || (kind >= 10_000 && kind < 20_000)

export async function startTestRelay(): Promise<TestRelay> {
  const relay = new MemoryRelay()
  await relay.revive()
  return relay
}

class MemoryRelay implements TestRelay {
  readonly faults: RelayFaults = { withhold: false, repeat: false, reorder: false, forge: false, mute: false, loss: 0 }
  readonly events: NostrEvent[] = []
  answerLimit = Infinity
  readonly #readers = new Set<Reader>()
  #server: WebSocketServer | undefined
  #port = 0
  #stored: NostrEvent[] = []
  #delivered = 0

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`
  }

  async revive(): Promise<void> {
    if (this.#server !== undefined) return
    const server = new WebSocketServer({ host: '127.0.0.1', port: this.#port, perMessageDeflate: false })
    this.#server = server
    server.on('connection', (socket) => {
      this.#serve(socket)
    })
    await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject))
    this.#port = (server.address() as AddressInfo).port
  }

  async kill(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    for (const { socket } of this.#readers) socket.terminate()
    this.#readers.clear()
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
  }

  close(): Promise<void> {
    return this.kill()
  }

  #serve(socket: WebSocket): void {
    const reader: Reader = { socket, filters: new Map(), held: undefined }
    this.#readers.add(reader)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#readers.delete(reader))
    socket.on('message', (data) => {
      if (!this.faults.mute) this.#hear(reader, JSON.parse((data as Buffer).toString()) as readonly unknown[])
    })
  }

  #hear(reader: Reader, [type, first, ...rest]: readonly unknown[]): void {
    if (type === 'EVENT') {
      const event = readEvent(first)
      this.events.push(event)
      this.#say(reader, ['OK', event.id, true, ''])
      if (this.faults.withhold) return
      if (!ephemeral(event.kind)) this.store(event)
      for (const other of this.#readers) this.#deliver(other, event)
    } else if (type === 'REQ' && typeof first === 'string') {
      const filters = rest as readonly Filter[]
      reader.filters.set(first, filters)
      for (const event of this.#answer(filters)) this.#send(reader, first, event)
      this.#say(reader, ['EOSE', first])
    } else if (type === 'CLOSE' && typeof first === 'string') reader.filters.delete(first)
  }

  #answer(filters: readonly Filter[]): readonly NostrEvent[] {
    const meant = this.#stored.filter((event) => matches(filters, event))
    if (meant.length <= this.answerLimit) return meant
    return meant.sort((a, b) => b.created_at - a.created_at || (a.id < b.id ? -1 : 1)).slice(0, this.answerLimit)
  }

  store(event: NostrEvent): void {
    if (replaceable(event.kind)) {
      const isSame = ({ kind, pubkey }: NostrEvent): boolean => kind === event.kind && pubkey === event.pubkey
      if (this.#stored.some((kept) => isSame(kept) && kept.created_at > event.created_at)) return
      this.#stored = this.#stored.filter((kept) => !isSame(kept))
    }
    if (!this.#stored.some(({ id }) => id === event.id)) this.#stored.push(event)
  }

  #deliver(reader: Reader, event: NostrEvent): void {
    for (const [name, filters] of reader.filters) if (matches(filters, event)) this.#send(reader, name, event)
  }

  #send(reader: Reader, name: string, event: NostrEvent): void {
    const { loss, forge, repeat, reorder } = this.faults
    this.#delivered += 1
    if (Math.floor(this.#delivered * loss) !== Math.floor((this.#delivered - 1) * loss)) return
    const shown = forge ? { ...event, content: `${event.content.slice(1)}A` } : event
    const message = JSON.stringify(['EVENT', name, shown])
    const messages = repeat ? [message, message, message] : [message]
    if (!reorder) for (const each of messages) reader.socket.send(each)
    else if (reader.held === undefined) reader.held = message
    else {
      reader.socket.send(message)
      reader.socket.send(reader.held)
      reader.held = undefined
    }
  }

  #say(reader: Reader, message: readonly unknown[]): void {
    reader.socket.send(JSON.stringify(message))
  }
}

function matches(filters: readonly Filter[], event: NostrEvent): boolean {
  return filters.some(({ ids, authors, kinds, since, until, ...rest }) => {
    if (ids?.includes(event.id) === false || authors?.includes(event.pubkey) === false) return false
    if (kinds?.includes(event.kind) === false) return false
    if (event.created_at < (since ?? 0) || event.created_at > (until ?? Infinity)) return false
    return Object.entries(rest).every(([name, values]) => {
      if (!name.startsWith('#') || !Array.isArray(values)) return true
      return event.tags.some(([tag, value]) => tag === name.slice(1) && values.includes(value))
    })
  })
}
