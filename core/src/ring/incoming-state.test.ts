import { describe, expect, it } from 'vitest'
import {
  isIncomingOver,
  nextIncoming,
  type IncomingEffect,
  type IncomingInput,
  type IncomingState,
} from './incoming-state.ts'
import { cancelReasons } from './ring-frame.ts'

const ringing: IncomingState = { kind: 'ringing' }
const accepting: IncomingState = { kind: 'accepting' }
const linkCode = 'code'
const withdrawn: IncomingInput = { kind: 'cancelled', reason: 'withdrawn' }
const unanswered: IncomingInput = { kind: 'cancelled', reason: 'unanswered' }
const invited: IncomingInput = { kind: 'invited', linkCode }

const inputs: readonly IncomingInput[] = [
  { kind: 'userAccepted' },
  { kind: 'userDeclined' },
  ...cancelReasons.map((reason) => ({ kind: 'cancelled' as const, reason })),
  invited,
  { kind: 'violated' },
  ...(['lost', 'rungOut', 'notInvited', 'dropped'] as const).map((kind) => ({ kind })),
]

const hangUp: IncomingEffect = { kind: 'hangUp', violation: false }
const accuse: IncomingEffect = { kind: 'hangUp', violation: true }
const droppedState: IncomingState = { kind: 'cancelled', reason: 'answered-elsewhere' }

const arrows: readonly [IncomingState, IncomingInput, IncomingState, readonly IncomingEffect[]][] = [
  [ringing, { kind: 'userAccepted' }, accepting, [{ kind: 'sayAccept' }, { kind: 'startInvitationTimer' }]],
  [ringing, { kind: 'userDeclined' }, { kind: 'declined' }, [{ kind: 'sayDecline' }, hangUp]],
  [ringing, unanswered, { kind: 'missed' }, [hangUp]],
  [ringing, { kind: 'lost' }, { kind: 'missed' }, [hangUp]],
  [ringing, { kind: 'rungOut' }, { kind: 'missed' }, [hangUp]],
  [ringing, invited, { kind: 'missed' }, [accuse]],
  [ringing, { kind: 'violated' }, { kind: 'missed' }, [accuse]],
  [ringing, { kind: 'dropped' }, droppedState, [hangUp]],
  [accepting, invited, { kind: 'accepted', linkCode }, [hangUp]],
  [accepting, unanswered, { kind: 'cancelled', reason: 'unanswered' }, [hangUp]],
  [accepting, { kind: 'lost' }, { kind: 'failed' }, [hangUp]],
  [accepting, { kind: 'notInvited' }, { kind: 'failed' }, [hangUp]],
  [accepting, { kind: 'violated' }, { kind: 'failed' }, [accuse]],
  [accepting, { kind: 'dropped' }, droppedState, [hangUp]],
  ...([ringing, accepting] as const).flatMap((state) =>
    (['withdrawn', 'answered-elsewhere', 'declined-elsewhere'] as const).map(
      (reason): [IncomingState, IncomingInput, IncomingState, IncomingEffect[]] => [
        state,
        { kind: 'cancelled', reason },
        { kind: 'cancelled', reason },
        [hangUp],
      ],
    ),
  ),
]

describe('an incoming call', () => {
  it.each(arrows)('%o on %o becomes %o', (state, input, next, effects) => {
    expect(nextIncoming(state, input)).toEqual({ state: next, effects })
  })

  const overs: readonly IncomingState[] = [
    { kind: 'accepted', linkCode },
    droppedState,
    ...(['declined', 'missed', 'failed'] as const).map((kind) => ({ kind })),
  ]

  it.each([ringing, accepting, ...overs])('changes nothing in %o on any other input', (state) => {
    const drawn = arrows.filter(([from]) => from === state).map(([, input]) => JSON.stringify(input))
    for (const input of inputs.filter((one) => !drawn.includes(JSON.stringify(one)))) {
      expect(nextIncoming(state, input)).toEqual({ state, effects: [] })
    }
  })

  it('D17: without an act of the user no sequence of what others can do leads to accepted or accepting', () => {
    const foreign = inputs.filter(({ kind }) => kind !== 'userAccepted')
    let states: IncomingState[] = [ringing]
    for (let depth = 0; depth < 4; depth++) {
      states = states.flatMap((state) => foreign.map((input) => nextIncoming(state, input).state))
      expect(states.filter(({ kind }) => kind === 'accepted' || kind === 'accepting')).toEqual([])
    }
  })

  it('is over in every state that has a word for the end', () => {
    expect([ringing, accepting, ...overs].filter(isIncomingOver)).toEqual(overs)
    expect(nextIncoming(ringing, withdrawn).state.kind).toBe('cancelled')
  })
})
