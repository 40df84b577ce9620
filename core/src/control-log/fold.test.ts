import { describe, expect, it } from 'vitest'
import {
  admit,
  commitment,
  files,
  graphOf,
  host,
  kick,
  mute,
  peer,
  place,
  Scribe,
  stateOf,
  unsigned,
} from '../testing/log-fixture.ts'
import type { PeerId } from '../identity/index.ts'
import type { Commitment, Entry, EntryMode, Operation } from './entry.ts'
import { fold } from './fold.ts'
import { maxSeqOfHost } from './limits.ts'
import { emptyState, standingOf } from './log-state.ts'

const [carol, dave, guest, newcomer] = [peer(2), peer(3), peer(4), peer(5)]
const token = commitment(1)

function mode(which: EntryMode, ...members: PeerId[]): Operation {
  return { kind: 'entry', mode: which, members }
}

function invite(maxUses: number, name = token): Operation {
  return { kind: 'invite', invite: name, maxUses, expiresAtMs: 1_000 }
}

function admitBy(name: Commitment, who: PeerId): Operation {
  return { kind: 'admit', peer: who, invite: name }
}

function cohost(who: PeerId, on: boolean): Operation {
  return { kind: 'cohost', peer: who, on }
}

/** A room in which Carol and Dave are co-hosts, and who has said that last. */
function begun() {
  const scribe = new Scribe()
  const start = [scribe.grant(carol), scribe.grant(dave)]
  return { scribe, start, known: start.slice(-1) }
}

