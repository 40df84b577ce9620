import { Peer, type DataConnection, type MediaConnection } from 'peerjs'
import { openMedia, type Join } from '../page/contender.ts'
import { BenchFault } from '../page/fault.ts'
import { sendBelowWatermark } from '../page/watermark.ts'

/**
 * PeerJS with its own server. The joiner names itself (saves a request for an id) and messages go unpacked; both are
 * PeerJS's fastest documented ways. Its 8 MiB send buffer is kept short by the same watermark as the floor's.
 */
export const join: Join = async ({ role, room, media, endpoint }, events) => {
  const { hostname, port, pathname } = new URL(endpoint)
  const stream = media ? await openMedia() : undefined
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- documented as a plain object, typed as a class
  const peer = new Peer(role === 'host' ? room : `${room}-joiner`, {
    host: hostname,
    port: Number(port),
    path: pathname,
    config: { iceServers: [] },
  })
  let data: DataConnection | undefined
  const useData = (connection: DataConnection): void => {
    data = connection
    connection.on('open', () => events.opened())
    connection.on('data', (text) => events.message(String(text)))
  }
  const useMedia = (call: MediaConnection): void => {
    let reported = false
    call.on('stream', (remote) => {
      if (!reported) events.stream(remote)
      reported = true
    })
  }
  const connected = new Promise<void>((resolve) => peer.on('open', () => resolve()))
  peer.on('connection', useData)
  peer.on('call', (call) => {
    call.answer(stream)
    useMedia(call)
  })
  await connected
  if (role === 'joiner') {
    useData(peer.connect(room, { serialization: 'raw', reliable: true }))
    if (stream) useMedia(peer.call(room, stream))
  }

  return {
    room,
    send: (text) => {
      if (!data) throw new BenchFault('no data connection')
      return sendBelowWatermark(data.dataChannel, text)
    },
    leave: () => {
      peer.destroy()
      return Promise.resolve()
    },
  }
}
