import { WebSocketServer, type WebSocket } from 'ws'
import { closeServer, listen, textOf, type Service } from './service.ts'

/** NIP-01 event, the fields that a filter looks at. */
interface NostrEvent {
  readonly id: string
  readonly pubkey: string
  readonly kind: number
  readonly created_at: number
  readonly tags: readonly (readonly string[])[]
}

/** NIP-01 filter; tag filters are keys like `#x`. */
type Filter = Readonly<Record<string, unknown>>

/**
 * A Nostr relay (NIP-01) as small as the bench needs: live events only, which is all that ephemeral kinds
 * (20000 to 29999) ask for, nothing stored and no signature checked; both make Trystero faster, never slower.
 */
export async function startNostrRelay(): Promise<Service> {
  const { server, port } = await listen()
  const sockets = new WebSocketServer({ server })
  const subscriptions = new Map<WebSocket, Map<string, readonly Filter[]>>()

  const publish = (event: NostrEvent): void => {
    for (const [socket, own] of subscriptions)
      for (const [id, filters] of own)
        if (filters.some((filter) => matches(filter, event))) socket.send(JSON.stringify(['EVENT', id, event]))
  }

  sockets.on('connection', (socket) => {
    const own = new Map<string, readonly Filter[]>()
    subscriptions.set(socket, own)
    socket.on('close', () => subscriptions.delete(socket))
    socket.on('message', (data) => {
      const [type, first, ...rest] = JSON.parse(textOf(data)) as [string, unknown, ...Filter[]]
      if (type === 'REQ') {
        own.set(String(first), rest)
        socket.send(JSON.stringify(['EOSE', first]))
      } else if (type === 'CLOSE') {
        own.delete(String(first))
      } else if (type === 'EVENT') {
        const event = first as NostrEvent
        socket.send(JSON.stringify(['OK', event.id, true, '']))
        publish(event)
      }
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

function matches(filter: Filter, event: NostrEvent): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    if (key === 'since') return event.created_at >= Number(wanted)
    if (key === 'until') return event.created_at <= Number(wanted)
    if (!Array.isArray(wanted)) return true
    if (key === 'kinds') return wanted.includes(event.kind)
    if (key === 'authors') return wanted.includes(event.pubkey)
    if (key === 'ids') return wanted.includes(event.id)
    return event.tags.some(([name, value]) => `#${name}` === key && wanted.includes(value))
  })
}
