import { createRequire } from 'node:module'
import type { WebSocket } from 'ws'
import type { Sockets } from '../ports.ts'

/** Largest message taken from a server, in bytes; `ws` closes the socket above it. */
const maxMessageBytes = 1 << 20

/**
 * WebSockets by the `ws` package, which is loaded at the first call. Built-in ones come with Node 22 only.
 * Compression is off: it would cost memory per socket, and sealed frames do not compress.
 */
export function wsSockets(): Sockets {
  const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')
  return {
    connect(url, subprotocol, handlers) {
      const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false, maxPayload: maxMessageBytes })
      socket.on('open', () => {
        handlers.opened()
      })
      socket.on('message', (data, isBinary) => {
        const message = isBinary ? bytesOf(data) : undefined
        if (message === undefined) socket.close()
        else handlers.received(message)
      })
      // Every error is followed by 'close', which is what the port reports.
      socket.on('error', () => undefined)
      socket.on('close', () => {
        handlers.closed()
      })
      return {
        send: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(message)
        },
        get bufferedBytes() {
          return socket.bufferedAmount
        },
        close: () => {
          close(socket)
        },
      }
    },
  }
}

function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (!(data instanceof Uint8Array)) return undefined
  const { buffer, byteOffset, byteLength } = data
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : undefined
}

function close(socket: WebSocket): void {
  if (socket.readyState === socket.CONNECTING) socket.terminate()
  else socket.close()
}