describe('decisions that follow each other', () => {
  it('begin with an open room and a host', () => {
    expect(fold(graphOf([]), host)).toEqual({ ...emptyState, host })
  })

  it('the last entry mode holds, and whoever was in then is allowed', () => {
    const { scribe, start, known } = begun()
    const knock = scribe.write(carol, mode('knock', guest), known)
    const locked = scribe.write(host, mode('locked', newcomer), [knock])
    expect(stateOf(...start, knock)).toMatchObject({ entry: 'knock', allowed: new Set([guest]) })
    expect(stateOf(...start, knock, locked)).toMatchObject({ entry: 'locked', allowed: new Set([newcomer]) })
    const open = scribe.write(dave, mode('open'), [locked])
    expect(stateOf(...start, knock, locked, open).entry).toBe('open')
  })

  it('an admission lets in, a removal keeps out until the next admission, a ban for good', () => {
    const { scribe, start, known } = begun()
    const entries = [...start, scribe.write(carol, mode('locked'), known)]
    const add = (entry: Entry) => {
      entries.push(entry)
      return standingOf(stateOf(...entries), guest)
    }
    expect(add(scribe.write(carol, admit(guest)))).toBe('in')
    expect(add(scribe.write(carol, kick(guest)))).toBe('out')
    expect(stateOf(...entries).allowed.has(guest)).toBe(false)
    expect(add(scribe.write(carol, admit(guest)))).toBe('in')
    expect(add(scribe.write(carol, kick(guest, true)))).toBe('out')
    expect(add(scribe.write(host, admit(guest), entries.slice(-1)))).toBe('out')
    expect(stateOf(...entries).removed.get(guest)).toBe('banned')
    expect(stateOf(...entries).rekeys).toHaveLength(2)
  })

  it('a replaced secret names its commitment, who gets it, and its place in the order', () => {
    const { scribe, start, known } = begun()
    const first = scribe.write(carol, { ...kick(guest, false, [host]), commitment: commitment(3) } as Operation, known)
    const second = scribe.write(host, { kind: 'rekey', commitment: commitment(2), members: [], removed: undefined }, [
      first,
    ])
    expect(stateOf(second, first, ...start).rekeys).toEqual([
      { entry: first.hash, commitment: commitment(3), members: new Set([host]) },
      { entry: second.hash, commitment: commitment(2), members: new Set() },
    ])
  })

  it('only what the last word on a microphone says holds', () => {
    const { scribe, start, known } = begun()
    const off = scribe.write(carol, mute(guest), known)
    const on = scribe.write(dave, mute(guest, false), [off])
    expect(stateOf(...start, off).muted).toEqual(new Set([guest]))
    expect(stateOf(...start, off, on).muted).toEqual(new Set())
  })

  it('a co-host is one until the host takes the role away or removes it', () => {
    const { scribe, start } = begun()
    expect(stateOf(...start).cohosts).toEqual(new Set([carol, dave]))
    const without = [...start, scribe.write(host, cohost(carol, false))]
    expect(stateOf(...without).cohosts).toEqual(new Set([dave]))
    const again = [...without, scribe.write(host, cohost(carol, true)), scribe.write(host, kick(dave))]
    expect(stateOf(...again).cohosts).toEqual(new Set([carol]))
    const back = [...again, scribe.write(host, admit(dave))]
    expect(stateOf(...back).cohosts).toEqual(new Set([carol]))
  })

  it('the host is no co-host of itself, and is not muted or removed by anybody', () => {
    const { scribe, start, known } = begun()
    const state = stateOf(
      ...start,
      scribe.write(host, cohost(host, true)),
      scribe.write(host, kick(host)),
      scribe.write(carol, mute(host), known),
      scribe.write(carol, kick(host)),
    )
    expect(state).toMatchObject({ muted: new Set(), removed: new Map(), rekeys: [] })
    expect(state.cohosts.has(host)).toBe(false)
  })

  it('only the host ends the room and makes co-hosts; a co-host does not act on another, itself included', () => {
    const { scribe, start, known } = begun()
    const said = [
      scribe.write(carol, { kind: 'end' }, known),
      scribe.write(carol, cohost(guest, true)),
      scribe.write(carol, cohost(dave, false)),
      scribe.write(carol, kick(dave)),
      scribe.write(carol, mute(dave)),
    ]
    // A new secret without the right to it counts for the keys of files alone.
    expect(stateOf(...start, ...said)).toEqual({ ...stateOf(...start), fileEpoch: 1 })
    const muted = scribe.write(host, mute(carol))
    expect(stateOf(...start, muted, scribe.write(carol, mute(carol, false), [muted])).muted).toEqual(new Set([carol]))
    expect(stateOf(...start, muted, scribe.write(host, { kind: 'end' })).ended).toBe(true)
  })

  it('an invite has its terms, its uses and its end', () => {
    const { scribe, start, known } = begun()
    const entries = [...start, scribe.write(carol, invite(1), known), scribe.write(carol, admitBy(token, guest))]
    const terms = { maxUses: 1, expiresAtMs: 1_000, usedBy: new Set([guest]), revoked: false }
    expect(stateOf(...entries).invites).toEqual(new Map([[token, terms]]))
    const again = [
      ...entries,
      scribe.write(carol, admitBy(token, guest)),
      scribe.write(carol, admitBy(token, newcomer)),
    ]
    expect(stateOf(...again).invites.get(token)?.usedBy).toEqual(new Set([guest]))
    expect(stateOf(...again).allowed).toEqual(new Set([guest]))
    const revoked = scribe.write(carol, { kind: 'revoke-invite', invite: token })
    expect(stateOf(...again, revoked).invites.get(token)).toEqual({ ...terms, revoked: true })
  })

  it('an admission by an invite that nobody made, or that its author did not know, is none', () => {
    const { scribe, start, known } = begun()
    const made = scribe.write(host, invite(5))
    const unknown = scribe.write(carol, admitBy(commitment(8), guest), known)
    const guessed = scribe.write(carol, admitBy(token, guest))
    expect(stateOf(...start, made, unknown, guessed).allowed).toEqual(new Set())
  })

  it('E4 times ten years off change nothing', () => {
    const { scribe, start, known } = begun()
    const entries = [
      ...start,
      scribe.write(carol, kick(guest), known),
      scribe.write(dave, admit(guest), known),
      scribe.write(host, mode('knock')),
    ]
    const tenYears = 10 * 365 * 86_400_000
    const shifted = entries.map((entry, index) => ({
      ...entry,
      timeMs: 1_700_000_000_000 + (index % 2 ? 1 : -1) * tenYears,
    }))
    expect(stateOf(...shifted)).toEqual(stateOf(...entries))
  })
})

