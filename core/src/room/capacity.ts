/** The rules of a full room, pure: who stays when more want in than a mesh carries. */

/** A member is settled after this long in the room: a newcomer can no longer take its place. */
export const settledAfterMs = 10_000

export interface Contender {
  readonly peerId: string
  readonly joinedAtMs: number
  /** True for a member that was connected for `settledAfterMs`. */
  readonly settled: boolean
}

export type Admission =
  { readonly kind: 'admit' } | { readonly kind: 'admitInstead'; readonly of: string } | { readonly kind: 'full' }

/**
 * Decides on a newcomer in a room with `members` besides this device and `places` for them. When two arrive for the
 * last place at once, every member ranks them alike (earlier first, then by id), so all keep the same one.
 */
export function judgeNewcomer(newcomer: Contender, members: readonly Contender[], places: number): Admission {
  if (members.some(({ peerId }) => peerId === newcomer.peerId)) return { kind: 'admit' }
  if (members.length < places) return { kind: 'admit' }
  const last = members
    .filter(({ settled }) => !settled)
    .sort(byRank)
    .at(-1)
  return last !== undefined && byRank(newcomer, last) < 0 ? { kind: 'admitInstead', of: last.peerId } : { kind: 'full' }
}

function byRank(a: Contender, b: Contender): number {
  return a.joinedAtMs - b.joinedAtMs || (a.peerId < b.peerId ? -1 : 1)
}
