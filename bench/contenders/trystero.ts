import { getRelaySockets, joinRoom } from '@trystero-p2p/nostr'
import { openMedia, type Join } from '../page/contender.ts'

/** Trystero's Nostr strategy, default settings, on one local relay. */
export const join: Join = async ({ role, room, media, endpoint }, events) => {
  const stream = media ? await openMedia() : undefined
  const joined = joinRoom(
    { appId: 'p2pigeon-bench', relayConfig: { urls: [endpoint], redundancy: 1 }, rtcConfig: { iceServers: [] } },
    room,
  )
  const { send } = joined.makeAction<string>('bench', { onMessage: (text) => events.message(text) })
  joined.onPeerStream = (remote) => events.stream(remote)
  joined.onPeerJoin = (peerId) => {
    events.opened()
    if (stream) void Promise.all(joined.addStream(stream, { target: peerId }))
  }
  if (role === 'host') await Promise.all(Object.values(relaySockets()).map(opened))

  return { room, send: (text) => send(text), leave: () => joined.leave() }
}

/** Untyped in the package. */
const relaySockets = getRelaySockets as () => Record<string, unknown>

function opened(socket: unknown): Promise<void> {
  if (!(socket instanceof WebSocket) || socket.readyState === WebSocket.OPEN) return Promise.resolve()
  return new Promise((resolve) => socket.addEventListener('open', () => resolve(), { once: true }))
}
