import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../identity/index.ts'
import { person } from '../testing/log-fixture.ts'
import { LogWorld, signedCast, unsignedCast, type Cast, type Step } from '../testing/log-world.ts'
import type { Entry, EntryHash } from './entry.ts'
import { standingOf, type LogState } from './log-state.ts'

const who = fc.nat(5)
const value = fc.nat(255)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('act'), who: fc.nat(3), what: fc.nat(10), on: who, value }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deliver'),
      pick: value,
      fate: fc.constantFrom('once', 'once', 'once', 'twice', 'lost'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exchange'), from: who, to: who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('split'), side: fc.nat(63) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload'), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('evil'),
      how: fc.constantFrom('fork', 'backdate', 'wrong', 'without-authority'),
      what: fc.nat(10),
      on: who,
      value,
      shownTo: fc.nat(63),
    }),
  },
)
const schedule = fc.record({
  attacker: fc.constantFrom(undefined, 0, 1, 1, 2),
  met: fc.constantFrom(true, true, true, false),
  steps: fc.array(step, { minLength: 10, maxLength: 45, size: 'max' }),
})

/** A state as text: the same for equal states, whatever order their sets were filled in. */
function pictureOf(state: LogState): string {
  return JSON.stringify(state, (_, part: unknown) => {
    if (part instanceof Set) return [...(part as Set<string>)].sort()
    if (part instanceof Map) return [...(part as Map<string, unknown>)].sort(([a], [b]) => (a < b ? -1 : 1))
    return part
  })
}

/** What holds of entries, said once more in the plainest way: sets of causes instead of numbers. */
class Witness {
  readonly forks = new Map<PeerId, number>()
  readonly counting: readonly Entry[]
  readonly #host: PeerId
  readonly #causes = new Map<EntryHash, ReadonlySet<EntryHash>>()

