import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equal, toHex } from '../bytes/index.ts'
import { peerIdOf, type PeerId } from '../identity/index.ts'
import { Scope } from '../lifetime/index.ts'
import { FakeClock } from '../testing/index.ts'
import {
  attemptPauseMs,
  Comparison,
  doubtMs,
  maxQuickAttempts,
  settleMs,
  type ComparedMember,
  type ComparisonView,
} from './comparison.ts'
import { attemptOf, commitmentTo, type Reveal } from './round.ts'
import { decodeMessage, encodeMessage, type ComparisonMessage } from './wire.ts'

const keyOf = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)
const idOf = (index: number): PeerId => peerIdOf(keyOf(index))
const head = new Uint8Array(32)

interface Letter {
  readonly from: number
  readonly to: number
  readonly message: Uint8Array
}

/** Members whose messages a test carries, each pair's in order. */
class Table {
  readonly clock = new FakeClock()
  readonly scope = new Scope()
  readonly letters: Letter[] = []
  readonly members: Comparison[]
  readonly sent: ComparisonMessage[][] = []
  readonly received: { readonly from: number; readonly said: ComparisonMessage }[][] = []
  /** Of each reveal, those of the picture it was made in who had not committed to it: nobody, ever. */
  readonly early: (readonly number[])[] = []
  /** Which certificate `owner` shows `towards`; what the other end is bound to is the same unless a test says otherwise. */
  readonly certificates = new Map<string, Uint8Array>()
  readonly bound = new Map<string, Uint8Array>()
  readonly #pictures: (readonly number[])[] = []
  #nonce = 0

  readonly count: number

