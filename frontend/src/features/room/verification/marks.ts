import type { ComparisonView, PeerId } from '@p2pigeon/core'

/** What this user has said of the emoji in this call. A mark counts as long as the code that it was made for is the present one. */
export interface Marks {
  /** The code of the room of which everybody said that they see the same. */
  readonly room: string | undefined
  /** The code of the room of which somebody said that they see something else. */
  readonly differing: string | undefined
  /** The codes that were compared with one person. */
  readonly pairs: ReadonlyMap<PeerId, string>
}

export const noMarks: Marks = { room: undefined, differing: undefined, pairs: new Map() }

/** The code of the whole room as one value; undefined while there is none. */
export function codeOf(comparison: ComparisonView): string | undefined {
  return comparison.kind === 'agreed' ? comparison.room.join() : undefined
}

/** The code shared with one participant, likewise. */
export function pairCodeOf(comparison: ComparisonView, peerId: PeerId): string | undefined {
  return comparison.kind === 'agreed' ? comparison.pairs.get(peerId)?.join() : undefined
}

/** How the room stands as a whole: what core found, and what people said to each other. */
export type Verdict = ComparisonView['kind'] | 'verified'

export function verdictOn(comparison: ComparisonView, marks: Marks): Verdict {
  const code = codeOf(comparison)
  if (code === undefined) return comparison.kind
  if (code === marks.differing) return 'differs'
  return code === marks.room ? 'verified' : 'agreed'
}

/** True when this user knows that nobody stands between it and the participant. */
export function isCompared(comparison: ComparisonView, marks: Marks, peerId: PeerId): boolean {
  const pair = pairCodeOf(comparison, peerId)
  if (pair === undefined || verdictOn(comparison, marks) === 'differs') return false
  return verdictOn(comparison, marks) === 'verified' || marks.pairs.get(peerId) === pair
}
