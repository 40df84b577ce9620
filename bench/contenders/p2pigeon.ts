import { ProtocolManager, type RoomView } from '@p2pigeon/core'
import { fetchIce, type Join } from '../page/contender.ts'

/**
 * P2Pigeon as its users have it: everything from identity to the relay's socket starts after the clock does, and
 * messages are end-to-end encrypted, ordered and acknowledged chat messages. `room` is a room link code, of a room for one
 * office: all contenders connect by local addresses here.
 */
export const join: Join = async ({ role, room, media, endpoint, ice }, events) => {
  const manager = new ProtocolManager()
  manager.on('onPeerConnect', () => events.opened())
  manager.on('onRemoteStreamAdded', ({ stream, source }) => {
    if (source === 'camera') whenVideo(stream, () => events.stream(stream))
  })
  manager.on('onMessageReceived', ({ message }) => {
    if (!message.own) events.message(message.content)
  })
  await manager.initialize({
    iceServers: ice === undefined ? [] : () => fetchIce(ice),
    serverlessMesh: { relayUrls: [endpoint] },
  })
  const code = role === 'host' ? await manager.createRoomLink({ privacy: ice === undefined ? 'lan' : 'hidden' }) : room
  const [joined] = await Promise.all([manager.joinRoom(code), media ? manager.startLocalStream() : undefined])
  if (role === 'host') await until(joined, ({ state, carrier }) => state.kind === 'joined' && carrier.kind === 'ready')

  return {
    room: code,
    send: async (text) => {
      await manager.sendMessage(joined.roomId, text)
    },
    leave: () => manager.close(),
  }
}

interface Watchable {
  view(): RoomView
  subscribe(changed: () => void): () => void
}

function until(room: Watchable, holds: (view: RoomView) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds(room.view())) return
      undo()
      resolve()
    }
    const undo = room.subscribe(look)
    look()
  })
}

/** A stream may come with sound first. */
function whenVideo(stream: MediaStream, found: () => void): void {
  if (stream.getVideoTracks().length > 0) return found()
  stream.addEventListener('addtrack', () => whenVideo(stream, found), { once: true })
}
