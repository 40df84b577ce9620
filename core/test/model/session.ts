import type { Knowledge } from './knowledge.ts'
import { agents, bindingOf, offers, opposite, proofOf, room, strong, wholeOffer } from './protocol.ts'
import type { Agent, Role, Rules } from './protocol.ts'
import {
  begin,
  mixEphemeral,
  mixKey,
  mixKeyAndHash,
  openings,
  seal,
  transportAd,
  transportKey,
  type Noise,
} from './symbolic-noise.ts'
import { aead, part, pub, secret, shared, tuple, verifier, word, type Term } from './term.ts'

/** One run of one honest agent. */
export interface Plan {
  readonly name: string
  readonly agent: Agent
  readonly role: Role
  /** Whom this door is for; everybody if left out. */
  readonly isFor?: (peer: Agent) => boolean
  /** What is said once the other end may hear it; a secret of the session's own if left out. */
  readonly says?: Term
  /** What can happen once the other end is proven. */
  readonly then?: (rules: Rules, run: Run, knowledge: Knowledge, runs: readonly (Run | undefined)[]) => readonly Step[]
}

/** What a run keeps. `stage` counts what it has received. */
export interface Run {
  readonly plan: Plan
  readonly psk: Term
  readonly stage: number
  readonly noise: Noise
  /** The other end's ephemeral key, as it came. */
  readonly re: Term | undefined
  readonly offer: Term
  readonly choice: Term | undefined
  /** Who the other end says it is; proven only when `accepted`. */
  readonly peer: Agent | undefined
  readonly accepted: boolean
  /** What was said to `peer`, and must stay between the two. */
  readonly said: readonly Term[]
  /** What was taken from the other end afterwards. */
  readonly taken: readonly Term[]
}

/** What one step of a run leads to, and what it sends. */
export interface Step {
  readonly run: Run
  readonly sends: readonly Term[]
  readonly label: string
}

const empty = word('')

/** The one that the attacker makes for its own runs. */
export const attackersEphemeral = secret('ephemeral of the attacker')

export const ephemeralOf = ({ name }: Plan): Term => secret(`ephemeral of ${name}`)
export const messageOf = ({ name, says }: Plan): Term => says ?? secret(`message of ${name}`)

/** The run before anything has come. An initiator has sent message 1 already: it waits for nothing. */
export function start(rules: Rules, plan: Plan, psk: Term): Step {
  const offer = wholeOffer
  const base = {
    plan,
    psk,
    offer,
    choice: undefined,
    peer: undefined,
    accepted: false,
    said: [],
    taken: [],
    re: undefined,
  }
  const noise = begin(prologueOf(rules, offer))
  const idle: Run = { ...base, noise, stage: 0 }
  if (plan.role === 'responder') return { run: idle, sends: [], label: `${plan.name} waits` }
  const e = pub(ephemeralOf(plan))
  const [first, ciphertext] = seal(mixEphemeral(noise, e), empty)
  return { run: { ...idle, noise: first }, sends: [offer, e, ciphertext], label: `${plan.name} sends message 1` }
}

/** Everything that can happen to a run next, whatever the attacker chooses to deliver. */
export function steps(
  rules: Rules,
  run: Run,
  knowledge: Knowledge,
  runs: readonly (Run | undefined)[],
): readonly Step[] {
  if (run.accepted) return run.plan.then?.(rules, run, knowledge, runs) ?? []
  if (run.plan.role === 'initiator') {
    if (run.stage === 0) return readSecond(rules, run, knowledge)
    if (run.stage === 1) return readProof(rules, run, knowledge)
    return []
  }
  if (run.stage === 0) return readFirst(rules, run, knowledge)
  if (run.stage === 1) return readThird(rules, run, knowledge)
  if (run.stage === 2) return readProof(rules, run, knowledge)
  return []
}

function prologueOf(rules: Rules, offer: Term): Term {
  return tuple(word('P2Pigeon'), room, rules.offerInPrologue ? offer : empty)
}

