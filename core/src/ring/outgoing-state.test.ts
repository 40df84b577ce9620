import { describe, expect, it } from 'vitest'
import {
  callerMayHear,
  isOutgoingOver,
  nextOutgoing,
  outgoingStart,
  type CallerLine,
  type OutgoingEffect,
  type OutgoingInput,
  type OutgoingState,
} from './outgoing-state.ts'
import type { RingFrame } from './ring-frame.ts'

const ringing: OutgoingState = { kind: 'ringing' }
const inviting: OutgoingState = { kind: 'inviting' }
const heardBusy: OutgoingState = { kind: 'searching', heard: 'busy' }
const linkCode = 'code'

const inputs: readonly OutgoingInput[] = [
  ...(['rang', 'busy', 'noted', 'accepted', 'declined'] as const).map((kind) => ({ kind })),
  ...(['searchTimedOut', 'settled', 'rungOut', 'userCancelled'] as const).map((kind) => ({ kind })),
  ...(['linkMade', 'theirsJoined'] as const).map((kind) => ({ kind, linkCode })),
  ...(['linkFailed', 'inviteeLost'] as const).map((kind) => ({ kind })),
]
const dismiss = (reason: 'withdrawn' | 'unanswered' | 'answered-elsewhere' | 'declined-elsewhere'): OutgoingEffect => ({
  kind: 'dismiss',
  reason,
})

const arrows: readonly [OutgoingState, OutgoingInput['kind'], OutgoingState, readonly OutgoingEffect[]][] = [
  [outgoingStart, 'rang', ringing, [{ kind: 'startRingTimer' }]],
  [outgoingStart, 'busy', heardBusy, [{ kind: 'startSettleTimer' }]],
  [outgoingStart, 'noted', { kind: 'searching', heard: 'noted' }, [{ kind: 'startSettleTimer' }]],
  [outgoingStart, 'searchTimedOut', { kind: 'unreachable' }, [dismiss('withdrawn')]],
  [outgoingStart, 'settled', { kind: 'unreachable' }, [dismiss('withdrawn')]],
  [outgoingStart, 'userCancelled', { kind: 'cancelled' }, [dismiss('withdrawn')]],
  [outgoingStart, 'theirsJoined', { kind: 'accepted', linkCode }, [dismiss('answered-elsewhere')]],
  [heardBusy, 'rang', ringing, [{ kind: 'startRingTimer' }]],
  [heardBusy, 'settled', { kind: 'busy' }, [dismiss('withdrawn')]],
  [heardBusy, 'searchTimedOut', { kind: 'busy' }, [dismiss('withdrawn')]],
  [heardBusy, 'userCancelled', { kind: 'cancelled' }, [dismiss('withdrawn')]],
  [heardBusy, 'theirsJoined', { kind: 'accepted', linkCode }, [dismiss('answered-elsewhere')]],
  [ringing, 'accepted', inviting, [dismiss('answered-elsewhere'), { kind: 'makeLink' }]],
  [ringing, 'declined', { kind: 'declined' }, [dismiss('declined-elsewhere')]],
  [ringing, 'rungOut', { kind: 'unanswered' }, [dismiss('unanswered')]],
  [ringing, 'userCancelled', { kind: 'cancelled' }, [dismiss('withdrawn')]],
  [ringing, 'theirsJoined', { kind: 'accepted', linkCode }, [dismiss('answered-elsewhere')]],
  [inviting, 'linkMade', { kind: 'accepted', linkCode }, [{ kind: 'sendInvitation', linkCode }]],
  [inviting, 'linkFailed', { kind: 'failed' }, [dismiss('withdrawn')]],
  [inviting, 'inviteeLost', { kind: 'unanswered' }, []],
  [inviting, 'userCancelled', { kind: 'cancelled' }, [dismiss('withdrawn')]],
]

describe('an outgoing call', () => {
  it.each(arrows)('%o on %s becomes %o', (state, kind, next, effects) => {
    const input = inputs.find((one) => one.kind === kind)
    expect(nextOutgoing(state, input!)).toEqual({ state: next, effects })
  })

  const overs: readonly OutgoingState[] = [
    { kind: 'accepted', linkCode },
    ...(['declined', 'busy', 'noted', 'unreachable', 'unanswered', 'cancelled', 'failed'] as const).map((kind) => ({
      kind,
    })),
  ]
  const states = [outgoingStart, heardBusy, ringing, inviting, ...overs]

  it.each(states)('changes nothing in %o on any other input', (state) => {
    const drawn = arrows.filter(([from]) => from === state).map(([, kind]) => kind)
    for (const input of inputs.filter(({ kind }) => !drawn.includes(kind))) {
      expect(nextOutgoing(state, input)).toEqual({ state, effects: [] })
    }
  })

  it('is over in every state that has a word for the end', () => {
    expect(states.filter(isOutgoingOver)).toEqual(overs)
  })
})

describe('what a caller may hear', () => {
  const allFrames: readonly RingFrame[] = [
    { kind: 'ring', video: true, name: 'Ada' },
    { kind: 'ringing' },
    { kind: 'noted' },
    { kind: 'busy' },
    { kind: 'accept' },
    { kind: 'invitation', linkCode },
    { kind: 'decline' },
    { kind: 'cancel', reason: 'withdrawn' },
  ]
  const allowed: Readonly<Record<CallerLine, Partial<Record<RingFrame['kind'], CallerLine>>>> = {
    asked: { ringing: 'ringing', busy: 'answered', noted: 'answered' },
    ringing: { accept: 'answered', decline: 'answered' },
    answered: {},
  }
  const cases = (['asked', 'ringing', 'answered'] as const).flatMap((line) =>
    allFrames.map((frame) => [line, frame.kind, frame] as const),
  )

  it.each(cases)('D17: a line that is %s hears %s', (line, kind, frame) => {
    expect(callerMayHear(line, frame)).toBe(allowed[line][kind])
  })
})
