import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { plainAddress, type TransportAddress } from '../stun/index.ts'

/** Where relay sockets of one family are bound, and the address that others know them by. */
export interface RelayAddress {
  readonly family: 4 | 6
  readonly bind: string
  readonly advertised: string
}

export interface RelaySocket {
  /** The relayed transport address. */
  readonly address: TransportAddress
  send(data: Uint8Array, to: TransportAddress): void
  close(): void
}

export interface RelaySocketHandlers {
  received(data: Buffer, from: TransportAddress): void
  /** The system ended it; it is closed already. */
  failed(): void
}

/** Bytes that the system holds for a reader that is busy: 20 ms of the highest rate of one allocation. */
const receiveBufferBytes = 524_288

/** Addresses are numbers here: no look-up, and none of its delay. */
export const numericLookup =
  (family: 4 | 6) =>
  (name: string, _options: unknown, done: (error: null, address: string, family: number) => void): void => {
    done(null, name, family)
  }

/** RFC 8656 section 7.2: relayed addresses are in the dynamic range. Browsers on this machine count on it for loopback. */
const lowestPort = 49_152
const ports = 65_536 - lowestPort
/** Half of the range would have to be taken before this many random ports in a row are. */
const maxTries = 16

/** Binds a UDP socket to a free port of the dynamic range. Rejects with what the system says. */
export async function openRelaySocket(
  address: RelayAddress,
  handlers: RelaySocketHandlers,
  maxQueuedBytes: number,
): Promise<RelaySocket> {
  for (let tries = 1; ; tries++) {
    try {
      return await openAt(lowestPort + randomInt(ports), address, handlers, maxQueuedBytes)
    } catch (error) {
      if (tries === maxTries || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}

function openAt(
  port: number,
  { family, bind, advertised }: RelayAddress,
  handlers: RelaySocketHandlers,
  maxQueuedBytes: number,
): Promise<RelaySocket> {
  return new Promise((resolve, reject) => {
    const type = family === 4 ? 'udp4' : 'udp6'
    const options = { type, ipv6Only: family === 6, lookup: numericLookup(family) } as const
    const socket: Socket = createSocket({ ...options, recvBufferSize: receiveBufferBytes })
    socket.once('error', reject)
    socket.bind({ port, address: bind, exclusive: true }, () => {
      socket.off('error', reject)
      let open = true
      const close = (): void => {
        if (open) socket.close()
        open = false
      }
      socket.on('error', () => {
        close()
        handlers.failed()
      })
      socket.on('message', (data, { address, port }) => {
        const from = plainAddress(address, port)
        if (from !== undefined) handlers.received(data, from)
      })
      resolve({
        address: { family, address: advertised, port: socket.address().port },
        send: (data, to) => {
          if (!open || socket.getSendQueueSize() > maxQueuedBytes) return
          // A failure of one datagram is a loss like any other; without a callback it would end the socket.
          socket.send(data, to.port, to.address, () => undefined)
        },
        close,
      })
    })
  })
}
