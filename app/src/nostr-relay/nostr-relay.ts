import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Allowance, webRandom } from '@p2pigeon/core/node'
import { WebSocketServer, type WebSocket } from 'ws'
import { describeFault } from '../platform/index.ts'
import { ClientConnection } from './client-connection.ts'
import type { NostrRelay, NostrRelayOptions, NostrRelayStats } from './contract.ts'
import { Guests } from './guests.ts'
import { informationOf } from './information.ts'
import { defaultLimits } from './limits.ts'
import { nowSecondsOf, type Relay } from './relay.ts'
import { hostNameOfHeader, privateMessagesOnly } from './rules/index.ts'
import { EventStore } from './store/index.ts'
import { Subscriptions } from './subscriptions.ts'

/** Closing waits this long for clients to hang up, in ms. */
const closeMs = 1_500
/** Between two rounds of a sweep that is not finished, in ms: others get their turn. */
const sweepPauseMs = 50

/**
 * Opens the database at once.
 * @throws {UsageError} `store-too-new`, `store-unusable`: `message` is one line that says what to do.
 */
export function createNostrRelay(options: NostrRelayOptions): NostrRelay {
  return new PigeonRelay(options)
}

class PigeonRelay implements NostrRelay {
  readonly #options: NostrRelayOptions
  readonly #relay: Relay
  readonly #guests: Guests
  readonly #server: WebSocketServer
  readonly #connections = new Set<ClientConnection>()
  readonly #sockets = new Set<WebSocket>()
  #cancelSweep: () => void = () => undefined
  #closing: Promise<void> | undefined

  constructor(options: NostrRelayOptions) {
    const { clock, log, file } = options
    const limits = { ...defaultLimits, ...options.limits }
    this.#options = options
    this.#relay = {
      clock,
      log,
      limits,
      random: options.random ?? webRandom,
      policy: options.policy ?? privateMessagesOnly,
      store: new EventStore(file, limits),
      subscriptions: new Subscriptions(),
      events: new Allowance(clock, limits.totalEventBurst, limits.totalEventsPerSecond),
      backlog: { bytes: 0 },
      totals: { accepted: 0, delivered: 0, refused: 0, dropped: 0, storeFailed: false },
    }
    this.#guests = new Guests(limits, clock)
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      // One message a turn: a burst of one client must not keep all others waiting.
      allowSynchronousEvents: false,
      maxPayload: limits.maxMessageBytes,
    })
    this.#sweepAfter(limits.sweepMs)
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A socket that breaks during the handshake must not take the process along.
    socket.on('error', () => undefined)
    if (this.#closing || this.#connections.size >= this.#relay.limits.maxConnections) {
      this.#refuse(socket, 503)
      return
    }
    if (this.#options.allowedOrigins?.(request.headers.origin) === false) {
      this.#refuse(socket, 403)
      return
    }
    const address = this.#options.clientAddress?.(request) ?? request.socket.remoteAddress
    const guest = this.#guests.admit(address)
    if (!guest) {
      this.#refuse(socket, 429)
      return
    }
    // Also after a handshake that `ws` refuses; leaving twice counts once.
    socket.on('close', () => {
      guest.leave()
    })
    const hostNames = this.#options.hostNames?.(request) ?? [hostNameOfHeader(request.headers.host) ?? '']
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#sockets.add(client)
      client.on('close', () => this.#sockets.delete(client))
      const connection: ClientConnection = new ClientConnection(client, guest, this.#relay, {
        hostNames,
        ended: () => this.#connections.delete(connection),
      })
      this.#connections.add(connection)
    })
  }

  information(host: string): object {
    return informationOf(host, this.#relay.limits, this.#relay.policy)
  }

  stats(): NostrRelayStats {
    const { subscriptions, store, totals } = this.#relay
    const { accepted, delivered, refused, dropped } = totals
    return {
      connections: this.#connections.size,
      subscriptions: subscriptions.size,
      storedEvents: store.events,
      storedBytes: store.bytes,
      accepted,
      delivered,
      refused,
      dropped,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#cancelSweep()
    const left = [...this.#sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve)))
    for (const connection of [...this.#connections]) connection.goAway()
    let cancel: () => void = () => undefined
    const patience = new Promise<void>((resolve) => {
      cancel = this.#relay.clock.after(closeMs, resolve)
    })
    await Promise.race([Promise.all(left), patience])
    cancel()
    for (const socket of this.#sockets) socket.terminate()
    this.#relay.store.close()
  }

  #sweepAfter(delayMs: number): void {
    this.#cancelSweep = this.#relay.clock.after(delayMs, () => {
      this.#sweepAfter(this.#sweep() ? sweepPauseMs : this.#relay.limits.sweepMs)
    })
  }

  /** True when there is more to be thrown away. */
  #sweep(): boolean {
    const { store, totals, log } = this.#relay
    try {
      return store.sweep(nowSecondsOf(this.#relay))
    } catch (fault) {
      if (!totals.storeFailed) log.warn(`The Nostr relay cannot tidy its events: ${describeFault(fault)}`)
      totals.storeFailed = true
      return false
    }
  }

  #refuse(socket: Duplex, status: number): void {
    this.#relay.totals.refused += 1
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`
    socket.end(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
      socket.destroy()
    })
  }
}
