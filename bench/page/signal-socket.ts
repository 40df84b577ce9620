/** The other side of `servers/signaller.ts`: JSON to everyone else in the room, queued until the socket is open. */
export interface SignalSocket {
  readonly ready: Promise<void>
  send(message: unknown): void
  close(): void
}

/** Connects to the signaller; `receive` gets what the other page sent. */
export function openSignalSocket(endpoint: string, room: string, receive: (message: unknown) => void): SignalSocket {
  const socket = new WebSocket(`${endpoint}?room=${encodeURIComponent(room)}`)
  const waiting: string[] = []
  const ready = new Promise<void>((resolve) => {
    socket.onopen = () => {
      for (const text of waiting.splice(0)) socket.send(text)
      resolve()
    }
  })
  socket.onmessage = ({ data }) => receive(JSON.parse(String(data)))
  return {
    ready,
    send(message) {
      const text = JSON.stringify(message)
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
      else waiting.push(text)
    },
    close: () => socket.close(),
  }
}
