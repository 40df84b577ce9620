import { describe, expect, it } from 'vitest'
import {
  admit,
  graphOf,
  host,
  kick,
  mute,
  peer,
  place,
  root,
  Scribe,
  stateOf,
  unsigned,
} from '../testing/log-fixture.ts'
import type { Entry, EntryBody } from './entry.ts'
import { EntryGraph } from './entry-graph.ts'
import { maxCohosts, maxPending, maxSeqOfCohost, maxVoidEntries } from './limits.ts'

const [cohost, other, guest] = [peer(2), peer(3), peer(4)]

function hashes(entries: readonly Entry[]): string[] {
  return entries.map(({ hash }) => hash)
}

/** An entry as it ought to be, with something changed. */
function bent(entry: Entry, change: Partial<EntryBody>): Entry {
  return unsigned({ ...entry, ...change })
}

/** A long branch of an author: `length` entries after `first`. */
function branch(first: Entry, length: number): Entry[] {
  const entries: Entry[] = []
  for (let last = first; entries.length < length; last = entries.at(-1) ?? first) {
    entries.push(unsigned({ ...place(last), author: first.author, timeMs: 0, operation: mute(guest) }))
  }
  return entries
}

describe('an entry’s place', () => {
  it('E2 is after everything it names: it waits for a gap to close, and is then there with all that waited', () => {
    const scribe = new Scribe()
    const [one, two, three] = [scribe.grant(cohost), scribe.grant(other), scribe.write(host, mute(guest))]
    const graph = graphOf([])
    expect(graph.add(three).kind).toBe('waiting')
    expect(graph.add(three).kind).toBe('known')
    expect(graph.add(two).kind).toBe('waiting')
    expect(graph.size).toBe(0)
    expect(graph.add(one)).toEqual({ kind: 'added', entries: [one, two, three] })
    expect(graph.add(one).kind).toBe('known')
    expect(graph.heads()).toEqual([three.hash])
  })

  it('is after what others’ entries say, too', () => {
    const scribe = new Scribe()
    const grant = scribe.grant(cohost)
    const muting = scribe.write(cohost, mute(guest), [grant])
    const later = scribe.write(host, mute(guest, false), [muting])
    const graph = graphOf([later, muting])
    expect(graph.size).toBe(0)
    graph.add(grant)
    expect(hashes(graph.entries())).toEqual(hashes([grant, muting, later]))
    expect(graph.isPast(muting, later)).toBe(true)
    expect(graph.isPast(later, muting)).toBe(false)
  })

  const scribe = new Scribe()
  const grant = scribe.grant(cohost)
  const grant2 = scribe.grant(other)
  const muting = scribe.write(cohost, mute(guest), [grant2])
  const good = scribe.write(host, mute(guest, false), [muting])

  it.each<[string, Entry]>([
    ['number repeated for the wrong predecessor', bent(good, { seq: 2 })],
    ['number left out', bent(good, { seq: 4 })],
    ['first number with a predecessor', bent(good, { seq: 1 })],
    ['later number after the root', bent(good, { previous: root })],
    ['another author’s entry as predecessor', bent(good, { previous: muting.hash, parents: [] })],
    ['an own entry among the parents', bent(good, { parents: [grant.hash] })],
    ['its predecessor among the parents', bent(good, { parents: [grant2.hash] })],
    ['Lamport number too low', bent(good, { lamport: good.lamport - 1 })],
    ['Lamport number too high', bent(good, { lamport: good.lamport + 1 })],
    ['Lamport number 0', bent(grant, { lamport: 0 })],
  ])('E2 is refused to an entry with %s; nothing changes', (_, wrong) => {
    const graph = graphOf([grant, grant2, muting])
    expect(graph.add(wrong).kind).toBe('refused')
    expect(graph.heads()).toEqual([muting.hash])
    expect(graph.add(good).kind).toBe('added')
  })

  it('E1 is refused to an author whom the host had not made a co-host before', () => {
    const stranger = new Scribe()
    expect(graphOf([grant, muting]).add(stranger.write(guest, mute(host))).kind).toBe('refused')
    expect(graphOf([grant]).add(new Scribe().write(guest, mute(host), [grant])).kind).toBe('refused')
    expect(graphOf([grant]).add(new Scribe().write(cohost, mute(guest))).kind).toBe('refused')
  })

  it('E9 is not given by anybody but the host: a co-host makes no co-hosts, a member makes itself none', () => {
    const attempt = new Scribe()
    const raised = attempt.write(cohost, { kind: 'cohost', peer: guest, on: true }, [grant])
    const graph = graphOf([grant, raised])
    expect(graph.size).toBe(2)
    expect(graph.add(attempt.write(guest, mute(other), [raised])).kind).toBe('refused')
    expect(graph.add(new Scribe().write(guest, { kind: 'cohost', peer: guest, on: true })).kind).toBe('refused')
  })
})

