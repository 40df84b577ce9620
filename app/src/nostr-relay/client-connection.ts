import type { WebSocket } from 'ws'
import type { Guest } from './guests.ts'
import { Outbound } from './outbound.ts'
import type { Relay } from './relay.ts'
import { ClientDesk } from './client-desk.ts'

/** Close codes of RFC 6455, section 7.4. */
const closeCodes = { normal: 1000, goingAway: 1001, binary: 1003, policy: 1008 } as const

/** One client's socket. Nothing that comes over it makes this throw. */
export class ClientConnection {
  readonly #socket: WebSocket
  readonly #guest: Guest
  readonly #relay: Relay
  readonly #ended: () => void
  readonly #outbound: Outbound
  readonly #desk: ClientDesk
  #heard = true
  #spokeAt: number
  #faults = 0
  /** The socket is not read while there is any reason for it. */
  readonly #pauses = new Set<'backlog' | 'penalty'>()
  #over = false
  #cancelWatch: () => void = () => undefined
  #cancelPenalty: () => void = () => undefined

  /** `ended` is called once, when nothing of the connection is left. */
  constructor(
    socket: WebSocket,
    guest: Guest,
    relay: Relay,
    terms: { readonly hostNames: readonly string[]; readonly ended: () => void },
  ) {
    this.#socket = socket
    this.#guest = guest
    this.#relay = relay
    this.#ended = terms.ended
    this.#spokeAt = relay.clock.now()
    this.#outbound = new Outbound(socket, relay.limits, relay.backlog, {
      held: (isHeld) => {
        this.#pause('backlog', isHeld)
        if (!isHeld) this.#desk.pump()
      },
      progressed: () => {
        this.#heard = true
      },
      overrun: () => {
        relay.totals.dropped += 1
        socket.terminate()
        this.#finish()
      },
    })
    socket.on('message', (data, isBinary) => {
      this.#receive(data, isBinary)
    })
    socket.on('pong', () => {
      this.#heard = true
    })
    // Answered only while answers are taken: pings must not be a way to fill memory.
    socket.on('ping', () => {
      this.#heard = true
      if (this.#outbound.writable && socket.readyState === socket.OPEN) socket.pong()
    })
    // An error is followed by 'close'.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#finish()
    })
    this.#desk = new ClientDesk(this.#outbound, guest, relay, terms.hostNames)
    this.#watch()
  }

  goAway(): void {
    this.#drop(closeCodes.goingAway)
  }

  #receive(data: unknown, isBinary: boolean): void {
    if (this.#over) return
    this.#heard = true
    this.#spokeAt = this.#relay.clock.now()
    if (isBinary || !Buffer.isBuffer(data)) {
      this.#violation(closeCodes.binary)
      return
    }
    const outcome = this.#guest.work.charge(() => this.#desk.handle(data.toString('utf8'), data.length))
    if (outcome === 'garbage' && ++this.#faults > this.#relay.limits.maxFaults) this.#violation(closeCodes.policy)
    else if (outcome === 'refused') this.#penalise()
  }

  /** Whoever asks for more than its share is listened to less, and so learns of it however little it reads. */
  #penalise(): void {
    if (this.#over || this.#pauses.has('penalty')) return
    this.#pause('penalty', true)
    this.#cancelPenalty = this.#relay.clock.after(this.#relay.limits.penaltyMs, () => {
      this.#pause('penalty', false)
    })
  }

  #pause(reason: 'backlog' | 'penalty', isPaused: boolean): void {
    if (isPaused) this.#pauses.add(reason)
    else this.#pauses.delete(reason)
    if (this.#socket.readyState !== this.#socket.OPEN) return
    if (this.#pauses.size > 0) this.#socket.pause()
    else this.#socket.resume()
  }

  #watch(): void {
    const { clock, limits } = this.#relay
    this.#cancelWatch = clock.after(limits.heartbeatMs, () => {
      if (!this.#heard) {
        this.#relay.totals.dropped += 1
        this.#drop(closeCodes.policy)
        return
      }
      if (this.#desk.isIdle && clock.now() - this.#spokeAt >= limits.idleMs) {
        this.#drop(closeCodes.normal)
        return
      }
      this.#heard = false
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping()
      this.#watch()
    })
  }

  #violation(code: number): void {
    this.#relay.totals.dropped += 1
    this.#drop(code)
  }

  #drop(code: number): void {
    if (this.#over) return
    this.#socket.resume()
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
    this.#cancelWatch()
    this.#cancelPenalty()
    this.#desk.close()
    this.#outbound.close()
    this.#guest.leave()
    this.#ended()
  }
}
