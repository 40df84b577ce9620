import { describe, expect, it } from 'vitest'
import { fingerprintOf, withDtls } from './dtls.ts'
import { agreement, forwardSecrecy, noDowngrade, noSelf, sameFingerprints, secrecy } from './properties.ts'
import { ada, agents, asBuilt, ben, type Rules } from './protocol.ts'
import { connected, removalProperties, retold, returning } from './removal.ts'
import { adaAnswers, adaDials, benAnswers, everyRole, keysOf, member, outsider, scenario, twice } from './scenarios.ts'
import { explore, type Property, type Scenario } from './search.ts'

const honest = [ada, ben]
const dtls = [withDtls('ada dials', ada, 'initiator'), withDtls('ben answers', ben, 'responder')]

interface Case {
  readonly title: string
  readonly world: (rules: Rules) => Scenario
  readonly properties: (rules: Rules) => readonly Property[]
  /** Rules that are taken away, and what the attacker does then. */
  readonly mutants: readonly (readonly [lacking: Partial<Rules>, attack: RegExp])[]
  /** Rules that can be missing here without harm: another one holds alone. */
  readonly spared?: readonly Partial<Rules>[]
}

const cases: readonly Case[] = [
  {
    title: '(a) who lacks the link learns nothing that is said, as carrier of everything',
    world: () => scenario(everyRole, outsider),
    properties: () => [secrecy(agents), agreement(honest)],
    mutants: [[{ psk: false }, /says to “mallory” is known/]],
    spared: [{ binding: 'none' }, { proof: 'none' }],
  },
  {
    title: '(b) a member that carries for two others learns nothing that they say to each other',
    world: (rules) => scenario(everyRole, member(rules)),
    properties: () => [secrecy(honest)],
    mutants: [
      [{ binding: 'none' }, /ada dials says to “ben” is known/],
      [{ binding: 'room only' }, /says to “(?:ada|ben)” is known/],
      [{ binding: 'none', proof: 'none' }, /says to “(?:ada|ben)” is known/],
    ],
    spared: [{ proof: 'none' }],
  },
  {
    title: '(c) both ends mean each other, in this very handshake',
    world: (rules) => scenario(everyRole, member(rules)),
    properties: () => [agreement(honest), noSelf],
    mutants: [
      [{ binding: 'none', proof: 'none' }, /accepts “(?:ada|ben)”, who has no run of its own/],
      [{ binding: 'none', proof: 'any handshake' }, /accepts “(?:ada|ben)”, who has no run of its own/],
      [{ refusesItself: false }, /accepts itself/],
    ],
    spared: [{ binding: 'none' }],
  },
  {
    title: '(c) the same, when one pair meets twice',
    world: (rules) => scenario(twice, member(rules)),
    properties: () => [agreement(honest), secrecy(honest)],
    mutants: [[{ binding: 'none' }, /says to “ben” is known/]],
  },
  {
    title: '(c) a DTLS association that was confirmed is between the two ends of the channel',
    world: (rules) => scenario(dtls, member(rules)),
    properties: () => [sameFingerprints(fingerprintOf, honest)],
    mutants: [
      [{ descriptions: 'beside the channel', confirmation: 'nothing' }, /confirms a DTLS association that is not with/],
    ],
    spared: [{ descriptions: 'beside the channel' }, { confirmation: 'nothing' }],
  },
  {
    title: '(d) a removed member, when somebody comes back by the old link',
    world: returning,
    properties: removalProperties,
    mutants: [
      [{ nextSecret: 'old' }, /knows the next room secret/],
      [{ tells: 'all under the old key' }, /knows the next room secret/],
      [{ formerDoor: 'anybody' }, /knows the next room secret/],
      [{ binding: 'none', proof: 'none' }, /knows the next room secret/],
      [{ authors: 'anybody' }, /moves to a room secret that the removed one knows/],
      [{ checksCommitment: false }, /moves to a room secret that the removed one knows/],
      [{ nextDoor: 'old key' }, /new door accepts “(?:eve|mallory)”/],
      [{ psk: false }, /new door accepts “(?:eve|mallory)”/],
    ],
  },
  {
    title: '(d) a removed member, when the others are connected',
    world: connected,
    properties: removalProperties,
    mutants: [
      [{ nextSecret: 'old' }, /knows the next room secret/],
      [{ tells: 'all under the old key' }, /knows the next room secret/],
      [{ binding: 'none', proof: 'none' }, /knows the next room secret/],
      [{ authors: 'anybody' }, /moves to a room secret that the removed one knows/],
      [{ checksCommitment: false }, /moves to a room secret that the removed one knows/],
      [{ nextDoor: 'old key' }, /new door accepts “(?:eve|mallory)”/],
      [{ psk: false }, /new door accepts “(?:eve|mallory)”/],
    ],
  },
  {
    title: '(d) a removed member with a second identity that only one other has met',
    world: retold,
    properties: removalProperties,
    mutants: [[{ retells: 'whoever was not removed' }, /knows the next room secret/]],
  },
  {
    title: '(e) B20: with our static key a member cannot pass for somebody else to us',
    world: (rules) => scenario([adaDials, adaAnswers, benAnswers], [...member(rules), ada.static]),
    properties: () => [agreement([ben])],
    mutants: [[{ statics: 'ss', proof: 'none' }, /accepts “ben”, who has no run of its own/]],
    spared: [{ proof: 'none' }, { statics: 'ss' }],
  },
  {
    title: '(e) nor read what we say to that person',
    world: (rules) => scenario([adaDials, adaAnswers, benAnswers], [...member(rules), ada.static]),
    properties: () => [secrecy([ben])],
    mutants: [[{ statics: 'ss' }, /ada dials says to “ben” is known/]],
    spared: [{ proof: 'none' }],
  },
  {
    title: '(e) nor can it with the static key of whom it claims to be',
    world: (rules) => scenario(everyRole, [...member(rules), ben.static]),
    properties: () => [agreement(honest)],
    mutants: [
      [{ proof: 'none' }, /accepts “ben”, who has no run of its own/],
      [{ proof: 'any handshake' }, /accepts “ben”, who has no run of its own/],
    ],
  },
  {
    title: '(f) nobody is brought to a weaker suite than both can speak',
    world: (rules) => scenario(everyRole, member(rules)),
    properties: () => [noDowngrade(honest)],
    mutants: [[{ offerInPrologue: false }, /settle for the weak suite/]],
  },
  {
    title: '(g) keys and link stolen later uncover nothing that was said before',
    world: (rules) => scenario([adaDials, benAnswers, adaAnswers], member(rules)),
    properties: () => [forwardSecrecy(honest, [...keysOf(ada), ...keysOf(ben)])],
    mutants: [[{ ee: false }, /is uncovered by keys stolen later/]],
  },
]

