import { equal } from '../bytes/index.ts'
import type { ChannelRole } from '../channel/index.ts'
import type { PeerState } from '../peer/index.ts'

/**
 * Two sessions with one participant, pure: which one stays. Both ends decide alike without asking.
 *
 * | standing session            | new session                  | stays                              |
 * |-----------------------------|------------------------------|------------------------------------|
 * | of an earlier page load     | any                          | the new one                        |
 * | negotiating, other dialled  | we dialled (or reverse)      | the one the lower peer id dialled  |
 * | any other                   | any                          | the new one                        |
 *
 * An initiator that finds a live session in message 2 gives way before that (`isDuplicateDial`), so the middle row is
 * only reached when both dialled at the same moment.
 */
export interface StandingSession {
  readonly instance: Uint8Array
  readonly role: ChannelRole
  readonly state: PeerState['kind']
}

export interface Arriving {
  readonly instance: Uint8Array
  readonly role: ChannelRole
}

export function keepsStanding(standing: StandingSession, arriving: Arriving, weAreLower: boolean): boolean {
  if (standing.state !== 'negotiating' || standing.role === arriving.role) return false
  if (!equal(standing.instance, arriving.instance)) return false
  return (standing.role === 'initiator') === weAreLower
}

/** True if a dial has reached somebody to whom we have a session that works or is about to. */
export function isDuplicateDial(standing: StandingSession | undefined, instance: Uint8Array): boolean {
  if (standing === undefined || !equal(standing.instance, instance)) return false
  return isReaching(standing.state)
}

/** True for a session that works or is about to: nobody needs to dial its participant. */
export function isReaching(state: PeerState['kind']): boolean {
  return state === 'negotiating' || state === 'open'
}
