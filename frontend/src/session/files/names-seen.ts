import type { Room } from '@p2pigeon/core'
import type { Undo } from '../../state/index.ts'

/** Names of more people than a room ever held at a time; those seen longest ago give way. */
const maxNames = 512

/** How people who are or were in the room call themselves, for as long as we have been here: who wrote a file may have left since. */
export function namesSeen(room: Pick<Room, 'view' | 'subscribe'>): {
  readonly nameOf: (peer: string) => string | undefined
  readonly end: Undo
} {
  const names = new Map<string, string>()
  let participants: unknown
  const look = (): void => {
    const view = room.view()
    if (view.participants === participants) return
    participants = view.participants
    for (const { peerId, name } of view.participants) {
      names.delete(peerId)
      names.set(peerId, name)
    }
    for (const peer of names.keys()) {
      if (names.size <= maxNames) break
      names.delete(peer)
    }
  }
  look()
  return { nameOf: (peer) => names.get(peer), end: room.subscribe(look) }
}