describe('a flood', () => {
  it('of entries that wait is bounded, and the next good sender mends what it pushed out', () => {
    const scribe = new Scribe()
    const first = scribe.grant(cohost)
    const second = scribe.grant(other)
    const graph = graphOf([second])
    const missing = unsigned({ ...place(undefined), author: guest, timeMs: 0, operation: mute(host) })
    const junk = branch(missing, maxPending)
    for (const entry of junk) graph.add(entry)
    expect(graph.add(junk[0]!).kind).toBe('known')
    expect(graph.add(first)).toEqual({ kind: 'added', entries: [first] })
    expect(graph.add(second).kind).toBe('added')
  })

  it('of a co-host ends at its last number, the same for everybody', () => {
    const scribe = new Scribe()
    const grant = scribe.grant(cohost)
    const first = scribe.write(cohost, mute(guest), [grant])
    const rest = branch(first, maxSeqOfCohost)
    const graph = graphOf([grant, first, ...rest])
    expect(graph.size).toBe(1 + maxSeqOfCohost)
    expect(graph.latestOf(cohost)?.seq).toBe(maxSeqOfCohost)
    expect(graph.judge(rest.at(-1)!)).toBe('full')
  })

  it('of co-hosts ends at their number', () => {
    const scribe = new Scribe()
    const grants = Array.from({ length: maxCohosts + 1 }, (_, number) => scribe.grant(peer(10 + number)))
    const graph = graphOf(grants)
    expect(graph.size).toBe(maxCohosts)
    expect(graph.add(bent(grants.at(-1)!, { operation: grants[0]!.operation })).kind).toBe('added')
  })
})

