import type { CancelReason } from './ring-frame.ts'

/**
 * A call that rings here, on one line to one device of a contact.
 *
 * | state     | input                          | next                               | effects                          |
 * | ringing   | the user accepts               | accepting                          | say accept, start the timer      |
 * | ringing   | the user declines              | declined                           | say decline, hang up             |
 * | ringing   | cancel `unanswered`, lost, rung out | missed                        | hang up                          |
 * | ringing   | cancel, other reasons          | cancelled                          | hang up                          |
 * | ringing   | invitation, any other frame    | missed                             | hang up as a violation           |
 * | accepting | invitation                     | accepted                           | hang up                          |
 * | accepting | cancel                         | cancelled                          | hang up                          |
 * | accepting | lost, no invitation in time    | failed                             | hang up                          |
 * | accepting | any other frame                | failed                             | hang up as a violation           |
 * | not over  | dropped by our own side        | cancelled `answered-elsewhere`     | hang up                          |
 *
 * Everything else changes nothing. Only the user's own act leads to `accepting`, and only from there is a link taken: no frame of the
 * other end can bring this device into a room.
 */
export type IncomingState =
  | { readonly kind: 'ringing' }
  /** The user has accepted; the link is on its way. */
  | { readonly kind: 'accepting' }
  | { readonly kind: 'accepted'; readonly linkCode: string }
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled'; readonly reason: CancelReason }
  | { readonly kind: 'missed' }
  /** Accepted, but the caller was gone. */
  | { readonly kind: 'failed' }

export type IncomingInput =
  | { readonly kind: 'userAccepted' | 'userDeclined' }
  | { readonly kind: 'cancelled'; readonly reason: CancelReason }
  | { readonly kind: 'invited'; readonly linkCode: string }
  /** A frame that a caller never sends here. */
  | { readonly kind: 'violated' }
  | { readonly kind: 'lost' | 'rungOut' | 'notInvited' | 'dropped' }

export type IncomingEffect =
  | { readonly kind: 'sayAccept' | 'sayDecline' | 'startInvitationTimer' }
  | { readonly kind: 'hangUp'; readonly violation: boolean }

export interface IncomingStep {
  readonly state: IncomingState
  readonly effects: readonly IncomingEffect[]
}

export function isIncomingOver({ kind }: IncomingState): boolean {
  return kind !== 'ringing' && kind !== 'accepting'
}

export function nextIncoming(state: IncomingState, input: IncomingInput): IncomingStep {
  if (isIncomingOver(state)) return { state, effects: [] }
  if (input.kind === 'dropped') return over({ kind: 'cancelled', reason: 'answered-elsewhere' })
  return state.kind === 'ringing' ? fromRinging(state, input) : fromAccepting(state, input)
}

function fromRinging(state: IncomingState, input: IncomingInput): IncomingStep {
  switch (input.kind) {
    case 'userAccepted':
      return { state: { kind: 'accepting' }, effects: [{ kind: 'sayAccept' }, { kind: 'startInvitationTimer' }] }
    case 'userDeclined':
      return over({ kind: 'declined' }, { kind: 'sayDecline' })
    case 'cancelled':
      return over(input.reason === 'unanswered' ? { kind: 'missed' } : { kind: 'cancelled', reason: input.reason })
    case 'lost':
    case 'rungOut':
      return over({ kind: 'missed' })
    case 'invited':
    case 'violated':
      return violation({ kind: 'missed' })
    default:
      return { state, effects: [] }
  }
}

function fromAccepting(state: IncomingState, input: IncomingInput): IncomingStep {
  switch (input.kind) {
    case 'invited':
      return over({ kind: 'accepted', linkCode: input.linkCode })
    case 'cancelled':
      return over({ kind: 'cancelled', reason: input.reason })
    case 'lost':
    case 'notInvited':
      return over({ kind: 'failed' })
    case 'violated':
      return violation({ kind: 'failed' })
    default:
      return { state, effects: [] }
  }
}

function over(state: IncomingState, ...effects: readonly IncomingEffect[]): IncomingStep {
  return { state, effects: [...effects, { kind: 'hangUp', violation: false }] }
}

function violation(state: IncomingState): IncomingStep {
  return { state, effects: [{ kind: 'hangUp', violation: true }] }
}
