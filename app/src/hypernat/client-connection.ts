import { closeCodes, commonMinor, decodeFrame, minorVersions, type Frame } from '@p2pigeon/core/relay-protocol'
import type { WebSocket } from 'ws'
import { ClientDesk } from './client-desk.ts'
import type { Guest } from './guests.ts'
import { Outbound } from './outbound.ts'
import type { Relay } from './relay.ts'

/** One client's socket. Nothing that comes over it makes this throw: what breaks the protocol closes it. */
export class ClientConnection {
  readonly #socket: WebSocket
  readonly #guest: Guest
  readonly #relay: Relay
  readonly #ended: () => void
  readonly #outbound: Outbound
  /** From hello on. */
  #desk: ClientDesk | undefined
  #heard = true
  #over = false
  #cancelTimer: () => void

  /** `ended` is called once, when nothing of the connection is left. */
  constructor(socket: WebSocket, guest: Guest, relay: Relay, ended: () => void) {
    this.#socket = socket
    this.#guest = guest
    this.#relay = relay
    this.#ended = ended
    const { clock, limits } = relay
    this.#outbound = new Outbound(socket, limits, () => {
      this.#desk?.pump()
    })
    this.#cancelTimer = clock.after(limits.helloTimeoutMs, () => {
      this.#drop(closeCodes.silent)
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary)
    })
    // Answered only while answers are taken: pings must not be a way to fill memory.
    socket.on('ping', () => {
      if (this.#outbound.writable && socket.readyState === socket.OPEN) socket.pong()
    })
    // An error is followed by 'close'.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#finish()
    })
    this.#outbound.send({
      type: 'welcome',
      minors: minorVersions,
      network: relay.beyond.network,
      keepaliveMs: limits.keepaliveMs,
      windowBytes: limits.streamWindowBytes,
      maxDataBytes: limits.maxDataBytes,
      maxStreams: limits.maxStreamsPerConnection,
      maxAnnouncements: limits.maxAnnouncementsPerConnection,
      maxLookups: limits.maxLookupsPerConnection,
    })
  }

  networkChanged(): void {
    this.#outbound.send({ type: 'network', network: this.#relay.beyond.network })
  }

  goAway(): void {
    this.#outbound.send({ type: 'going-away' })
    this.#socket.close(1001)
    this.#finish()
  }

  #receive(data: unknown, isBinary: boolean): void {
    if (this.#over) return
    this.#heard = true
    if (!isBinary || !(data instanceof Uint8Array) || !(data.buffer instanceof ArrayBuffer)) {
      this.#violation()
      return
    }
    let frame: Frame
    try {
      frame = decodeFrame(new Uint8Array(data.buffer, data.byteOffset, data.length))
    } catch {
      this.#violation()
      return
    }
    this.#handle(frame)
  }

  #handle(frame: Frame): void {
    if (!this.#desk) {
      if (frame.type === 'hello') this.#hello(frame)
      else this.#violation()
    } else if (frame.type === 'ping') {
      if (this.#guest.requests.take()) this.#outbound.send({ type: 'pong', id: frame.id })
    } else if (frame.type !== 'pong' && !this.#desk.handle(frame)) {
      this.#violation()
    }
  }

  #hello(frame: Extract<Frame, { type: 'hello' }>): void {
    if (commonMinor(minorVersions, frame.minors) === undefined) {
      this.#drop(closeCodes.version)
      return
    }
    this.#desk = new ClientDesk(this.#outbound, frame.windowBytes, this.#guest, this.#relay)
    this.#cancelTimer()
    this.#watch()
  }

  #watch(): void {
    const { clock, limits } = this.#relay
    this.#cancelTimer = clock.after(limits.keepaliveMs, () => {
      if (!this.#heard) {
        this.#drop(closeCodes.silent)
        return
      }
      this.#heard = false
      this.#outbound.send({ type: 'ping', id: 0 })
      this.#watch()
    })
  }

  #violation(): void {
    this.#relay.totals.violations += 1
    this.#drop(closeCodes.violation)
  }

  #drop(code: number): void {
    if (this.#over) return
    this.#socket.close(code)
    // The client may not answer the close; then the socket is ended for it.
    const cancel = this.#relay.clock.after(this.#relay.limits.lingerMs, () => {
      this.#socket.terminate()
    })
    this.#socket.on('close', cancel)
    this.#finish()
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#cancelTimer()
    this.#desk?.close()
    this.#guest.leave()
    this.#ended()
  }
}
