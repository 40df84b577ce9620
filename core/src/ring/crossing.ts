import type { Scope } from '../lifetime/index.ts'
import type { Clock } from '../runtime/index.ts'
import type { Incoming } from './incoming.ts'
import { crossingGraceMs } from './limits.ts'
import type { Outgoing } from './outgoing.ts'

export interface Crossing {
  /** Our call to somebody. */
  readonly ours: Outgoing
  /** Their call to us, which came while ours was under way. Nobody has been told of it. */
  readonly theirs: Incoming
  /** True if ours stands: our identity key is the lower one. */
  readonly oursStands: boolean
  readonly clock: Clock
  readonly scope: Scope
  /** Lets theirs ring like any other, since ours is over without a link. */
  show(): void
}

/**
 * Two people call each other at once; one call results. The call of the one with the lower identity key stands.
 *
 * - Theirs stands: we accept it at once, for our user wants to talk to exactly this person; our own call ends in their room.
 * - Ours stands: theirs waits in silence for the other end to accept ours. If it has not after `crossingGraceMs` (our search may not have found the
 *   device they call from), we accept theirs; should both be accepted then, ours still stands.
 *
 * Nobody is brought into a call that they did not begin: both have called, and each knows by proof whom.
 */
export function cross(crossing: Crossing): void {
  const { ours, theirs, oursStands, clock } = crossing
  // They have accepted ours before their own ring came in: the link is on its way.
  if (ours.state.kind === 'inviting') {
    theirs.drop()
    return
  }
  const taken = crossing.scope.child()
  const take = (): void => {
    if (!oursStands) ours.yieldTo(theirs)
    theirs.accept().then(
      (linkCode) => {
        ours.joinTheirs(linkCode)
      },
      () => {
        // Their end is gone: our own call goes on.
        ours.unyield(theirs)
      },
    )
  }
  taken.onEnd(
    ours.subscribe(() => {
      const { kind } = ours.state
      if (kind === 'searching' || kind === 'ringing') return
      taken.end()
      if (kind === 'inviting' || kind === 'accepted' || theirs.state.kind === 'accepting') theirs.drop()
      else if (!theirs.over) crossing.show()
    }),
  )
  taken.onEnd(
    theirs.subscribe(() => {
      if (theirs.over) taken.end()
    }),
  )
  if (!oursStands) take()
  else taken.onEnd(clock.after(crossingGraceMs, take))
}