describe('concurrent decisions', () => {
  it('what a co-host signed without knowing that it is none any more is void, before it and after it in the order', () => {
    const { scribe, start, known } = begun()
    const early = scribe.write(carol, mute(guest), known)
    const revoked = scribe.write(host, cohost(carol, false), [early])
    const late = scribe.write(carol, mode('locked'))
    expect(stateOf(...start, early, revoked, late)).toMatchObject({ entry: 'open', muted: new Set([guest]) })
    const unseen = begun()
    const removal = unseen.scribe.write(carol, kick(guest), unseen.known)
    const taken = unseen.scribe.write(host, cohost(carol, false))
    const again = unseen.scribe.write(host, cohost(carol, true))
    expect(stateOf(...unseen.start, removal).rekeys).toHaveLength(1)
    for (const after of [[taken], [taken, again]]) {
      const state = stateOf(...unseen.start, removal, ...after)
      expect(state).toMatchObject({ rekeys: [], removed: new Map() })
    }
    const anew = unseen.scribe.write(carol, kick(guest), [again])
    expect(stateOf(...unseen.start, removal, taken, again, anew).rekeys).toHaveLength(1)
  })

  it('E1 what a co-host signs knowing that it is none any more is void', () => {
    const { scribe, start } = begun()
    const revoked = scribe.write(host, cohost(carol, false))
    expect(stateOf(...start, revoked, scribe.write(carol, kick(guest), [revoked])).rekeys).toEqual([])
  })

  it('a co-host does not mute or remove another by pretending not to know that it is one', () => {
    const scribe = new Scribe()
    const start = [scribe.grant(carol)]
    const granted = scribe.grant(dave)
    const said = [scribe.write(carol, kick(dave), start), scribe.write(carol, mute(dave))]
    expect(stateOf(...start, ...said)).toMatchObject({ removed: new Map([[dave, 'removed']]), muted: new Set([dave]) })
    expect(stateOf(...start, granted, ...said)).toMatchObject({
      removed: new Map(),
      muted: new Set(),
      cohosts: new Set([carol, dave]),
      rekeys: [],
    })
    const knowing = scribe.write(host, cohost(newcomer, true), said.slice(-1))
    const stays = stateOf(...start, ...said, granted, knowing)
    expect(stays.removed.size).toBe(0)
  })

  it('of two entry modes the stricter holds, and both lists', () => {
    for (const [one, two, holds] of [
      ['open', 'knock', 'knock'],
      ['locked', 'knock', 'locked'],
      ['open', 'locked', 'locked'],
    ] as const) {
      const { scribe, start, known } = begun()
      const pair = [scribe.write(carol, mode(one, guest), known), scribe.write(dave, mode(two, newcomer), known)]
      expect(stateOf(...start, ...pair)).toMatchObject({ entry: holds, allowed: new Set([guest, newcomer]) })
      const after = scribe.write(host, mode('open'), pair)
      expect(stateOf(...start, ...pair, after)).toMatchObject({ entry: 'open', allowed: new Set() })
    }
  })

  it('of a removal and an admission the removal holds, whichever number is higher', () => {
    const { scribe, start, known } = begun()
    const removal = scribe.write(carol, kick(guest), known)
    const admission = scribe.write(dave, admit(guest), known)
    const more = scribe.write(dave, mute(newcomer))
    const later = scribe.write(dave, admit(guest))
    const all = [...start, removal, admission, more, later]
    expect(stateOf(...all).removed.get(guest)).toBe('removed')
    expect(stateOf(...all, scribe.write(dave, admit(guest), [removal])).removed.size).toBe(0)
  })

  it('an admission has to follow every removal', () => {
    const { scribe, start, known } = begun()
    const removals = [scribe.write(carol, kick(guest), known), scribe.write(dave, kick(guest), known)]
    const half = scribe.write(host, admit(guest), removals.slice(0, 1))
    expect(stateOf(...start, ...removals, half).removed.get(guest)).toBe('removed')
    const whole = scribe.write(host, admit(guest), removals.slice(1))
    expect(stateOf(...start, ...removals, half, whole).removed.size).toBe(0)
  })

  it('of muting and allowing to speak the muting holds', () => {
    const { scribe, start, known } = begun()
    const pair = [scribe.write(carol, mute(guest), known), scribe.write(dave, mute(guest, false), known)]
    expect(stateOf(...start, ...pair).muted).toEqual(new Set([guest]))
    expect(stateOf(...start, ...pair, scribe.write(host, mute(guest, false), pair)).muted).toEqual(new Set())
  })

  it('of two admissions by the last use of an invite the earlier in the order holds', () => {
    const { scribe, start } = begun()
    const made = scribe.write(host, invite(1))
    const one = scribe.write(carol, admitBy(token, guest), [made])
    const before = scribe.write(dave, mute(newcomer), [made])
    const two = scribe.write(dave, admitBy(token, newcomer))
    for (const order of [
      [one, before, two],
      [before, two, one],
    ]) {
      expect(stateOf(...start, made, ...order).allowed).toEqual(new Set([guest]))
    }
  })

  it('an admission by an invite holds beside its revocation', () => {
    const { scribe, start } = begun()
    const made = scribe.write(host, invite(5))
    const admission = scribe.write(carol, admitBy(token, guest), [made])
    const revoked = scribe.write(dave, { kind: 'revoke-invite', invite: token }, [made])
    expect(stateOf(...start, made, revoked, admission).allowed).toEqual(new Set([guest]))
  })

  it('a copy of an invite does not undo admissions by it', () => {
    const { scribe, start, known } = begun()
    const made = scribe.write(host, mute(newcomer))
    const original = scribe.write(host, invite(5))
    const admission = scribe.write(host, admitBy(token, guest))
    const copy = scribe.write(carol, invite(1), known)
    expect(stateOf(...start, made, original, admission, copy).allowed).toEqual(new Set([guest]))
  })

  it('two replacements of the secret both hold, in one order for everybody', () => {
    const { scribe, start, known } = begun()
    const renew = (number: number): Operation => ({
      kind: 'rekey',
      commitment: commitment(number),
      members: [],
      removed: undefined,
    })
    const [one, two] = [scribe.write(carol, renew(1), known), scribe.write(dave, renew(2), known)]
    const byHost = scribe.write(host, renew(3))
    const order = stateOf(...start, one, two, byHost).rekeys.map(({ entry }) => entry)
    expect(order[0]).toBe(byHost.hash)
    expect(new Set(order)).toEqual(new Set([one.hash, two.hash, byHost.hash]))
    for (const some of [
      [two, one, byHost],
      [byHost, two, one],
      [one, byHost, two],
    ]) {
      expect(stateOf(...start, ...some).rekeys.map(({ entry }) => entry)).toEqual(order)
    }
  })

  it('nothing of an author counts from the number on at which it forked', () => {
    const { scribe, start, known } = begun()
    const before = scribe.write(carol, mute(guest), known)
    const removal = scribe.write(carol, kick(guest, true))
    const second = unsigned({ ...place(before), author: carol, timeMs: 0, operation: mode('locked') })
    expect(stateOf(...start, before, removal, second)).toEqual({
      ...stateOf(...start, before),
      fileEpoch: maxSeqOfHost + 1,
      forks: [{ author: carol, seq: 2 }],
    })
  })
})