describe('a fork', () => {
  const scribe = new Scribe()
  const grant = scribe.grant(cohost)
  const first = scribe.write(cohost, mute(guest), [grant])
  const left = scribe.write(cohost, kick(guest))
  const right = scribe.write(cohost, admit(guest), [], first)
  const [onLeft, onRight] = [scribe.write(cohost, mute(other), [], left), scribe.write(cohost, mute(other), [], right)]

  it('is found whatever comes first, and voids what follows it on both sides', () => {
    for (const order of [
      [grant, first, left, onLeft, right, onRight],
      [grant, first, right, onRight, left, onLeft],
      [onRight, onLeft, right, left, first, grant],
    ]) {
      const graph = graphOf(order)
      expect(graph.forks()).toMatchObject([{ author: cohost, seq: 2 }])
      expect(new Set(graph.forks()[0]?.proof)).toEqual(new Set([left, right]))
      expect(hashes(graph.counting())).toEqual(hashes([grant, first]))
      expect(graph.heads()).toEqual([first.hash])
    }
  })

  it('at a lower number moves it there', () => {
    const lower = unsigned({ ...place(undefined, [grant]), author: cohost, timeMs: 1, operation: mute(guest) })
    const graph = graphOf([grant, first, left, right])
    expect(graph.add(lower).kind).toBe('added')
    expect(graph.forks()).toMatchObject([{ author: cohost, seq: 1 }])
    expect(graph.heads()).toEqual([grant.hash])
    expect(graphOf([grant, lower, first, left, right]).forks()).toMatchObject([{ seq: 1 }])
  })

  it('known, further entries of its author are laid aside', () => {
    const graph = graphOf([grant, first, left, right])
    expect(graph.add(onLeft).kind).toBe('aside')
    expect(graph.size).toBe(4)
  })

  it('known, what an honest author took for good before it knew is taken up with that author’s entry', () => {
    const naming = new Scribe().write(host, mute(other), [onRight], grant)
    for (const order of [
      [grant, first, left, onLeft, right, onRight, naming],
      [grant, first, left, onLeft, right, naming, onRight],
      [naming, onRight, right, onLeft, left, first, grant],
    ]) {
      const graph = graphOf(order)
      expect(hashes(graph.counting())).toEqual(hashes([grant, first, naming]))
      expect(graph.heads()).toEqual(hashes([first, naming]).sort())
      expect(graph.get(onRight.hash)).toEqual(onRight)
    }
  })

  it('is told to whoever does not know of it, once, and nothing else that is void', () => {
    const full = graphOf([grant, first, left, onLeft, right, onRight])
    const half = graphOf([grant, first, left, onLeft])
    const told = full.beyond(half.heads())
    expect(hashes(told)).toEqual([right.hash])
    for (const entry of told) half.add(entry)
    expect(half.forks()).toMatchObject([{ author: cohost, seq: 2 }])
    expect([...half.heads(), ...half.forkMarks()]).toEqual([...full.heads(), ...full.forkMarks()])
    expect(full.beyond([...half.heads(), ...half.forkMarks()])).toEqual([])
    expect(half.beyond([...full.heads(), ...full.forkMarks()])).toEqual([])
  })

  it('into many branches, each told to somebody else, leaves everybody with the same in the end', () => {
    const stories = Array.from({ length: 3 }, (_, number) => {
      const start = unsigned({ ...place(first), author: cohost, timeMs: number, operation: mute(guest) })
      return [start, ...branch(start, maxSeqOfCohost - 2)]
    })
    // Each of three honest people decides something after the whole of another story.
    const witnesses = [host, peer(20), peer(21)]
    const hosts = new Scribe()
    const opening = [hosts.grant(cohost), hosts.grant(peer(20)), hosts.grant(peer(21))]
    const own = bent(first, place(undefined, [opening[2]!]))
    const told = stories.map((story, index) => {
      const rebuilt: Entry[] = [own]
      for (const entry of story) rebuilt.push(bent(entry, place(rebuilt.at(-1))))
      const before = witnesses[index] === host ? opening[2] : undefined
      rebuilt.push(hosts.write(witnesses[index]!, mute(guest, false), [rebuilt.at(-1)!], before))
      return graphOf([...opening, ...rebuilt])
    })
    for (let round = 0; round < 3; round++) {
      for (const to of told) {
        for (const from of told) for (const entry of from.beyond([...to.heads(), ...to.forkMarks()])) to.add(entry)
      }
    }
    for (const graph of told) {
      expect(graph.counting()).toHaveLength(opening.length + 1 + witnesses.length)
      expect([...graph.heads(), ...graph.forkMarks()]).toEqual([...told[0]!.heads(), ...told[0]!.forkMarks()])
    }
  })

  it('makes nobody keep more than a bound, nor anything for somebody without authority', () => {
    const graph = graphOf([grant, first, left, right])
    const throwaway = new Scribe().write(peer(99), mute(host), [onLeft])
    expect(graph.add(onLeft).kind).toBe('aside')
    expect(graph.add(throwaway).kind).toBe('waiting')
    expect(graph.size).toBe(4)
    expect(maxVoidEntries).toBeGreaterThanOrEqual(8 * maxSeqOfCohost)
  })

  it('of the host voids the grants after it, and so what these co-hosts say', () => {
    const host1 = new Scribe()
    const start = host1.write(host, mute(guest))
    const grants = host1.grant(cohost)
    const speaks = host1.write(cohost, mute(other), [grants])
    const second = host1.write(host, { kind: 'end' }, [], start)
    expect(stateOf(start, grants, speaks).muted).toEqual(new Set([guest, other]))
    const state = stateOf(start, grants, speaks, second)
    expect(state.muted).toEqual(new Set([guest]))
    expect(state.ended).toBe(false)
    expect(state.cohosts.size).toBe(0)
    expect(state.forks).toEqual([{ author: host, seq: 2 }])
  })
})

describe('what somebody lacks', () => {
  const scribe = new Scribe()
  const all = [scribe.grant(cohost)]
  for (let number = 0; number < 20; number++) {
    const author = number % 3 === 0 ? host : cohost
    all.push(
      scribe.write(author, mute(guest), number % 2 === 0 ? all.slice(-1).filter((e) => e.author !== author) : []),
    )
  }
  const usable = all.filter((entry) => graphOf(all).get(entry.hash) !== undefined)

  it('completes the log of whoever has any part of it', () => {
    const full = graphOf(usable)
    for (let count = 0; count <= usable.length; count++) {
      const part = graphOf(usable.slice(0, count))
      const lacking = full.beyond(part.heads())
      expect(new Set(lacking)).toEqual(new Set(usable.slice(count)))
      for (const entry of lacking) expect(part.add(entry).kind).toBe('added')
      expect(part.heads()).toEqual(full.heads())
    }
  })

  it('is everything for heads that nobody knows', () => {
    const full = graphOf(usable)
    expect(full.beyond([unsigned({ ...all[0]! }).hash])).toEqual(usable)
    expect(full.beyond(full.heads())).toEqual([])
    expect(new EntryGraph(root, host).beyond(full.heads())).toEqual([])
  })
})