  constructor(entries: readonly Entry[], host: PeerId) {
    this.#host = host
    const seen = new Set<string>()
    for (const { author, seq, hash, previous, parents } of entries) {
      if (seen.has(`${author} ${seq}`)) this.forks.set(author, Math.min(seq, this.forks.get(author) ?? seq))
      seen.add(`${author} ${seq}`)
      const causes = [previous, ...parents].flatMap((cause) => [cause, ...(this.#causes.get(cause) ?? [])])
      this.#causes.set(hash, new Set(causes))
    }
    this.counting = entries.filter(({ author, seq }) => seq < (this.forks.get(author) ?? Infinity))
  }

  isBefore(cause: Entry, entry: Entry): boolean {
    return this.#causes.get(entry.hash)?.has(cause.hash) ?? false
  }

  /** The host's decisions about somebody's role, in its order. */
  about(peer: PeerId): readonly Entry[] {
    return this.counting
      .filter(({ author, operation }) => {
        if (author !== this.#host) return false
        return operation.kind === 'cohost'
          ? operation.peer === peer
          : operation.kind === 'rekey' && operation.removed?.peer === peer
      })
      .sort((a, b) => a.seq - b.seq)
  }

  hadRole(entry: Entry): boolean {
    if (entry.author === this.#host) return true
    const about = this.about(entry.author)
    const known = about.filter((decision) => this.isBefore(decision, entry)).at(-1)
    const takenUnaware = about.some(
      (decision) => !grants(decision) && !this.isBefore(decision, entry) && !this.isBefore(entry, decision),
    )
    return known !== undefined && grants(known) && !takenUnaware
  }
}

function grants({ operation }: Entry): boolean {
  return operation.kind === 'cohost' && operation.on
}

function checkPromises(entries: readonly Entry[], state: LogState, host: PeerId): void {
  const witness = new Witness(entries, host)
  expect(new Map(state.forks.map(({ author, seq }) => [author, seq]))).toEqual(witness.forks)
  expect(state.ended).toBe(
    witness.counting.some(({ author, operation }) => author === host && operation.kind === 'end'),
  )
  for (const peer of new Set(entries.flatMap(({ operation }) => ('peer' in operation ? [operation.peer] : [])))) {
    const last = witness.about(peer).at(-1)
    const isCohost = last !== undefined && grants(last) && peer !== host && !state.removed.has(peer)
    expect(state.cohosts.has(peer)).toBe(isCohost)
  }
  const byHash = new Map(entries.map((entry) => [entry.hash, entry]))
  for (const rekey of state.rekeys) {
    const entry = byHash.get(rekey.entry)!
    expect(witness.hadRole(entry)).toBe(true)
    const removed = entry.operation.kind === 'rekey' ? entry.operation.removed : undefined
    if (removed === undefined) continue
    const returned = witness.counting.some(
      (later) =>
        later.operation.kind === 'admit' &&
        later.operation.peer === removed.peer &&
        witness.isBefore(entry, later) &&
        witness.hadRole(later),
    )
    if (removed.ban || !returned) expect(standingOf(state, removed.peer)).toBe('out')
  }
  checkFileRights(witness, state)
  for (const peer of state.muted) {
    const muted = witness.counting.some((entry) => {
      const { operation } = entry
      return operation.kind === 'mute' && operation.peer === peer && operation.muted && witness.hadRole(entry)
    })
    expect(muted).toBe(true)
  }
}

/** Whoever is a reader was made one by somebody who might; the epoch of files is behind no replacement, and every cut was signed. */
function checkFileRights(witness: Witness, state: LogState): void {
  expect(state.fileEpoch).toBeGreaterThanOrEqual(state.rekeys.length)
  for (const [peer, { right, cuts }] of state.fileRights) {
    const said = witness.counting.flatMap((entry) => {
      const { operation } = entry
      return operation.kind === 'files' && operation.peer === peer && witness.hadRole(entry) ? [operation] : []
    })
    expect(said.some((one) => one.right === right)).toBe(true)
    const signed = said.flatMap((one) => one.cuts)
    for (const cut of [...cuts.values()].flat()) expect(signed).toContainEqual(cut)
  }
}

async function check(
  cast: Cast,
  { attacker, met, steps }: typeof schedule extends fc.Arbitrary<infer Schedule> ? Schedule : never,
): Promise<LogState> {
  const world = new LogWorld(cast, attacker)
  await world.run(met, steps)
  await world.heal()
  const [first] = world.honest
  const heads = first!.heads().join()
  const state = first!.state()
  const picture = pictureOf(state)
  for (const device of world.honest) {
    expect(device.heads().join()).toBe(heads)
    expect(pictureOf(device.state())).toBe(picture)
    expect(device.state().rekeys.length).toBe(state.rekeys.length)
  }
  const entries = first!.entries()
  checkPromises(entries, state, cast.peers[0]!)
  // Another device that hears everything in some other order.
  for (const order of [entries.toReversed(), entries.toSorted((a, b) => (a.hash < b.hash ? -1 : 1))]) {
    const late = cast.device(5)
    let fileEpoch = 0
    for (const entry of order) {
      await late.take([entry])
      expect(late.state().fileEpoch).toBeGreaterThanOrEqual(fileEpoch)
      fileEpoch = late.state().fileEpoch
    }
    await late.take(first!.beyond(late.heads()))
    expect(late.heads().join()).toBe(heads)
    expect(pictureOf(late.state())).toBe(picture)
  }
  return state
}

describe('honest devices agree on heads, state and epoch, and the state keeps its promises', () => {
  it('after 10,000 schedules of partitions, losses, repetitions, and one attacker with authority', async () => {
    const cast = unsignedCast()
    const seen = { forks: 0, hostForks: 0, removed: 0, rekeys: 0, ended: 0, readers: 0 }
    await fc.assert(
      fc.asyncProperty(schedule, async (one) => {
        const state = await check(cast, one)
        if (state.forks.length > 0) seen.forks += 1
        if (state.forks.some(({ author }) => author === cast.peers[0])) seen.hostForks += 1
        if (state.removed.size > 0) seen.removed += 1
        if (state.rekeys.length > 1) seen.rekeys += 1
        if (state.ended) seen.ended += 1
        if ([...state.fileRights.values()].some(({ right }) => right === 'reader')) seen.readers += 1
      }),
      { numRuns: 10_000 },
    )
    // Schedules in which nothing happens would prove nothing.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100)
  }, 180_000)

  it('with real keys and signatures', async () => {
    const cast = signedCast(await Promise.all([1, 2, 3, 4, 5, 6].map(person)))
    await fc.assert(
      fc.asyncProperty(schedule, async (one) => {
        await check(cast, one)
      }),
      { numRuns: 200 },
    )
  }, 120_000)
})