// Generous: the largest takes a few seconds on a machine that does nothing else.
describe.each(cases)('$title', { timeout: 120_000 }, ({ title, world, properties, mutants, spared = [] }) => {
  it('holds in every interleaving', () => {
    const found = explore(asBuilt, world(asBuilt), properties(asBuilt))
    console.log(`${title}: ${found.states} states`)
    expect(found.attack).toBeUndefined()
    expect([...found.completed].sort()).toEqual(
      world(asBuilt)
        .plans.map(({ name }) => name)
        .sort(),
    )
  })

  it.each(mutants)('does not hold with %j', (lacking, attack) => {
    const rules = { ...asBuilt, ...lacking }
    const found = explore(rules, world(rules), properties(rules))
    expect(found.attack?.what).toMatch(attack)
    expect(found.attack?.trace.length).toBeGreaterThan(0)
  })

  it.each(spared)('holds even with %j', (lacking) => {
    const rules = { ...asBuilt, ...lacking }
    expect(explore(rules, world(rules), properties(rules)).attack).toBeUndefined()
  })
})

describe('what does not hold, so that nobody takes it for granted', () => {
  it('a thief of somebody’s static key who has the link reads what is said to that person before its proof', () => {
    const stolen = scenario([adaDials, benAnswers, adaAnswers], [...member(asBuilt), ben.static])
    expect(explore(asBuilt, stolen, [secrecy(honest)]).attack?.what).toBe(
      'what ada dials says to “ben” is known to the attacker',
    )
    // What waits for the proof is safe.
    const answers = scenario([benAnswers, adaAnswers], [...member(asBuilt), ben.static])
    expect(explore(asBuilt, answers, [secrecy(honest)]).attack).toBeUndefined()
  })
})
