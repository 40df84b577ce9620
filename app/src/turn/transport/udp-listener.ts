import { createSocket } from 'node:dgram'
import type { TurnLimits } from '../limits.ts'
import { numericLookup } from '../relay/index.ts'
import { plainAddress } from '../stun/index.ts'
import type { TurnServer } from '../turn-server.ts'

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

export interface ListenAt {
  readonly family: 4 | 6
  readonly address: string
  readonly port: number
}

/** All clients share this one: room for 50 ms of the highest rate of all allocations. */
const bufferBytes = 4_194_304

/** Datagrams of all clients. An address of IPv6 that stands for all takes IPv4 too. Rejects with what the system says. */
export function listenUdp(
  { family, address, port }: ListenAt,
  server: TurnServer,
  limits: TurnLimits,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: family === 4 ? 'udp4' : 'udp6',
      recvBufferSize: bufferBytes,
      sendBufferSize: bufferBytes,
      lookup: numericLookup(family),
    })
    socket.once('error', reject)
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', reject)
      // One datagram that could not be sent ends nothing.
      socket.on('error', () => undefined)
      socket.on('message', (message, from) => {
        const key = `udp ${from.address} ${String(from.port)}`
        server.receive(message, key, () => ({
          key,
          address: plainAddress(from.address, from.port) ?? { family: 4, address: '0.0.0.0', port: from.port },
          send: (...parts) => {
            if (socket.getSendQueueSize() <= limits.maxQueuedBytes) {
              socket.send(parts, from.port, from.address, () => undefined)
            }
          },
        }))
      })
      resolve({
        port: socket.address().port,
        close: () => new Promise((closed) => socket.close(() => closed())),
      })
    })
  })
}
