import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeCodes, headerBytes, subprotocols } from '@p2pigeon/core/relay-protocol'
import { WebSocketServer, type WebSocket } from 'ws'
import { ClientConnection } from './client-connection.ts'
import type { Hypernat, HypernatOptions, HypernatStats } from './contract.ts'
import { Guests } from './guests.ts'
import { defaultLimits } from './limits.ts'
import { MeetingTable } from './meeting-table.ts'
import type { Relay } from './relay.ts'

/** Closing waits this long for clients to hang up and for the DHT to take records back, in ms. */
const closeMs = 1_500

export function createHypernat(options: HypernatOptions): Hypernat {
  return new DhtRelay(options)
}

class DhtRelay implements Hypernat {
  readonly #options: HypernatOptions
  readonly #subprotocol: string
  readonly #relay: Relay
  readonly #guests: Guests
  readonly #server: WebSocketServer
  readonly #connections = new Set<ClientConnection>()
  readonly #sockets = new Set<WebSocket>()
  readonly #stopFollowing: () => void
  #closing: Promise<void> | undefined

  constructor(options: HypernatOptions) {
    const { beyond, clock } = options
    const limits = { ...defaultLimits, ...options.limits }
    this.#options = options
    this.#subprotocol = options.subprotocol ?? subprotocols.dht
    this.#relay = {
      beyond,
      clock,
      limits,
      table: new MeetingTable(beyond, clock),
      totals: { lookups: 0, streams: 0, refused: 0, violations: 0 },
    }
    this.#guests = new Guests(limits, clock)
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      autoPong: false,
      maxPayload: limits.maxDataBytes + headerBytes,
      // A client of another version is let in to be told so by a close code: browsers hide the reason of a refusal.
      handleProtocols: (offered) => (offered.has(this.#subprotocol) ? this.#subprotocol : ([...offered][0] ?? false)),
    })
    this.#stopFollowing = beyond.onNetworkChanged(() => {
      for (const connection of this.#connections) connection.networkChanged()
    })
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A socket that breaks during the handshake must not take the process along.
    socket.on('error', () => undefined)
    if (this.#closing || this.#connections.size >= this.#relay.limits.maxConnections) {
      this.#refuse(socket, 503)
      return
    }
    if (!this.#originAllowed(request)) {
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
    this.#server.handleUpgrade(request, socket, head, (client) => {
      this.#sockets.add(client)
      client.on('close', () => this.#sockets.delete(client))
      if (client.protocol !== this.#subprotocol) {
        client.on('error', () => undefined)
        client.close(closeCodes.version)
        const cancel = this.#relay.clock.after(this.#relay.limits.lingerMs, () => {
          client.terminate()
        })
        client.on('close', cancel)
        return
      }
      const connection: ClientConnection = new ClientConnection(client, guest, this.#relay, () => {
        this.#connections.delete(connection)
      })
      this.#connections.add(connection)
    })
  }

  stats(): HypernatStats {
    return {
      connections: this.#connections.size,
      announcements: this.#relay.table.size,
      ...this.#relay.totals,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#stopFollowing()
    const left = [...this.#sockets].map((socket) => new Promise<void>((resolve) => socket.once('close', resolve)))
    for (const connection of [...this.#connections]) connection.goAway()
    let cancel: () => void = () => undefined
    const patience = new Promise<void>((resolve) => {
      cancel = this.#relay.clock.after(closeMs, resolve)
    })
    await Promise.race([Promise.all([...left, this.#relay.table.close()]), patience])
    cancel()
    for (const socket of this.#sockets) socket.terminate()
  }

  #originAllowed(request: IncomingMessage): boolean {
    const { origin, host } = request.headers
    if (this.#options.allowedOrigins) return this.#options.allowedOrigins(origin)
    if (origin === undefined) return true
    return URL.canParse(origin) && new URL(origin).host === host
  }

  #refuse(socket: Duplex, status: number): void {
    this.#relay.totals.refused += 1
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`
    socket.end(`${head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
      socket.destroy()
    })
  }
}
