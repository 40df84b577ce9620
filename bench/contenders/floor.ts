import { fetchIce, openMedia, type Join } from '../page/contender.ts'
import { openSignalSocket } from '../page/signal-socket.ts'
import { sendBelowWatermark } from '../page/watermark.ts'

interface Signal {
  readonly description?: RTCSessionDescriptionInit
  readonly candidate?: RTCIceCandidateInit
}

/** The floor: one RTCPeerConnection, trickle ICE, the offer prepared while the signalling socket connects. No encryption of its own. */
export const join: Join = async ({ role, room, media, endpoint, ice }, events) => {
  const answer = ice === undefined ? undefined : await fetchIce(ice)
  const connection = new RTCPeerConnection(
    answer && { iceServers: [...answer.iceServers], iceTransportPolicy: 'relay' },
  )
  const channel = connection.createDataChannel('bench', { negotiated: true, id: 0 })
  const signals: Signal[] = []
  let prepared = false

  const apply = async ({ description, candidate }: Signal): Promise<void> => {
    if (candidate) await connection.addIceCandidate(candidate)
    if (!description) return
    await connection.setRemoteDescription(description)
    if (description.type !== 'offer') return
    await connection.setLocalDescription()
    socket.send({ description: connection.localDescription })
  }
  const socket = openSignalSocket(endpoint, room, (message) => {
    if (prepared) void apply(message as Signal)
    else signals.push(message as Signal)
  })

  channel.onopen = () => events.opened()
  channel.onmessage = ({ data }) => events.message(String(data))
  connection.onicecandidate = ({ candidate }) => candidate && socket.send({ candidate })
  connection.ontrack = ({ track, streams }) => {
    if (track.kind === 'video') events.stream(streams[0] ?? new MediaStream([track]))
  }
  if (media) {
    const stream = await openMedia()
    for (const track of stream.getTracks()) connection.addTrack(track, stream)
  }
  prepared = true
  for (const signal of signals.splice(0)) await apply(signal)
  if (role === 'joiner') {
    await connection.setLocalDescription()
    socket.send({ description: connection.localDescription })
  } else {
    await socket.ready
  }

  return {
    room,
    send: (text) => sendBelowWatermark(channel, text),
    leave: () => {
      socket.close()
      connection.close()
      return Promise.resolve()
    },
  }
}
