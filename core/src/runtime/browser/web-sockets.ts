import type { Sockets } from '../ports.ts'

/** WebSockets of the platform (browsers; Node from version 22). */
export const webSockets: Sockets = {
  connect(url, subprotocol, handlers) {
    const socket = new WebSocket(url, subprotocol)
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => {
      handlers.opened()
    }
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (event.data instanceof ArrayBuffer) handlers.received(new Uint8Array(event.data))
      else socket.close()
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
  },
}
