import { WebSocketServer, type WebSocket } from 'ws'
import { closeServer, listen, textOf, type Service } from './service.ts'

/** The least a signalling server can be: what one socket of a room says, the others hear. */
export async function startSignaller(): Promise<Service> {
  const { server, port } = await listen()
  const sockets = new WebSocketServer({ server })
  const rooms = new Map<string, Set<WebSocket>>()
  sockets.on('connection', (socket, request) => {
    const room = new URL(request.url ?? '/', 'http://localhost').searchParams.get('room') ?? ''
    const members = rooms.get(room) ?? new Set<WebSocket>()
    rooms.set(room, members.add(socket))
    socket.on('message', (data) => {
      for (const member of members) if (member !== socket) member.send(textOf(data))
    })
    socket.on('close', () => {
      members.delete(socket)
      if (members.size === 0) rooms.delete(room)
    })
  })
  return {
    url: `ws://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate()
      await closeServer(server)
    },
  }
}