describe('rights to files', () => {
  const drive = (digit: string) => digit.repeat(64)
  const cut = (name: string, batches: number, head = '0') => ({ drive: drive(name), batches, head: drive(head) })

  it('are what was said last, with its cuts', () => {
    const { scribe, start, known } = begun()
    const reader = scribe.write(carol, files(guest, 'reader', [cut('a', 3)]), known)
    const again = scribe.write(host, files(guest, 'editor'), [reader])
    expect(stateOf(...start).fileRights.size).toBe(0)
    expect(stateOf(...start, reader).fileRights.get(guest)).toEqual({
      right: 'reader',
      cuts: new Map([[drive('a'), [cut('a', 3)]]]),
    })
    expect(stateOf(...start, reader, again).fileRights.get(guest)).toEqual({ right: 'editor', cuts: new Map() })
  })

  it('of two decisions that did not know of each other, are those of a reader, and keep what either keeps', () => {
    const { scribe, start, known } = begun()
    const one = scribe.write(carol, files(guest, 'editor', [cut('a', 3), cut('b', 2, '9'), cut('c', 1)]), known)
    const two = scribe.write(dave, files(guest, 'reader', [cut('a', 2), cut('b', 2, '1'), cut('d', 1)]), known)
    const kept = [cut('a', 2), cut('a', 3), cut('b', 2, '1'), cut('b', 2, '9'), cut('c', 1), cut('d', 1)]
    for (const order of [
      [one, two],
      [two, one],
    ]) {
      const rule = stateOf(...start, ...order).fileRights.get(guest)
      expect(rule?.right).toBe('reader')
      expect([...(rule?.cuts.values() ?? [])].flat()).toEqual(kept)
    }
  })

  it('are not set of the host, nor by a co-host of another', () => {
    const { scribe, start, known } = begun()
    const said = [
      scribe.write(carol, files(host, 'reader'), known),
      scribe.write(carol, files(dave, 'reader')),
      scribe.write(host, files(host, 'reader')),
    ]
    expect(stateOf(...start, ...said).fileRights.size).toBe(0)
    expect(stateOf(...start, ...said, scribe.write(host, files(dave, 'reader'))).fileRights.size).toBe(1)
  })

  it('set by a co-host of somebody whom the host makes one meanwhile are void', () => {
    const scribe = new Scribe()
    const start = [scribe.grant(carol)]
    const granted = scribe.grant(dave)
    const said = scribe.write(carol, files(dave, 'reader'), start)
    expect(stateOf(...start, said).fileRights.size).toBe(1)
    expect(stateOf(...start, granted, said).fileRights.size).toBe(0)
  })

  it('know an epoch that never falls: not when a replacement turns out void, nor when its author forks', () => {
    const { scribe, start, known } = begun()
    const one = scribe.write(carol, kick(guest), known)
    const two = scribe.write(carol, kick(newcomer))
    const withdrawn = scribe.write(host, cohost(carol, false))
    expect(stateOf(...start, one, two)).toMatchObject({ fileEpoch: 2 })
    expect(stateOf(...start, one, two, withdrawn)).toMatchObject({ fileEpoch: 2, rekeys: [] })
    const forked = unsigned({ ...place(undefined, known), author: carol, timeMs: 0, operation: mode('locked') })
    const after = stateOf(...start, one, two, withdrawn, forked)
    expect(after.rekeys).toEqual([])
    expect(after.fileEpoch).toBeGreaterThan(2)
    expect(stateOf(...start, one, two, withdrawn, forked, scribe.write(host, kick(guest))).fileEpoch).toBe(
      after.fileEpoch + 1,
    )
  })
})
