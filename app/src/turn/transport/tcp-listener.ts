import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { Clock } from '@p2pigeon/core/node'
import { clientPrefix } from '../../platform/index.ts'
import type { TurnLimits } from '../limits.ts'
import { plainAddress, StreamSplitter } from '../stun/index.ts'
import type { TurnServer } from '../turn-server.ts'
import type { Listener, ListenAt } from './udp-listener.ts'

/** Over a stream, ChannelData is padded to a multiple of four bytes; STUN messages are one already. */
const zeros = Buffer.alloc(4)

export interface TcpPorts {
  readonly server: TurnServer
  readonly limits: TurnLimits
  readonly clock: Clock
}

function serve(socket: Socket, key: string, { server, limits, clock }: TcpPorts): void {
  const splitter = new StreamSplitter(limits.maxMessageBytes)
  const address = plainAddress(socket.remoteAddress ?? '', socket.remotePort ?? 0)
  if (address === undefined) {
    socket.destroy()
    return
  }
  socket.setNoDelay(true)
  const client = {
    key,
    address,
    send: (...parts: readonly Uint8Array[]): void => {
      if (socket.destroyed || socket.writableLength > limits.maxQueuedBytes) return
      socket.cork()
      for (const part of parts) socket.write(part)
      const over = parts.reduce((sum, part) => sum + part.length, 0) % 4
      if (over > 0) socket.write(zeros.subarray(over))
      socket.uncork()
    },
  }
  socket.on('data', (bytes) => {
    const messages = splitter.push(bytes)
    for (const message of messages ?? []) server.receive(message, key, () => client)
    if (messages === undefined) socket.destroy()
  })
  let stopWatching: () => void = () => undefined
  const watch = (): void => {
    stopWatching = clock.after(limits.idleStreamMs, () => {
      if (server.holds(key)) watch()
      else socket.destroy()
    })
  }
  watch()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    stopWatching()
    server.left(key)
  })
}

/** Streams of clients: STUN and ChannelData one after the other. Rejects with what the system says. */
export function listenTcp({ address, port }: ListenAt, ports: TcpPorts): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<Socket>()
    const perAddress = new Map<string, number>()
    let streams = 0
    const listener = createServer((socket) => {
      const source = clientPrefix(socket.remoteAddress ?? '')
      const held = perAddress.get(source) ?? 0
      if (held >= ports.limits.maxStreamsPerAddress) {
        socket.destroy()
        return
      }
      sockets.add(socket)
      perAddress.set(source, held + 1)
      socket.on('close', () => {
        sockets.delete(socket)
        const left = (perAddress.get(source) ?? 1) - 1
        if (left > 0) perAddress.set(source, left)
        else perAddress.delete(source)
      })
      streams += 1
      serve(socket, `tcp ${String(streams)}`, ports)
    })
    listener.maxConnections = ports.limits.maxStreams
    listener.once('error', reject)
    listener.listen({ port, host: address, exclusive: true }, () => {
      listener.off('error', reject)
      // Too many open files: the next connection finds some again.
      listener.on('error', () => undefined)
      resolve({
        port: (listener.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            listener.close(() => closed())
            for (const socket of sockets) socket.destroy()
          }),
      })
    })
  })
}
