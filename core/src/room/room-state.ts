import type { RoomState } from './view.ts'

/** What happens to our own place in the room. */
export type PlaceInput =
  /** A search has ended; `dialling` of those it found are being dialled. `first`: nothing was searched before. */
  | { readonly kind: 'searched'; readonly dialling: number; readonly first: boolean }
  /** Whom we have met so far: `in` when we are with at least one, `lobby` when all we met let us wait. */
  | { readonly kind: 'stands'; readonly where: 'nowhere' | 'lobby' | 'in' }
  /**
   * Somebody closed with a word about us. `authority`: it is the host or a co-host; `newcomer`: we came a moment ago.
   */
  | {
      readonly kind: 'refused'
      readonly reason: 'room-full' | 'kicked' | 'locked' | 'denied' | 'ended'
      readonly authority: boolean
      readonly host: boolean
      readonly newcomer: boolean
    }
  /** The log says so itself. */
  | { readonly kind: 'decided'; readonly what: 'removed' | 'ended' }
  | { readonly kind: 'left' }

/**
 * Where this device stands in the room, pure.
 *
 * | now                        | input                                                       | then     |
 * |----------------------------|-------------------------------------------------------------|----------|
 * | joining                    | searched: nobody to dial, or not for the first time         | joined   |
 * | joining, joined            | stands in the lobby                                         | knocking |
 * | knocking                   | stands nowhere                                              | joining  |
 * | joining, knocking          | stands in                                                   | joined   |
 * | any of these three         | removed or ended by the log; removed by whoever has authority; ended by the host; left | over |
 * | knocking                   | denied by anybody: it has nothing else to go by             | removed  |
 * | knocking, or a newcomer    | full, locked by anybody: the same                           | over     |
 * | over                       | anything                                                    | the same |
 *
 * One member's word is not enough to throw us out of a room that we are in.
 */
export function nextPlace(now: RoomState, input: PlaceInput): RoomState {
  if (now.kind !== 'joining' && now.kind !== 'knocking' && now.kind !== 'joined') return now
  switch (input.kind) {
    case 'searched':
      // Whoever was found may ask us to knock: a moment's patience spares a glance into a room that is not ours yet.
      return now.kind === 'joining' && (input.dialling === 0 || !input.first) ? { kind: 'joined' } : now
    case 'stands':
      return afterMeeting(now, input.where)
    case 'refused':
      return afterRefusal(now, input)
    case 'decided':
      return { kind: input.what }
    case 'left':
      return { kind: 'left' }
  }
}

function afterMeeting(now: RoomState, where: 'nowhere' | 'lobby' | 'in'): RoomState {
  if (where === 'in') return now.kind === 'joined' ? now : { kind: 'joined' }
  if (where === 'lobby') return now.kind === 'knocking' ? now : { kind: 'knocking' }
  return now.kind === 'knocking' ? { kind: 'joining' } : now
}

function afterRefusal(now: RoomState, input: Extract<PlaceInput, { kind: 'refused' }>): RoomState {
  const atTheDoor = now.kind === 'knocking' || input.newcomer
  switch (input.reason) {
    case 'kicked':
      return input.authority ? { kind: 'removed' } : now
    case 'denied':
      return input.authority || now.kind === 'knocking' ? { kind: 'removed' } : now
    case 'ended':
      return input.host ? { kind: 'ended' } : now
    case 'room-full':
      return atTheDoor ? { kind: 'full' } : now
    case 'locked':
      return atTheDoor ? { kind: 'locked' } : now
  }
}

/** True while we are in the room or on the way into it. */
export function isUnderWay({ kind }: RoomState): boolean {
  return kind === 'joining' || kind === 'knocking' || kind === 'joined'
}
