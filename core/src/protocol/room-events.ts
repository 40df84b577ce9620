import type { Emitter, Undo } from '../lifetime/index.ts'
import type { MeshRoom } from '../room/index.ts'
import type { ProtocolEvents } from './api.ts'

/** Tells what happens in a room in the words of the API. */
export function followRoom(room: MeshRoom, events: Emitter<ProtocolEvents>): Undo {
  const { roomId } = room
  const undoings = [
    room.on('peerConnected', (peer) => {
      events.emit('onPeerConnect', { roomId, peer })
    }),
    room.on('peerDeparted', (peer, reason) => {
      events.emit('onPeerDisconnect', { roomId, peer, reason })
    }),
    room.on('messageReceived', (message) => {
      events.emit('onMessageReceived', { roomId, message })
    }),
    room.on('streamAdded', (peerId, stream, source) => {
      events.emit('onRemoteStreamAdded', { roomId, peerId, stream, source })
    }),
    room.on('streamRemoved', (peerId, source) => {
      events.emit('onRemoteStreamRemoved', { roomId, peerId, source })
    }),
    room.on('changed', () => {
      events.emit('onRoomChanged', { roomId, room })
    }),
  ]
  return () => {
    for (const undo of undoings) undo()
  }
}
