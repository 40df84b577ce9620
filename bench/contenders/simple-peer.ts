import SimplePeer from 'simple-peer'
import { openMedia, type Join } from '../page/contender.ts'
import { openSignalSocket } from '../page/signal-socket.ts'

/** simple-peer over the same signaller as the floor, with its own stream back-pressure. */
export const join: Join = async ({ role, room, media, endpoint }, events) => {
  const stream = media ? await openMedia() : undefined
  const peer = new SimplePeer({
    initiator: role === 'joiner',
    objectMode: true,
    config: { iceServers: [] },
    ...(stream && { stream }),
  })
  const socket = openSignalSocket(endpoint, room, (message) => peer.signal(message as SimplePeer.SignalData))
  peer.on('signal', (signal) => socket.send(signal))
  peer.on('connect', () => events.opened())
  peer.on('stream', (remote) => events.stream(remote))
  peer.on('data', (text: string) => events.message(text))
  if (role === 'host') await socket.ready

  return {
    room,
    send: async (text) => {
      if (!peer.write(text)) await new Promise<void>((resolve) => peer.once('drain', resolve))
    },
    leave: () => {
      socket.close()
      peer.destroy()
      return Promise.resolve()
    },
  }
}
