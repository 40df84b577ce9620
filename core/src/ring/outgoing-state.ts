import type { CancelReason, RingFrame } from './ring-frame.ts'

/**
 * A call that we make, over all devices of the contact.
 *
 * | state     | input                      | next                                   | effects                                      |
 * | searching | a device rings             | ringing                                | start the ring timer                         |
 * | searching | a device is busy, noted it | searching, the first word remembered   | the first time: start the settle timer       |
 * | searching | settled, search timed out  | the word remembered, else unreachable  | dismiss `withdrawn`                          |
 * | ringing   | a device is busy, noted it | ringing                                |                                              |
 * | ringing   | a device accepts           | inviting                               | dismiss the others, ask for the link         |
 * | ringing   | a device declines          | declined                               | dismiss the others `declined-elsewhere`      |
 * | ringing   | rung out                   | unanswered                             | dismiss `unanswered`                         |
 * | inviting  | the link is there          | accepted                               | hand it over                                 |
 * | inviting  | the link cannot be made    | failed                                 | dismiss `withdrawn`                          |
 * | inviting  | the accepting device goes  | unanswered                             |                                              |
 * | searching, ringing | their call is joined | accepted, with their link           | dismiss `answered-elsewhere`                 |
 * | not over  | the user cancels           | cancelled                              | dismiss `withdrawn`                          |
 *
 * Everything else changes nothing. A device can accept or decline only after it rang (see `callerMayHear`).
 */
export type OutgoingState =
  /** No device rings yet; `heard` is what one has said that does not. */
  | { readonly kind: 'searching'; readonly heard: 'busy' | 'noted' | undefined }
  | { readonly kind: 'ringing' }
  /** Accepted by a device, which gets the link next. */
  | { readonly kind: 'inviting' }
  /** Both go to this room now: ours, or theirs if two called each other. */
  | { readonly kind: 'accepted'; readonly linkCode: string }
  | { readonly kind: 'declined' }
  | { readonly kind: 'busy' }
  /** The contact does not know us: the wish is in their list of requests. */
  | { readonly kind: 'noted' }
  /** Offline, or does not want to hear us: nobody can tell. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'cancelled' }
  /** Our own side could not make a link. */
  | { readonly kind: 'failed' }

export type OutgoingInput =
  | { readonly kind: 'rang' | 'busy' | 'noted' | 'accepted' | 'declined' }
  | { readonly kind: 'searchTimedOut' | 'settled' | 'rungOut' | 'userCancelled' }
  | { readonly kind: 'linkMade' | 'theirsJoined'; readonly linkCode: string }
  | { readonly kind: 'linkFailed' | 'inviteeLost' }

export type OutgoingEffect =
  | { readonly kind: 'startRingTimer' | 'startSettleTimer' | 'makeLink' }
  | { readonly kind: 'sendInvitation'; readonly linkCode: string }
  /** Tells every device that is still concerned, except the one that has accepted or declined, why it stops. */
  | { readonly kind: 'dismiss'; readonly reason: CancelReason }

export interface OutgoingStep {
  readonly state: OutgoingState
  readonly effects: readonly OutgoingEffect[]
}

export const outgoingStart: OutgoingState = { kind: 'searching', heard: undefined }

export function isOutgoingOver({ kind }: OutgoingState): boolean {
  return kind !== 'searching' && kind !== 'ringing' && kind !== 'inviting'
}

export function nextOutgoing(state: OutgoingState, input: OutgoingInput): OutgoingStep {
  if (isOutgoingOver(state)) return step(state)
  if (input.kind === 'userCancelled') return step({ kind: 'cancelled' }, dismiss('withdrawn'))
  if (input.kind === 'theirsJoined' && state.kind !== 'inviting') {
    return step({ kind: 'accepted', linkCode: input.linkCode }, dismiss('answered-elsewhere'))
  }
  switch (state.kind) {
    case 'searching':
      return fromSearching(state, input)
    case 'ringing':
      return fromRinging(state, input)
    case 'inviting':
      return fromInviting(state, input)
    default:
      return step(state)
  }
}

function fromSearching(state: OutgoingState & { kind: 'searching' }, { kind }: OutgoingInput): OutgoingStep {
  switch (kind) {
    case 'rang':
      return step({ kind: 'ringing' }, { kind: 'startRingTimer' })
    case 'busy':
    case 'noted':
      return state.heard === undefined
        ? step({ kind: 'searching', heard: kind }, { kind: 'startSettleTimer' })
        : step(state)
    case 'settled':
    case 'searchTimedOut':
      return step({ kind: state.heard ?? 'unreachable' }, dismiss('withdrawn'))
    default:
      return step(state)
  }
}

function fromRinging(state: OutgoingState, { kind }: OutgoingInput): OutgoingStep {
  switch (kind) {
    case 'accepted':
      return step({ kind: 'inviting' }, dismiss('answered-elsewhere'), { kind: 'makeLink' })
    case 'declined':
      return step({ kind: 'declined' }, dismiss('declined-elsewhere'))
    case 'rungOut':
      return step({ kind: 'unanswered' }, dismiss('unanswered'))
    default:
      return step(state)
  }
}

function fromInviting(state: OutgoingState, input: OutgoingInput): OutgoingStep {
  switch (input.kind) {
    case 'linkMade':
      return step({ kind: 'accepted', linkCode: input.linkCode }, { kind: 'sendInvitation', linkCode: input.linkCode })
    case 'linkFailed':
      return step({ kind: 'failed' }, dismiss('withdrawn'))
    case 'inviteeLost':
      return step({ kind: 'unanswered' })
    default:
      return step(state)
  }
}

/** What one device of the contact has said so far, as its caller sees it. */
export type CallerLine = 'asked' | 'ringing' | 'answered'

/**
 * What the caller may hear next on one line: the line's next state, or undefined for a violation. Nothing that only a caller says is
 * ever heard by one, and no answer counts before its time.
 *
 * | line    | ringing | busy, noted | accept, decline | anything else |
 * | asked   | ringing | answered    | violation       | violation     |
 * | ringing | violation | violation | answered        | violation     |
 * | answered | violation | violation | violation      | violation     |
 */
export function callerMayHear(line: CallerLine, { kind }: RingFrame): CallerLine | undefined {
  if (line === 'asked' && kind === 'ringing') return 'ringing'
  if (line === 'asked' && (kind === 'busy' || kind === 'noted')) return 'answered'
  if (line === 'ringing' && (kind === 'accept' || kind === 'decline')) return 'answered'
  return undefined
}

function dismiss(reason: CancelReason): OutgoingEffect {
  return { kind: 'dismiss', reason }
}

function step(state: OutgoingState, ...effects: readonly OutgoingEffect[]): OutgoingStep {
  return { state, effects }
}