/** Responder, message 1: any offer, any public key; the payload's key is known to all. Answers with message 2. */
function readFirst(rules: Rules, run: Run, knowledge: Knowledge): readonly Step[] {
  const { plan } = run
  const own = ephemeralOf(plan)
  return offers.flatMap((offer) =>
    ephemeralKeys(knowledge).map((re): Step => {
      const [first] = seal(mixEphemeral(begin(prologueOf(rules, offer)), re), empty)
      let noise = mixEphemeral(first, pub(own))
      if (rules.ee) noise = mixKey(noise, shared(own, part(re, 0)))
      const [afterStatic, staticSent] = seal(noise, pub(plan.agent.static))
      noise = afterStatic
      if (rules.statics === 'es, se') noise = mixKey(noise, shared(plan.agent.static, part(re, 0)))
      const choice = offer.parts.includes(strong) ? strong : part(offer, 0)
      const [afterPayload, payload] = seal(noise, payloadOf(rules, plan.agent, choice))
      return {
        run: { ...run, stage: 1, noise: afterPayload, re, offer, choice },
        sends: [pub(own), staticSent, payload],
        label: `${plan.name} gets message 1`,
      }
    }),
  )
}

/** Initiator, message 2. Answers with message 3, its proof and what it has to say, in one flight. */
function readSecond(rules: Rules, run: Run, knowledge: Knowledge): readonly Step[] {
  const own = ephemeralOf(run.plan)
  const made: Step[] = []
  for (const re of ephemeralKeys(knowledge)) {
    const withE = mixEphemeral(run.noise, re)
    const withEe = rules.ee ? mixKey(withE, shared(own, part(re, 0))) : withE
    for (const { noise: withStatic, plaintext: rs } of openings(withEe, knowledge, () => staticKeys(knowledge))) {
      if (rs.kind !== 'pub') continue
      const noise = rules.statics === 'es, se' ? mixKey(withStatic, shared(own, part(rs, 0))) : withStatic
      for (const { noise: read, plaintext } of openings(noise, knowledge, () => payloads(rules, rs))) {
        const peer = peerIn(rules, run, plaintext, rs)
        const choice = part(plaintext, 0)
        if (peer === undefined || !run.offer.parts.includes(choice)) continue
        made.push(sendThird(rules, { ...run, stage: 1, noise: read, re, peer, choice }, rs))
      }
    }
  }
  return made
}

function sendThird(rules: Rules, run: Run, rs: Term): Step {
  const { plan, re, choice } = run
  if (re === undefined || choice === undefined) throw new Error('message 3 before message 2')
  const [withStatic, staticSent] = seal(run.noise, pub(plan.agent.static))
  let noise = mixKey(withStatic, shared(plan.agent.static, part(rules.statics === 'es, se' ? re : rs, 0)))
  if (rules.psk) noise = mixKeyAndHash(noise, run.psk)
  const [finished, payload] = seal(noise, payloadOf(rules, plan.agent, choice))
  const said = messageOf(plan)
  const next = { ...run, noise: finished, said: [said] }
  return {
    run: next,
    sends: [staticSent, payload, ownProof(rules, next), transport(next, 1, said)],
    label: `${plan.name} gets message 2 from “${run.peer?.name ?? ''}”`,
  }
}

/** Responder, message 3. Answers with its proof. */
function readThird(rules: Rules, run: Run, knowledge: Knowledge): readonly Step[] {
  const { plan, re } = run
  if (re === undefined) throw new Error('message 3 before message 1')
  const own = ephemeralOf(plan)
  const made: Step[] = []
  for (const { noise: withStatic, plaintext: rs } of openings(run.noise, knowledge, () => staticKeys(knowledge))) {
    if (rs.kind !== 'pub') continue
    let noise = mixKey(withStatic, shared(rules.statics === 'es, se' ? own : plan.agent.static, part(rs, 0)))
    if (rules.psk) noise = mixKeyAndHash(noise, run.psk)
    for (const { noise: finished, plaintext } of openings(noise, knowledge, () => payloads(rules, rs))) {
      const peer = peerIn(rules, run, plaintext, rs)
      if (peer === undefined || part(plaintext, 0) !== run.choice) continue
      const next = { ...run, stage: 2, noise: finished, peer }
      const label = `${plan.name} gets message 3 from “${peer.name}”`
      made.push({ run: next, sends: [ownProof(rules, next)], label })
    }
  }
  return made
}