  constructor(count: number) {
    this.count = count
    this.members = Array.from({ length: count }, (_, self) => {
      this.sent.push([])
      this.received.push([])
      return new Comparison({
        self: keyOf(self),
        clock: this.clock,
        scope: this.scope,
        random: {
          bytes: (length) => new Uint8Array(length).fill(++this.#nonce % 251).fill((this.#nonce / 251) | 0, 16),
        },
        send: (to, message) => {
          const said = decodeMessage(message)
          this.sent[self]?.push(said)
          if (said.kind === 'reveal') this.early.push(this.#silentTo(self, said))
          this.letters.push({ from: self, to: this.indexOf(to), message })
        },
        fingerprints: (peer) => this.fingerprints(self, this.indexOf(peer)),
        changed: () => undefined,
      })
    })
  }

  indexOf(peer: PeerId): number {
    return Array.from({ length: this.count }, (_, index) => index).findIndex((index) => idOf(index) === peer)
  }

  fingerprints(self: number, other: number) {
    const certificate = (owner: number, towards: number): Uint8Array =>
      this.certificates.get(`${String(owner)}>${String(towards)}`) ??
      new Uint8Array(32).fill(100 + owner * 10 + towards)
    const remote = this.bound.get(`${String(self)}<${String(other)}`) ?? certificate(other, self)
    return { local: certificate(self, other), remote }
  }

  /** Whom `self` has in its picture. */
  othersOf(self: number): readonly number[] {
    return this.#pictures[self] ?? []
  }

  #silentTo(self: number, reveal: Extract<ComparisonMessage, { kind: 'reveal' }>): readonly number[] {
    const isCommitment = (one: ComparisonMessage): boolean =>
      one.kind === 'commit' && one.attempt === reveal.attempt && equal(one.round, reveal.round)
    const committed = (this.received[self] ?? []).filter(({ said }) => isCommitment(said)).map(({ from }) => from)
    return this.othersOf(self).filter((other) => !committed.includes(other))
  }

  gather(self: number, others: readonly number[], epoch = 0, members: Partial<ComparedMember> = {}): void {
    this.#pictures[self] = others
    const all = others.map((index) => ({ peerId: idOf(index), key: keyOf(index), identity: undefined, ...members }))
    this.members[self]?.setRoom(all, { identity: undefined }, epoch, head)
  }

  gatherAll(epoch = 0): void {
    const all = this.members.map((_, index) => index)
    for (const self of all) this.gather(self, without(all, self), epoch)
  }

  view(index: number): ComparisonView {
    return this.members[index]?.view() ?? { kind: 'alone' }
  }

  views(): ComparisonView[] {
    return this.members.map((_, index) => this.view(index))
  }

  receive(to: number, from: number, message: ComparisonMessage): void {
    this.received[to]?.push({ from, said: message })
    this.members[to]?.receive(idOf(from), encodeMessage(message))
  }

  /** Delivers the first letter of one of the pairs that have one. */
  step(pick: (count: number) => number = () => 0): boolean {
    const firsts = this.letters.filter(
      (one, index) => this.letters.findIndex(({ from, to }) => from === one.from && to === one.to) === index,
    )
    const letter = firsts[pick(firsts.length)]
    if (letter === undefined) return false
    this.letters.splice(this.letters.indexOf(letter), 1)
    this.receive(letter.to, letter.from, decodeMessage(letter.message))
    return true
  }

  deliver(pick?: (count: number) => number): void {
    for (let steps = 0; this.step(pick); steps++) {
      if (steps > 20_000) throw new Error('never settles')
    }
  }

  /** What is under way between two is lost with their connection, and both have a new one. */
  reconnect(a: number, b: number): void {
    const isBetween = ({ from, to }: Letter) => (from === a && to === b) || (from === b && to === a)
    this.letters.splice(0, this.letters.length, ...this.letters.filter((letter) => !isBetween(letter)))
    this.members[a]?.connected(idOf(b))
    this.members[b]?.connected(idOf(a))
  }

  /** The commitment that `from` has under way to `to`. */
  commitOf(from: number, to: number): Extract<ComparisonMessage, { kind: 'commit' }> {
    const letter = this.letters.find((one) => one.from === from && one.to === to)
    const message = letter && decodeMessage(letter.message)
    if (message?.kind !== 'commit') throw new Error('nobody committed')
    return message
  }
}

function without(all: readonly number[], one: number): number[] {
  return all.filter((other) => other !== one)
}

function agreedCode(view: ComparisonView): string {
  expect(view.kind).toBe('agreed')
  return view.kind === 'agreed' ? view.room.join() : ''
}

function expectAgreement(table: Table): void {
  const codes = table.views().map(agreedCode)
  expect(new Set(codes).size).toBe(1)
  for (let a = 0; a < table.count; a++) {
    for (let b = 0; b < a; b++) {
      const [one, other] = [table.view(a), table.view(b)]
      if (one.kind !== 'agreed' || other.kind !== 'agreed') throw new Error('not agreed')
      expect(one.pairs.get(idOf(b))).toHaveLength(7)
      expect(one.pairs.get(idOf(b))).toEqual(other.pairs.get(idOf(a)))
    }
  }
}

/** Whoever revealed had every other member's commitment to that attempt before, and drew that nonce for it alone. */
function expectOrderKept(table: Table): void {
  for (const sent of table.sent) {
    const occasions = new Map<string, Set<string>>()
    for (const said of sent) {
      if (said.kind !== 'reveal') continue
      const nonce = toHex(said.reveal.nonce)
      occasions.set(nonce, (occasions.get(nonce) ?? new Set()).add(`${toHex(said.round)}/${String(said.attempt)}`))
    }
    for (const [, of] of occasions) expect(of.size).toBe(1)
  }
}

type Move =
  | { readonly kind: 'deliver'; readonly pick: number }
  | { readonly kind: 'repeat'; readonly pick: number }
  | { readonly kind: 'reconnect' | 'blink' | 'forget'; readonly a: number; readonly b: number }
  | { readonly kind: 'certificate'; readonly a: number; readonly b: number }
  | { readonly kind: 'epoch'; readonly a: number }

const pick = fc.nat(1_000)
const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), pick }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('reconnect' as const, 'blink' as const, 'forget' as const),
        a: pick,
        b: pick,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('certificate' as const), a: pick, b: pick }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('epoch' as const), a: pick }) },
  ),
  { maxLength: 60 },
)

