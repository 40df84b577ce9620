import { maxKeptBytes, maxKeptMessages } from './limits.ts'
import type { KeptLetter } from './shelf.ts'
import type { LegacyMessage } from './view.ts'

/** The messages of one conversation with another one among them: each once, oldest first. The same array if it was there. */
export function withLetter(letters: readonly KeptLetter[], letter: KeptLetter): readonly KeptLetter[] {
  if (letters.some(({ id }) => id === letter.id)) return letters
  return [...letters, letter].sort((a, b) => a.sentAtSeconds - b.sentAtSeconds || (a.id < b.id ? -1 : 1))
}

export interface Bounded {
  readonly letters: readonly KeptLetter[]
  /** Of the latest that gave way; undefined if none did. */
  readonly floorSeconds: number | undefined
}

/** As many of the latest as may be kept. */
export function bounded(letters: readonly KeptLetter[]): Bounded {
  let first = letters.length
  let bytes = 0
  while (first > 0 && letters.length - first < maxKeptMessages) {
    bytes += sizeOf(letters[first - 1])
    if (bytes > maxKeptBytes) break
    first -= 1
  }
  return { letters: letters.slice(first), floorSeconds: letters[first - 1]?.sentAtSeconds }
}

export function viewOf(letters: readonly KeptLetter[]): readonly LegacyMessage[] {
  return letters.flatMap(({ id, own, content, sentAtSeconds, hidden, unsent }) => {
    if (hidden) return []
    const standing = !own ? 'received' : unsent === undefined ? 'sent' : unsent.refused ? 'refused' : 'waiting'
    return { id, own, content, sentAtMs: sentAtSeconds * 1_000, standing } as const
  })
}

/** In characters, three bytes at most, and what stands around them. */
function sizeOf(letter: KeptLetter | undefined): number {
  return 200 + 3 * (letter?.content.length ?? 0) + (letter?.unsent?.event.content.length ?? 0)
}
