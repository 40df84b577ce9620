import type { Knowledge } from './knowledge.ts'
import { opposite, type Agent, type Role, type Rules } from './protocol.ts'
import type { Planned } from './search.ts'
import { arrivals, type Run, type Step } from './session.ts'
import { run } from './scenarios.ts'
import { exporter } from './symbolic-noise.ts'
import { hash, word, type Term } from './term.ts'

const confirmed = word('confirmed')
const attackersFingerprint = fingerprintOf('attacker')

/** SHA-256 of the certificate of a run's RTCPeerConnection. Not secret. */
export function fingerprintOf(plan: string): Term {
  return word(`certificate of ${plan}`)
}

/**
 * A run that goes on to DTLS: it says its fingerprint, takes the other end's, and confirms both. The browser lets an
 * association be made with the owner of the fingerprint that was taken only, so what was taken is who is at the other end.
 */
export function withDtls(name: string, agent: Agent, role: Role): Planned {
  return run(name, agent, role, { says: fingerprintOf(name), then: negotiate })
}

function negotiate(rules: Rules, one: Run, knowledge: Knowledge): readonly Step[] {
  const { plan, taken } = one
  const [remote] = taken
  if (remote === undefined) return descriptions(rules, one, knowledge).map((print) => take(rules, one, print))
  if (taken.length > 1 || !knowledge.derives(confirmation(rules, one, opposite(plan.role), remote))) return []
  return [{ run: { ...one, taken: [remote, confirmed] }, sends: [], label: `${plan.name} gets the confirmation` }]
}

function take(rules: Rules, one: Run, remote: Term): Step {
  const sends = [confirmation(rules, one, one.plan.role, remote)]
  return { run: { ...one, taken: [remote] }, sends, label: `${one.plan.name} applies “${remote.name}”` }
}

/** The fingerprints that can be made to arrive. */
function descriptions(rules: Rules, one: Run, knowledge: Knowledge): readonly Term[] {
  if (rules.descriptions === 'in the channel') return arrivals(one, 1, knowledge, [attackersFingerprint])
  return [attackersFingerprint, fingerprintOf('ada dials'), fingerprintOf('ben answers')]
}

/** What the end that plays `role` must send, as this end sees the two fingerprints. */
function confirmation(rules: Rules, { noise, plan }: Run, role: Role, remote: Term): Term {
  const local = fingerprintOf(plan.name)
  const prints = plan.role === 'initiator' ? [local, remote] : [remote, local]
  return hash('confirm', exporter(noise), word(role), ...(rules.confirmation === 'fingerprints' ? prints : []))
}