function make(table: Table, epochs: number[], move: Move, serial: number): void {
  const all = Array.from({ length: table.count }, (_, index) => index)
  const two = (a: number, b: number): [number, number] => {
    const one = a % table.count
    return [one, (one + 1 + (b % (table.count - 1))) % table.count]
  }
  const look = (self: number): void => {
    table.gather(self, without(all, self), epochs[self])
  }
  switch (move.kind) {
    case 'deliver':
      table.step((count) => move.pick % Math.max(1, count))
      break
    case 'repeat': {
      const letter = table.letters[move.pick % Math.max(1, table.letters.length)]
      if (letter !== undefined) table.letters.splice(table.letters.indexOf(letter), 0, letter)
      break
    }
    case 'reconnect':
      table.reconnect(...two(move.a, move.b))
      break
    case 'blink':
    case 'forget': {
      // One of them notices a short absence of the other, nobody else does; the other may not even have a new way.
      const [self, other] = two(move.a, move.b)
      table.members[self]?.departed(idOf(other))
      table.gather(self, without(without(all, self), other), epochs[self])
      if (move.kind === 'blink') table.reconnect(self, other)
      look(self)
      break
    }
    case 'certificate': {
      const [a, b] = two(move.a, move.b)
      table.certificates.set(`${String(a)}>${String(b)}`, new Uint8Array(32).fill(serial % 200))
      table.reconnect(a, b)
      look(a)
      look(b)
      break
    }
    case 'epoch': {
      const self = move.a % table.count
      epochs[self] = (epochs[self] ?? 0) + 1
      look(self)
      break
    }
  }
}

