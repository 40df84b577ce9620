import {
  ada,
  ben,
  bindingOf,
  eve,
  firstSecret,
  mallory,
  offers,
  pskOf,
  type Agent,
  type Role,
  type Rules,
} from './protocol.ts'
import type { Planned, Scenario } from './search.ts'
import { attackersEphemeral } from './session.ts'
import { pub, verifier, type Term } from './term.ts'

const own = [attackersEphemeral, pub(attackersEphemeral)]

/** Lacks the link, runs the carrier. The envelope is not modelled: what it hides, this attacker sees. */
export const outsider: readonly Term[] = [...own, ...keysOf(mallory)]

/** A member with the link, who runs the carrier and has met everybody: knows their keys and binding records. */
export function member(rules: Rules): readonly Term[] {
  const met = [ada, ben].flatMap((one) => [verifier(one.identity), pub(one.static), bindingOf(rules, one)])
  return [...own, ...keysOf(eve), pskOf(firstSecret), ...met]
}

export const adaDials = run('ada dials', ada, 'initiator')
export const adaAnswers = run('ada answers', ada, 'responder')
export const benDials = run('ben dials', ben, 'initiator')
export const benAnswers = run('ben answers', ben, 'responder')

/** Both dial and both are dialled: a member in the middle, and every confusion of roles and runs. */
export const everyRole = [adaDials, benAnswers, adaAnswers, benDials]
/** One pair twice: what an attacker can move from one run to another of the same two. */
export const twice = [
  adaDials,
  benAnswers,
  run('ada dials again', ada, 'initiator'),
  run('ben answers again', ben, 'responder'),
]

export function run(name: string, agent: Agent, role: Role, more: Partial<Planned> = {}): Planned {
  return { name, agent, role, psk: () => pskOf(firstSecret), ...more }
}

export function scenario(plans: readonly Planned[], attackerKnows: readonly Term[]): Scenario {
  return { plans, attackerKnows: [...attackerKnows, ...offers] }
}

/** All that somebody has of its own. */
export function keysOf({ identity, static: key }: Agent): readonly Term[] {
  return [identity, key, verifier(identity), pub(key)]
}
