import type { Sockets, TextSockets } from '../ports.ts'

/** WebSockets of the platform (browsers; Node from version 22). */
export const webSockets: Sockets & TextSockets = {
  connect(url, subprotocol, handlers) {
    const socket = new WebSocket(url, subprotocol)
    socket.binaryType = 'arraybuffer'
    return held(socket, handlers, (data) => {
      if (data instanceof ArrayBuffer) handlers.received(new Uint8Array(data))
      else socket.close()
    })
  },
  connectText(url, handlers) {
    let socket: WebSocket
    try {
      socket = new WebSocket(url)
    } catch {
      // Addresses of relays come from people and from strangers: one that is none cannot be reached.
      queueMicrotask(() => {
        handlers.closed()
      })
      return { send: () => undefined, bufferedBytes: 0, close: () => undefined }
    }
    return held(socket, handlers, (data) => {
      if (typeof data === 'string') handlers.received(data)
      else socket.close()
    })
  },
}

function held(
  socket: WebSocket,
  handlers: { opened(): void; closed(): void },
  received: (data: unknown) => void,
): { send(message: string | Uint8Array<ArrayBuffer>): void; readonly bufferedBytes: number; close(): void } {
  socket.onopen = () => {
    handlers.opened()
  }
  socket.onmessage = (event: MessageEvent<unknown>) => {
    received(event.data)
  }
  socket.onclose = () => {
    handlers.closed()
  }
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message)
    },
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    close: () => {
      socket.close()
    },
  }
}