describe('a comparison', () => {
  it('agrees for everybody, and for each pair, whatever the order of delivery', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.infiniteStream(fc.nat(1_000)), (count, picks) => {
        const table = new Table(count)
        table.gatherAll()
        table.deliver((choices) => (picks.next().value ?? 0) % choices)
        expectAgreement(table)
      }),
      { numRuns: 300 },
    )
  })

  it('agrees in the end, whatever is repeated, lost with a connection, noticed by one alone, or replaced meanwhile', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), moves, fc.infiniteStream(fc.nat(1_000)), (count, script, picks) => {
        const table = new Table(count)
        const epochs = Array.from({ length: count }, () => 0)
        table.gatherAll()
        script.forEach((move, serial) => {
          make(table, epochs, move, serial)
        })
        const latest = Math.max(...epochs)
        table.gatherAll(latest)
        for (let pauses = 0; pauses < 40; pauses++) {
          table.deliver((choices) => (picks.next().value ?? 0) % choices)
          table.clock.advance(attemptPauseMs)
        }
        expectAgreement(table)
        expectOrderKept(table)
      }),
      { numRuns: 1_000 },
    )
  })

  it('reveals nothing before everybody has committed, whatever the order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), moves, (count, script) => {
        const table = new Table(count)
        const epochs = Array.from({ length: count }, () => 0)
        table.gatherAll()
        script.forEach((move, serial) => {
          make(table, epochs, move, serial)
        })
        for (const silent of table.early) expect(silent).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('agrees again when one member saw another one go and come back, and the others did not', () => {
    const table = new Table(3)
    table.gatherAll()
    table.deliver()
    const before = agreedCode(table.view(0))
    table.gather(0, [1])
    table.gather(0, [1, 2])
    table.deliver()
    expectAgreement(table)
    expect(agreedCode(table.view(0))).not.toBe(before)
  })

  it('begins anew with another epoch, identity or log, and uses no nonce twice', () => {
    const table = new Table(2)
    table.gatherAll(0)
    table.deliver()
    const before = agreedCode(table.view(0))
    table.gatherAll(1)
    expect(table.view(0).kind).toBe('settling')
    table.deliver()
    expect(agreedCode(table.view(0))).not.toBe(before)
    const nonces = table.sent[0]?.flatMap((one) => (one.kind === 'reveal' ? [toHex(one.reveal.nonce)] : []))
    expect(new Set(nonces).size).toBe(2)
    const identity = new Uint8Array(32).fill(5)
    table.gather(0, [1], 1, { identity })
    expect(table.view(0).kind).toBe('settling')
    table.deliver()
    table.clock.advance(settleMs)
    // The other end does not see that identity.
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('does nothing when the picture is the same', () => {
    const table = new Table(2)
    table.gatherAll()
    table.deliver()
    const before = table.view(0)
    table.gatherAll()
    expect(table.letters).toEqual([])
    expect(table.view(0)).toBe(before)
  })

  it('says nothing when something is repeated, whether it was revealed or not', () => {
    const table = new Table(3)
    table.gatherAll()
    const commit = table.commitOf(1, 0)
    table.receive(0, 1, commit)
    const said = table.sent[0]?.length
    table.receive(0, 1, commit)
    expect(table.sent[0]).toHaveLength(said ?? 0)
    table.deliver()
    const before = table.view(0)
    table.receive(0, 1, commit)
    expect([table.letters, table.view(0)]).toEqual([[], before])
  })

  it('begins one attempt later when it returns to a round in which others have revealed', () => {
    const table = new Table(2)
    table.gatherAll()
    table.deliver()
    table.gather(0, [])
    table.gather(0, [1])
    expect(table.sent[0]?.at(-1)).toMatchObject({ kind: 'commit', attempt: 1 })
  })

  it('repeats itself to who has forgotten, or is behind', () => {
    const table = new Table(3)
    table.gatherAll()
    const commit = table.commitOf(1, 0)
    table.receive(0, 1, commit)
    table.receive(0, 1, { ...commit, commitment: new Uint8Array(32).fill(1) })
    // Once for the first word of the other, once because it has forgotten ours.
    expect(table.sent[0]?.slice(2)).toMatchObject([
      { kind: 'commit', attempt: 0 },
      { kind: 'commit', attempt: 0 },
    ])
    table.receive(0, 2, { ...commit, attempt: 4 })
    const before = table.sent[0]?.length ?? 0
    table.receive(0, 1, { ...commit, attempt: 3 })
    expect(table.sent[0]?.slice(before)).toMatchObject([{ kind: 'commit', attempt: 4 }])
  })

  it('is over when nobody else is here', () => {
    const table = new Table(2)
    table.gatherAll()
    table.deliver()
    table.gather(0, [])
    expect(table.view(0)).toEqual({ kind: 'alone' })
    table.gatherAll(1)
    expect(table.clock.pending).toBe(2)
    table.scope.end()
    expect(table.clock.pending).toBe(0)
  })
})

describe('somebody in the middle', () => {
  it('with keys of its own towards both ends sees both show different codes', () => {
    // Ada (0) and Bob (1) each talk to Mallory (2) and take her for the other.
    const [towardsAda, towardsBob] = [new Table(3), new Table(3)]
    for (const [side, honest] of [
      [towardsAda, 0],
      [towardsBob, 1],
    ] as const) {
      side.gather(honest, [2])
      side.gather(2, [honest])
      side.deliver()
    }
    expect(agreedCode(towardsAda.view(0))).not.toBe(agreedCode(towardsBob.view(1)))
  })

  it('with certificates of its own is found out, by the one or by the other', () => {
    const table = new Table(3)
    table.bound.set('0<1', new Uint8Array(32).fill(7))
    table.gatherAll()
    table.deliver()
    expect(table.view(0).kind).toBe('settling')
    table.clock.advance(doubtMs)
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
    table.clock.advance(settleMs)
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('cannot hide it by beginning anew again and again', () => {
    const table = new Table(2)
    table.bound.set('0<1', new Uint8Array(32).fill(7))
    table.gatherAll()
    table.deliver()
    const { round } = table.sent[0]?.[0] ?? { round: head }
    for (let attempt = 1; attempt * 900 <= settleMs + 900; attempt++) {
      table.receive(0, 1, { kind: 'commit', round, attempt, commitment: new Uint8Array(32).fill(attempt) })
      table.clock.advance(900)
      expect(table.view(0).kind).not.toBe('agreed')
    }
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('is not suspected when a session was replaced and one end noticed later', () => {
    const table = new Table(2)
    table.gatherAll()
    table.deliver()
    table.certificates.set('1>0', new Uint8Array(32).fill(55))
    table.bound.set('0<1', new Uint8Array(32).fill(55))
    table.certificates.delete('1>0')
    table.gather(0, [1])
    table.deliver()
    expect(table.view(0).kind).toBe('settling')
    table.clock.advance(doubtMs - 1)
    table.certificates.set('1>0', new Uint8Array(32).fill(55))
    table.gather(1, [0])
    table.deliver()
    table.clock.advance(settleMs)
    expectAgreement(table)
  })

  it('gets no more tries than one a second', () => {
    const table = new Table(2)
    table.gatherAll()
    const { round } = table.commitOf(0, 1)
    const nonces = () =>
      new Set(table.sent[0]?.flatMap((one) => (one.kind === 'commit' ? [toHex(one.commitment)] : [])))
    for (let attempt = 0; attempt < 1_000; attempt++) {
      table.receive(0, 1, { kind: 'commit', round, attempt, commitment: new Uint8Array(32).fill(1) })
    }
    expect(nonces().size).toBe(maxQuickAttempts)
    table.clock.advance(attemptPauseMs)
    expect(nonces().size).toBe(maxQuickAttempts + 1)
  })
})

describe('a member that lies', () => {
  it('reveals something else than it committed to: differs, until the picture is another one', () => {
    const table = new Table(2)
    table.gatherAll()
    const commit = table.commitOf(1, 0)
    table.receive(0, 1, commit)
    const claims = new Map([[toHex(keyOf(0)), table.fingerprints(1, 0).local]])
    const { round, attempt } = commit
    table.receive(0, 1, { kind: 'reveal', round, attempt, reveal: { nonce: new Uint8Array(32), claims } })
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
    // It behaves in the next attempt: what it did stays.
    const reveal: Reveal = { nonce: new Uint8Array(32).fill(3), claims }
    const commitment = commitmentTo(attemptOf(round, attempt + 1), reveal)
    table.receive(0, 1, { kind: 'commit', round, attempt: attempt + 1, commitment })
    table.receive(0, 1, { kind: 'reveal', round, attempt: attempt + 1, reveal })
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
    table.letters.length = 0
    table.gatherAll(1)
    table.deliver()
    expectAgreement(table)
  })

  it('claims no certificate, or another one than the one bound: differs', () => {
    for (const claims of [new Map(), new Map([[toHex(keyOf(0)), new Uint8Array(32).fill(9)]])]) {
      const table = new Table(2)
      table.gatherAll()
      const { round, attempt } = table.commitOf(1, 0)
      const reveal: Reveal = { nonce: new Uint8Array(32).fill(3), claims }
      table.receive(0, 1, {
        kind: 'commit',
        round,
        attempt,
        commitment: commitmentTo(attemptOf(round, attempt), reveal),
      })
      table.receive(0, 1, { kind: 'reveal', round, attempt, reveal })
      table.clock.advance(doubtMs)
      expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
    }
  })

  it('changes its mind after we have revealed: that nonce is spent', () => {
    const table = new Table(2)
    table.gatherAll()
    const commit = table.commitOf(1, 0)
    table.receive(0, 1, commit)
    table.receive(0, 1, { ...commit, commitment: new Uint8Array(32).fill(9) })
    const reveals = table.sent[0]?.filter((one) => one.kind === 'reveal') ?? []
    expect(reveals).toHaveLength(1)
    const last = table.sent[0]?.at(-1)
    expect(last).toMatchObject({ kind: 'commit', attempt: 1 })
    table.receive(0, 1, { ...commit, attempt: 1, commitment: new Uint8Array(32).fill(9) })
    const second = table.sent[0]?.at(-1)
    expect(second?.kind === 'reveal' && second.reveal.nonce).not.toEqual(
      reveals[0]?.kind === 'reveal' && reveals[0].reveal.nonce,
    )
  })

  it('reveals before it has committed: that is worth nothing', () => {
    const table = new Table(2)
    table.gatherAll()
    const { round, attempt } = table.commitOf(1, 0)
    const reveal: Reveal = { nonce: new Uint8Array(32), claims: new Map() }
    table.receive(0, 1, { kind: 'reveal', round, attempt, reveal })
    expect(table.view(0).kind).toBe('settling')
    table.deliver()
    expectAgreement(table)
  })

  it('counts to the end of attempts: differs', () => {
    const table = new Table(2)
    table.gatherAll()
    const { round } = table.commitOf(1, 0)
    const last = { kind: 'commit' as const, round, attempt: 0xffff_ffff }
    table.receive(0, 1, { ...last, commitment: new Uint8Array(32).fill(1) })
    table.receive(0, 1, { ...last, commitment: new Uint8Array(32).fill(2) })
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('sees another room: differs after a while, and names who has not committed', () => {
    const table = new Table(3)
    table.gatherAll()
    table.gather(2, [0])
    table.letters.splice(0, table.letters.length, ...table.letters.filter(({ from }) => from !== 2))
    table.deliver()
    expect(table.view(0).kind).toBe('settling')
    table.clock.advance(settleMs)
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(2)] })
    expect(table.view(1)).toEqual({ kind: 'differs', with: [idOf(2)] })
  })
})