/** The other end counts as proven after this. A responder speaks only now. */
function readProof(rules: Rules, run: Run, knowledge: Knowledge): readonly Step[] {
  const { plan, peer, noise } = run
  if (peer === undefined) return []
  const theirs = opposite(plan.role)
  const due = aead(transportKey(noise, theirs), transportAd(0), proofOf(rules, peer, noise.h, theirs))
  if (!knowledge.derives(due)) return []
  const label = `${plan.name} gets the proof`
  const accepted = { ...run, accepted: true }
  if (plan.role === 'initiator') return [{ run: accepted, sends: [], label }]
  const said = messageOf(plan)
  return [{ run: { ...accepted, said: [said] }, sends: [transport(accepted, 1, said)], label }]
}

function ownProof(rules: Rules, run: Run): Term {
  const { plan, noise } = run
  return transport(run, 0, proofOf(rules, plan.agent, noise.h, plan.role))
}

/** A transport message of ours. */
export function transport({ plan, noise }: Run, n: number, message: Term): Term {
  return aead(transportKey(noise, plan.role), transportAd(n), message)
}

function payloadOf(rules: Rules, agent: Agent, choice: Term): Term {
  return tuple(choice, verifier(agent.identity), bindingOf(rules, agent))
}

/** What the attacker can send as `e`: somebody else's key, or one of its own, which are all alike. */
function ephemeralKeys(knowledge: Knowledge): readonly Term[] {
  const others = knowledge.publicKeys().filter((key) => !knowledge.derives(part(key, 0)))
  return [pub(attackersEphemeral), ...others]
}

/** And as `s`. */
function staticKeys(knowledge: Knowledge): readonly Term[] {
  return knowledge.publicKeys().filter((key) => key !== pub(attackersEphemeral))
}

/** The payloads of a handshake message that would be believed beside this static key. */
function payloads(rules: Rules, rs: Term): readonly Term[] {
  return agents.flatMap((one) =>
    wholeOffer.parts.map((choice) => tuple(choice, verifier(one.identity), bindingOf(rules, one, rs))),
  )
}

/** Who a payload says it is from, if it holds. */
function peerIn(rules: Rules, { plan }: Run, payload: Term, rs: Term): Agent | undefined {
  const [, identity, binding] = payload.parts
  const peer = agents.find((one) => verifier(one.identity) === identity)
  if (peer === undefined || binding !== bindingOf(rules, peer, rs)) return undefined
  if (rules.refusesItself && peer === plan.agent) return undefined
  return plan.isFor === undefined || plan.isFor(peer) ? peer : undefined
}

/** What can arrive as transport message `n` of the other end; `made` is what the attacker may want to say. */
export function arrivals(
  { plan, noise }: Run,
  n: number,
  knowledge: Knowledge,
  made: readonly Term[],
): readonly Term[] {
  const key = transportKey(noise, opposite(plan.role))
  const seen = knowledge.seen(key, transportAd(n))
  return knowledge.derives(key) ? [...seen, ...made.filter((one) => knowledge.derives(one))] : seen
}

/** The same string for the same state: everything that a run will ever do follows from it. */
export function fingerprint({ plan, psk, stage, noise, offer, choice, peer, accepted, taken }: Run): string {
  const facts = [plan.name, psk.id, stage, noise.h.id, noise.ck.id, offer.id, choice?.id, peer?.name, accepted]
  return [...facts, ...taken.map(({ id }) => id)].join(' ')
}
