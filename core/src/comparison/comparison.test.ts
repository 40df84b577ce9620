import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../bytes/index.ts'
import { CodecError } from '../errors/index.ts'
import { peerIdOf, type PeerId } from '../identity/index.ts'
import { Scope } from '../lifetime/index.ts'
import { FakeClock } from '../testing/index.ts'
import { Comparison, settleMs, type ComparisonView } from './comparison.ts'
import { decodeMessage, encodeMessage, type ComparisonMessage } from './wire.ts'

const keyOf = (index: number): Uint8Array => new Uint8Array(32).fill(index + 1)
const idOf = (index: number): PeerId => peerIdOf(keyOf(index))
const head = new Uint8Array(32)

interface Letter {
  readonly from: number
  readonly to: number
  readonly message: Uint8Array
}

/** Members whose messages a test carries. `seen(i, j)`: which member `i` takes for `j`, an impostor where they are not the same. */
class Table {
  readonly clock = new FakeClock()
  readonly scope = new Scope()
  readonly letters: Letter[] = []
  readonly members: Comparison[]
  readonly sent: ComparisonMessage[][] = []
  #nonce = 0

  constructor(count: number, fingerprint: (owner: number, towards: number) => Uint8Array = certificate) {
    this.members = Array.from({ length: count }, (_, self) => {
      this.sent.push([])
      return new Comparison({
        self: keyOf(self),
        clock: this.clock,
        scope: this.scope,
        random: { bytes: (length) => new Uint8Array(length).fill(++this.#nonce) },
        send: (to, message) => {
          this.sent[self]?.push(decodeMessage(message))
          const target = Array.from({ length: count }, (_, index) => index).find((index) => idOf(index) === to)
          if (target !== undefined) this.letters.push({ from: self, to: target, message })
        },
        fingerprints: (peer) => {
          const other = Array.from({ length: count }, (_, index) => index).find((index) => idOf(index) === peer)
          if (other === undefined) return undefined
          return { local: certificate(self, other), remote: fingerprint(other, self) }
        },
        changed: () => undefined,
      })
    })
  }

  gather(self: number, others: readonly number[], epoch = 0): void {
    const members = others.map((index) => ({ peerId: idOf(index), key: keyOf(index), identity: undefined }))
    this.members[self]?.setRoom(members, { identity: undefined }, epoch, head)
  }

  gatherAll(epoch = 0): void {
    const all = this.members.map((_, index) => index)
    for (const self of all) this.gather(self, without(all, self), epoch)
  }

  view(index: number): ComparisonView {
    return this.members[index]?.view() ?? { kind: 'alone' }
  }

  /** Delivers everything, each pair's messages in order, pairs interleaved as `pick` says. */
  deliver(pick: (count: number) => number = () => 0): void {
    while (this.letters.length > 0) {
      const firsts = this.letters.filter(
        (one, index) => this.letters.findIndex(({ from, to }) => from === one.from && to === one.to) === index,
      )
      const letter = firsts[pick(firsts.length)]
      if (letter === undefined) break
      this.letters.splice(this.letters.indexOf(letter), 1)
      this.members[letter.to]?.receive(idOf(letter.from), letter.message)
    }
  }
}

function certificate(owner: number, towards: number): Uint8Array {
  return new Uint8Array(32).fill(100 + owner * 10 + towards)
}

function without(all: readonly number[], one: number): number[] {
  return all.filter((other) => other !== one)
}

function agreedCode(view: ComparisonView): string {
  expect(view.kind).toBe('agreed')
  return view.kind === 'agreed' ? view.room.join() : ''
}

describe('a comparison', () => {
  it('agrees for everybody, and for each pair, whatever the order of delivery', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), fc.infiniteStream(fc.nat(1_000)), (count, picks) => {
        const table = new Table(count)
        table.gatherAll()
        table.deliver((choices) => (picks.next().value ?? 0) % choices)
        const codes = table.members.map((_, index) => agreedCode(table.view(index)))
        expect(new Set(codes).size).toBe(1)
        for (let a = 0; a < count; a++) {
          for (let b = 0; b < a; b++) {
            const [one, other] = [table.view(a), table.view(b)]
            if (one.kind !== 'agreed' || other.kind !== 'agreed') throw new Error('not agreed')
            expect(one.pairs.get(idOf(b))).toEqual(other.pairs.get(idOf(a)))
          }
        }
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
    const codes = [0, 1, 2].map((index) => agreedCode(table.view(index)))
    expect(new Set(codes).size).toBe(1)
    expect(codes[0]).not.toBe(before)
  })

  it('begins anew with another epoch, and uses no nonce twice', () => {
    const table = new Table(2)
    table.gatherAll(0)
    table.deliver()
    table.gatherAll(1)
    expect(table.view(0).kind).toBe('settling')
    table.deliver()
    agreedCode(table.view(0))
    const nonces = table.sent[0]?.flatMap((one) => (one.kind === 'reveal' ? [toHex(one.reveal.nonce)] : []))
    expect(nonces).toHaveLength(2)
    expect(new Set(nonces).size).toBe(2)
  })

  it('reveals nothing before everybody has committed', () => {
    const table = new Table(3)
    table.gatherAll()
    for (const letter of table.letters.filter(({ from, to }) => from === 1 && to === 0)) {
      table.members[0]?.receive(idOf(1), letter.message)
    }
    expect(table.sent[0]?.map(({ kind }) => kind)).toEqual(['commit', 'commit'])
  })

  it('finds out who changes its mind after we have revealed', () => {
    const table = new Table(2)
    table.gatherAll()
    const commit = table.letters.find(({ from }) => from === 1)
    if (commit === undefined) throw new Error('nobody committed')
    table.members[0]?.receive(idOf(1), commit.message)
    const first = table.sent[0]?.find((one) => one.kind === 'reveal')
    const decoded = decodeMessage(commit.message)
    const other = { kind: 'commit' as const, round: decoded.round, commitment: new Uint8Array(32).fill(9) }
    table.members[0]?.receive(idOf(1), encodeMessage(other))
    // Our nonce is spent: what we reveal to the new commitment is another one.
    const reveals = table.sent[0]?.filter((one) => one.kind === 'reveal') ?? []
    expect(reveals).toHaveLength(2)
    expect(reveals[1]).not.toEqual(first)
  })

  it('differs when somebody reveals something else than it committed to', () => {
    const table = new Table(2)
    table.gatherAll()
    const commit = table.letters.find(({ from }) => from === 1)
    if (commit === undefined) throw new Error('nobody committed')
    table.members[0]?.receive(idOf(1), commit.message)
    const { round } = decodeMessage(commit.message)
    const claims = new Map([[toHex(keyOf(0)), new Uint8Array(certificate(1, 0))]])
    const reveal = { nonce: new Uint8Array(32), claims }
    table.members[0]?.receive(idOf(1), encodeMessage({ kind: 'reveal', round, reveal }))
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('differs when the certificate is another one than the member says', () => {
    const table = new Table(2, (owner, towards) =>
      owner === 1 ? new Uint8Array(32).fill(7) : certificate(owner, towards),
    )
    table.gatherAll()
    table.deliver()
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('differs after a while when somebody sees another room', () => {
    const table = new Table(3)
    table.gather(0, [1])
    table.gather(1, [0, 2])
    table.deliver()
    expect(table.view(0)).toEqual({ kind: 'settling' })
    table.clock.advance(settleMs)
    expect(table.view(0)).toEqual({ kind: 'differs', with: [idOf(1)] })
  })

  it('is over when nobody else is here', () => {
    const table = new Table(2)
    table.gatherAll()
    table.deliver()
    table.gather(0, [])
    expect(table.view(0)).toEqual({ kind: 'alone' })
  })
})

describe('messages of a comparison', () => {
  const bytes = (length: number) =>
    fc.uint8Array({ minLength: length, maxLength: length }).map((value) => new Uint8Array(value))
  const claims = fc.array(fc.tuple(bytes(32).map(toHex), bytes(32)), { maxLength: 8 }).map((pairs) => new Map(pairs))
  const message: fc.Arbitrary<ComparisonMessage> = fc.oneof(
    fc.record({ kind: fc.constant('commit' as const), round: bytes(32), commitment: bytes(32) }),
    fc.record({
      kind: fc.constant('reveal' as const),
      round: bytes(32),
      reveal: fc.record({ nonce: bytes(32), claims }),
    }),
  )

  it('survive the round trip', () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(encodeMessage(decodeMessage(encodeMessage(one)))).toEqual(encodeMessage(one))
      }),
    )
  })

  it('are nothing else: garbage is a CodecError at most', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        try {
          decodeMessage(garbage)
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError)
        }
      }),
    )
  })
})
