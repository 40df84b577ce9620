import type { Knowledge } from './knowledge.ts'
import { never, onlyAccepts } from './properties.ts'
import { ada, ben, eve, firstSecret, mallory, pskOf, type Agent, type Rules } from './protocol.ts'
import type { Planned, Property, Scenario, World } from './search.ts'
import { keysOf, member, run, scenario } from './scenarios.ts'
import { arrivals, transport, type Run, type Step } from './session.ts'
import { aead, hash, part, secret, sig, tuple, word, type Term } from './term.ts'

/**
 * Ada, the host, has removed Eve: she has signed an entry of the log that commits to a fresh secret, and mixed it into
 * the room secret. Ben does not know yet. Eve has the old link, her identity, the entry (entries are no secret), a second
 * identity that nobody knows, and runs the carrier.
 */
const fresh = secret('fresh secret')
const freshOfEve = secret('fresh secret of eve')

const commitment = (value: Term): Term => hash('commitment', value)
const entryBy = ({ identity }: Agent, value: Term): Term => sig(identity, tuple(word('rekey'), commitment(value)))
const told = (by: Agent, committed: Term, given: Term): Term => tuple(entryBy(by, committed), given)

function next(rules: Rules, value: Term): Term {
  return hash('next secret', firstSecret, ...(rules.nextSecret === 'old and fresh' ? [value] : []))
}

function eveKnows(rules: Rules): readonly Term[] {
  const broadcast = aead(hash('envelope key', firstSecret), tuple(), fresh)
  const sent = rules.tells === 'all under the old key' ? [broadcast] : []
  return [...member(rules), ...keysOf(mallory), firstSecret, freshOfEve, entryBy(ada, fresh), ...sent]
}

/** Ben was away and comes back by the old link, to the door that Ada keeps for those who may; then both use the new secret. */
export function returning(rules: Rules): Scenario {
  const toEverybody = rules.formerDoor === 'anybody'
  const plans: readonly Planned[] = [
    run('ada’s former door', ada, 'responder', {
      isFor: (peer) => toEverybody || peer === ben,
      ...(rules.tells === 'each in a channel' ? { says: told(ada, fresh, fresh) } : {}),
    }),
    run('ben comes back', ben, 'initiator', { then: learn(1) }),
    atNewDoor(rules, 'ada’s new door', ada, 'responder', () => next(rules, fresh)),
    atNewDoor(rules, 'ben at the new door', ben, 'initiator', learnedBy('ben comes back')),
  ]
  return scenario(plans, eveKnows(rules))
}

/** Ada and Ben have a channel from before, and so perhaps has Eve with either; Ada tells Ben in theirs. */
export function connected(rules: Rules): Scenario {
  const plans: readonly Planned[] = [
    run('ada before', ada, 'initiator', { then: (_rules, one) => tell(one) }),
    run('ben before', ben, 'responder', { then: learn(2) }),
    atNewDoor(rules, 'ada’s new door', ada, 'initiator', () => next(rules, fresh)),
    atNewDoor(rules, 'ben at the new door', ben, 'responder', learnedBy('ben before')),
  ]
  return scenario(plans, eveKnows(rules))
}

/** As `connected`, and Ben has another channel from before: perhaps with Eve's second identity, whom Ada has never seen. */
export function retold(rules: Rules): Scenario {
  const plans: readonly Planned[] = [
    run('ada before', ada, 'initiator', { then: (_rules, one) => tell(one) }),
    run('ben before', ben, 'responder', { then: learn(2) }),
    run('ben before, with another', ben, 'responder', { then: retell }),
  ]
  return scenario(plans, eveKnows(rules))
}

/** (d): the next secret stays with those who are in, and so does the next epoch. */
export function removalProperties(rules: Rules): readonly Property[] {
  return [
    never('the removed member knows the next room secret', () => [fresh, next(rules, fresh)]),
    never('a member moves to a room secret that the removed one knows', ({ runs }) =>
      runs.filter((one) => one?.plan.agent === ben).map((one) => one?.taken[0]),
    ),
    onlyAccepts(['ada’s new door', 'ben at the new door'], [ada, ben]),
  ]
}

function atNewDoor(
  rules: Rules,
  name: string,
  agent: Agent,
  role: 'initiator' | 'responder',
  secretIn: (world: World) => Term | undefined,
): Planned {
  const psk = (world: World): Term | undefined => {
    const roomSecret = secretIn(world)
    if (roomSecret === undefined) return undefined
    return pskOf(rules.nextDoor === 'new key' ? roomSecret : firstSecret)
  }
  return run(name, agent, role, { psk })
}

function learnedBy(plan: string): (world: World) => Term | undefined {
  return ({ runs }) => runs.find((one) => one?.plan.name === plan)?.taken[0]
}

/** Ada tells Ben, and nobody else whom she may be connected with. */
function tell(one: Run): readonly Step[] {
  if (one.peer !== ben || one.taken.length > 0) return []
  const sends = [transport(one, 2, told(ada, fresh, fresh))]
  return [{ run: { ...one, taken: [word('told')] }, sends, label: 'ada tells ben in their channel' }]
}

/** Ben passes on what he was told, to whoever is connected and may have it. */
function retell(rules: Rules, one: Run, _knowledge: Knowledge, runs: World['runs']): readonly Step[] {
  const heard = runs.find((other) => other?.plan.name === 'ben before')?.taken[1]
  const may = rules.retells === 'those listed' ? one.peer === ada : one.peer !== eve
  if (heard === undefined || !may || one.taken.length > 0) return []
  const taken = [next(rules, part(heard, 1))]
  return [{ run: { ...one, taken }, sends: [transport(one, 2, heard)], label: `ben tells “${one.peer?.name ?? ''}”` }]
}

/** Ben takes an entry and its secret from whoever he is connected with: only the host's signature and the commitment count. */
function learn(number: number): NonNullable<Planned['then']> {
  return (rules: Rules, one: Run, knowledge: Knowledge): readonly Step[] => {
    if (one.taken.length > 0) return []
    const made = [told(ada, fresh, freshOfEve), told(eve, freshOfEve, freshOfEve), told(ada, fresh, fresh)]
    return arrivals(one, number, knowledge, made)
      .filter((message) => message.kind === 'tuple' && message.parts.length === 2 && holds(rules, message))
      .map((message) => ({
        run: { ...one, taken: [next(rules, part(message, 1)), message] },
        sends: [],
        label: `${one.plan.name} is told of a new secret by “${one.peer?.name ?? ''}”`,
      }))
  }
}

function holds(rules: Rules, message: Term): boolean {
  const [entry, value] = [part(message, 0), part(message, 1)]
  if (entry.kind !== 'sig') return false
  const genuine = part(entry, 0) === ada.identity || rules.authors === 'anybody'
  return genuine && (!rules.checksCommitment || part(part(entry, 1), 1) === commitment(value))
}
