import { en } from './en.ts'

/** A name for a room that everyone gets alike without anyone sending it: two words chosen by the (public) room id. */
export function roomName(roomId: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < roomId.length; index++) {
    hash = Math.imul(hash ^ roomId.charCodeAt(index), 0x01000193) >>> 0
  }
  const { first, second } = en.roomWords
  const one = first[hash % first.length] ?? en.room.untitled
  const two = second[(hash >>> 12) % second.length] ?? ''
  return `${one} ${two}`.trim()
}
