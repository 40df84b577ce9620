import { opposite, strong, type Agent } from './protocol.ts'
import type { Property, World } from './search.ts'
import type { Run } from './session.ts'
import type { Term } from './term.ts'

/** Nobody but the two ends of a run learns what is said in it, as long as the other end is one of `honest`. */
export function secrecy(honest: readonly Agent[]): Property {
  return ({ runs, knowledge }) => {
    const leaking = started(runs).find(
      ({ peer, said }) => peer !== undefined && honest.includes(peer) && said.some((term) => knowledge.derives(term)),
    )
    return leaking && `what ${leaking.plan.name} says to “${leaking.peer?.name ?? ''}” is known to the attacker`
  }
}

/** None of these terms is ever known. */
export function never(what: string, terms: (world: World) => readonly (Term | undefined)[]): Property {
  return (world) =>
    terms(world).some((term) => term !== undefined && world.knowledge.derives(term)) ? what : undefined
}

/**
 * Injective agreement: whoever accepts one of `honest` has exactly one run of that agent on the other side, in the other role, with the same
 * handshake hash and choice, and meant for nobody else; and no two accept the same handshake in one role.
 */
export function agreement(honest: readonly Agent[]): Property {
  return ({ runs }) => {
    const all = started(runs)
    for (const run of all) {
      const { plan, peer, accepted } = run
      if (!accepted || peer === undefined || !honest.includes(peer)) continue
      if (all.filter((other) => isCounterpart(run, other)).length !== 1) {
        return `${plan.name} accepts “${peer.name}”, who has no run of its own with it`
      }
      if (all.some((other) => other !== run && other.accepted && isSame(run, other))) {
        return `${plan.name} is not the only one to accept its handshake`
      }
    }
    return undefined
  }
}

/**
 * What two honest ends have said stays between them even if all their keys, and the link, are stolen afterwards.
 * @param stolen everything of theirs that lasts.
 */
export function forwardSecrecy(honest: readonly Agent[], stolen: readonly Term[]): Property {
  return ({ runs, knowledge }) => {
    const all = started(runs)
    const past = all.filter(
      (run) =>
        run.accepted &&
        run.peer !== undefined &&
        honest.includes(run.peer) &&
        all.some((one) => isCounterpart(run, one)),
    )
    if (past.length === 0) return undefined
    const thief = knowledge.with(stolen)
    const uncovered = past.find(({ said }) => said.some((term) => thief.derives(term)))
    return uncovered && `what ${uncovered.plan.name} said is uncovered by keys stolen later`
  }
}

/** Both can speak the better suite: two honest ends never agree on less. */
export function noDowngrade(honest: readonly Agent[]): Property {
  return ({ runs }) => {
    const weaker = started(runs).find(
      ({ accepted, peer, choice }) => accepted && peer !== undefined && honest.includes(peer) && choice !== strong,
    )
    return weaker && `${weaker.plan.name} and “${weaker.peer?.name ?? ''}” settle for the weak suite`
  }
}

/** These runs never accept anybody but `allowed`. */
export function onlyAccepts(names: readonly string[], allowed: readonly Agent[]): Property {
  return ({ runs }) => {
    const wrong = started(runs).find(
      ({ plan, accepted, peer }) =>
        names.includes(plan.name) && accepted && peer !== undefined && !allowed.includes(peer),
    )
    return wrong && `${wrong.plan.name} accepts “${wrong.peer?.name ?? ''}”`
  }
}

/** Nobody takes itself for somebody else. */
export const noSelf: Property = ({ runs }) => {
  const wrong = started(runs).find(({ plan, accepted, peer }) => accepted && peer === plan.agent)
  return wrong && `${wrong.plan.name} accepts itself`
}

/**
 * Whoever confirmed a DTLS association with a peer has the certificate of that peer on the other end, and the peer that of
 * its own. `taken` of such a run is the other end's fingerprint, then what was confirmed.
 */
export function sameFingerprints(own: (plan: string) => Term, honest: readonly Agent[]): Property {
  return ({ runs }) => {
    const all = started(runs)
    for (const run of all) {
      const [theirs, confirmed] = run.taken
      if (confirmed === undefined || run.peer === undefined || !honest.includes(run.peer)) continue
      const other = all.find((one) => isCounterpart(run, one))
      if (other === undefined || own(other.plan.name) !== theirs || other.taken[0] !== own(run.plan.name)) {
        return `${run.plan.name} confirms a DTLS association that is not with “${run.peer.name}”`
      }
    }
    return undefined
  }
}

function isCounterpart(run: Run, other: Run): boolean {
  return (
    other.plan.agent === run.peer &&
    other.peer === run.plan.agent &&
    other.plan.role === opposite(run.plan.role) &&
    other.noise.h === run.noise.h &&
    other.choice === run.choice
  )
}

function isSame(a: Run, b: Run): boolean {
  return a.plan.role === b.plan.role && a.noise.h === b.noise.h
}

function started(runs: World['runs']): readonly Run[] {
  return runs.filter((run) => run !== undefined)
}
