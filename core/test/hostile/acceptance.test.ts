import { expect, it } from 'vitest'
import { isIncomingOver, nextIncoming, type IncomingInput, type IncomingState } from '../../src/ring/incoming-state.ts'

/** Everything that can happen to a ringing call but the acts of its user. */
const foreign: readonly IncomingInput[] = [
  { kind: 'cancelled', reason: 'withdrawn' },
  { kind: 'cancelled', reason: 'unanswered' },
  { kind: 'cancelled', reason: 'answered-elsewhere' },
  { kind: 'invited', linkCode: 'code' },
  { kind: 'violated' },
  { kind: 'lost' },
  { kind: 'rungOut' },
  { kind: 'notInvited' },
  { kind: 'dropped' },
]

it('D17: no sequence of frames and events but the user’s own act makes a ringing call accepted', () => {
  let reached: readonly IncomingState[] = [{ kind: 'ringing' }]
  for (let depth = 0; depth < 4; depth++) {
    reached = reached.flatMap((state) => foreign.map((input) => nextIncoming(state, input).state))
    for (const { kind } of reached) expect(['accepting', 'accepted']).not.toContain(kind)
  }
  // And what is over stays over, whatever the user does then.
  for (const state of reached.filter(isIncomingOver)) {
    expect(nextIncoming(state, { kind: 'userAccepted' })).toEqual({ state, effects: [] })
  }
})
