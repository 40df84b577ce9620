import { once } from 'node:events'
import { WebSocket, type RawData } from 'ws'
import { textOf } from '../servers/service.ts'
import type { JoinPair } from './pair.ts'

/** As PeerJS does it: the server knows people by names that they know of each other, and passes on offers and answers in JSON. */
export const joinPeerPair: JoinPair = async (url, nth, bytes, arrived) => {
  const payload = 'A'.repeat(bytes)
  const [host, joiner] = await Promise.all([connect(url, `host-${nth}`), connect(url, `joiner-${nth}`)])
  const answered = new Promise<void>((resolve) => {
    joiner.on('message', (data: RawData) => {
      if (textOf(data).includes('"ANSWER"')) resolve()
    })
  })
  let joined = false
  host.on('message', (data: RawData) => {
    const { type, src } = JSON.parse(textOf(data)) as { type: string; src: string }
    if (type !== 'OFFER') return
    if (joined) arrived()
    else host.send(JSON.stringify({ type: 'ANSWER', dst: src, payload }))
    joined = true
  })
  const send = (): void => {
    joiner.send(JSON.stringify({ type: 'OFFER', dst: `host-${nth}`, payload }))
  }
  send()
  await answered
  return {
    send,
    close: () => {
      host.terminate()
      joiner.terminate()
    },
  }
}

async function connect(url: string, id: string): Promise<WebSocket> {
  const address = `${url.replace('http', 'ws')}/peerjs?key=peerjs&id=${id}&token=t`
  const socket = new WebSocket(address, { perMessageDeflate: false })
  // OPEN: the server knows the name.
  await once(socket, 'message')
  return socket
}
