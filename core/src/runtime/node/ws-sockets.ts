import { createRequire } from 'node:module'
import type { WebSocket } from 'ws'
import type { Sockets, TextSockets } from '../ports.ts'

/** Largest message taken from a server, in bytes; `ws` closes the socket above it. */
const maxMessageBytes = 1 << 20
/** While so much waits for a server, in bytes, its pings are not answered: it could fill our memory with the answers. */
const maxBytesBeforePong = 1 << 20

/**
 * WebSockets by the `ws` package, which is loaded at the first call. Built-in ones come with Node 22 only.
 * Compression is off: it would cost memory per socket, and sealed frames do not compress.
 */
export function wsSockets(): Sockets & TextSockets {
  const { WebSocket } = createRequire(import.meta.url)('ws') as typeof import('ws')
  const options = { perMessageDeflate: false, maxPayload: maxMessageBytes, autoPong: false }
  return {
    connect(url, subprotocol, handlers) {
      const socket = new WebSocket(url, subprotocol, options)
      return held(socket, handlers, (data, isBinary) => {
        const message = isBinary ? bytesOf(data) : undefined
        if (message === undefined) socket.close()
        else handlers.received(message)
      })
    },
    connectText(url, handlers) {
      let socket: WebSocket
      try {
        socket = new WebSocket(url, options)
      } catch {
        // Addresses of relays come from people and from strangers: one that is none cannot be reached.
        queueMicrotask(() => {
          handlers.closed()
        })
        return { send: () => undefined, bufferedBytes: 0, close: () => undefined }
      }
      return held(socket, handlers, (data, isBinary) => {
        if (isBinary || !(data instanceof Buffer)) socket.close()
        else handlers.received(data.toString('utf8'))
      })
    },
  }
}

function held(
  socket: WebSocket,
  handlers: { opened(): void; closed(): void },
  received: (data: unknown, isBinary: boolean) => void,
): { send(message: string | Uint8Array<ArrayBuffer>): void; readonly bufferedBytes: number; close(): void } {
  socket.on('open', () => {
    handlers.opened()
  })
  socket.on('message', received)
  socket.on('ping', (data: Buffer) => {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount < maxBytesBeforePong) socket.pong(data)
  })
  // Every error is followed by 'close', which is what the port reports.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    handlers.closed()
  })
  return {
    send: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(message)
    },
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    close: () => {
      if (socket.readyState === socket.CONNECTING) socket.terminate()
      else socket.close()
    },
  }
}

function bytesOf(data: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (!(data instanceof Uint8Array)) return undefined
  const { buffer, byteOffset, byteLength } = data
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer, byteOffset, byteLength) : undefined
}
