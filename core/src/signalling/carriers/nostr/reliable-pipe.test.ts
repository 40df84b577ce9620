import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { maxDataBytes } from './cells.ts'
import { answerTimeoutMs, lingerMs, ReliablePipe, windowPieces, type PipeCell } from './reliable-pipe.ts'

/** What the wire does with one cell: how often it arrives, and how much later. */
interface Fate {
  readonly copies: number
  readonly delayMs: number
}

const good: Fate = { copies: 1, delayMs: 10 }

class End {
  readonly received: number[] = []
  readonly pipe: ReliablePipe
  held = 0
  ended = false
  failed: boolean | undefined
  released = 0
  largestHeld = 0

  constructor(clock: FakeClock, transmit: (cell: PipeCell) => void, reads: boolean) {
    this.pipe = new ReliablePipe({
      clock,
      transmit,
      unanswered: () => undefined,
      received: (bytes) => {
        for (const byte of bytes) this.received.push(byte)
        this.held += bytes.length
        this.largestHeld = Math.max(this.largestHeld, this.held)
        if (reads) this.read()
      },
      ended: () => {
        this.ended = true
      },
      failed: (ever) => {
        this.failed = ever
      },
      released: () => {
        this.released += 1
      },
    })
  }

  read(): void {
    const count = this.held
    this.held = 0
    this.pipe.consumed(count)
  }
}

function wire(fates: readonly Fate[] = [good], reads = true) {
  const clock = new FakeClock()
  // Not in turns: retries must not fall in step with what is lost.
  let state = 12_345
  const draw = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const carry = (to: () => End) => (cell: PipeCell) => {
    const { copies, delayMs } = fates[draw() % fates.length] ?? good
    for (let copy = 0; copy < copies; copy++) {
      clock.after(delayMs + copy, () => {
        to().pipe.take(cell)
      })
    }
  }
  const here: End = new End(
    clock,
    carry(() => there),
    true,
  )
  const there: End = new End(
    clock,
    carry(() => here),
    reads,
  )
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 10) clock.advance(10)
  }
  return { clock, here, there, pass }
}

const bytesOf = (length: number, seed: number) => new Uint8Array(length).map((_, index) => (index * 7 + seed) % 256)

describe('ReliablePipe', () => {
  it('carries bytes in order and whole over a wire that loses, repeats, delays and reorders', () => {
    const fate = fc.record({ copies: fc.constantFrom(0, 1, 1, 1, 2, 3), delayMs: fc.integer({ min: 1, max: 900 }) })
    fc.assert(
      fc.property(
        fc
          .array(fate, { minLength: 6, maxLength: 12 })
          .filter((fates) => fates.filter(({ copies }) => copies === 0).length * 6 <= fates.length),
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 12 }),
        (fates, sizes) => {
          const { here, there, pass } = wire(fates)
          // somebody is there: whoever never answers is given up sooner
          here.pipe.take({ kind: 'ack', next: 0, limit: windowPieces })
          const pieces = sizes.map((size, index) => bytesOf(size, index))
          for (const piece of pieces) void here.pipe.write(piece)
          pass(60_000)
          expect(there.received).toEqual(pieces.flatMap((piece) => [...piece]))
          here.pipe.close()
          pass(60_000)
          expect([there.ended, here.released, there.released]).toEqual([true, 1, 1])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('lets a sender go no further than the window while nobody reads, and on when somebody does', async () => {
    const { here, there, pass } = wire([good], false)
    let taken = 0
    for (let index = 0; index < 3 * windowPieces; index++) {
      void here.pipe.write(bytesOf(maxDataBytes, index)).then(() => (taken += 1))
    }
    pass(10_000)
    await Promise.resolve()
    expect(taken).toBe(windowPieces)
    expect(there.largestHeld).toBe(windowPieces * maxDataBytes)
    while (there.received.length < 3 * windowPieces * maxDataBytes) {
      there.read()
      pass(1_000)
    }
    expect(there.largestHeld).toBeLessThanOrEqual(windowPieces * maxDataBytes)
  })

  it('opens again although the acknowledgement that opened it was lost', () => {
    const { clock, here, there, pass } = wire([good], false)
    for (let index = 0; index < windowPieces + 1; index++) void here.pipe.write(bytesOf(maxDataBytes, index))
    pass(2_000)
    const before = there.received.length
    const { take } = here.pipe
    // The word that there is room again does not arrive.
    here.pipe.take = () => undefined
    there.read()
    clock.advance(20)
    here.pipe.take = take.bind(here.pipe)
    pass(20_000)
    expect(there.received.length).toBe(before + maxDataBytes)
  })

  it('gives up: unreachable if nobody ever answered, lost if somebody did', () => {
    const mute = wire([{ copies: 0, delayMs: 1 }])
    mute.here.pipe.expectAnswer()
    mute.pass(answerTimeoutMs + 6_000)
    expect([mute.here.failed, mute.here.released]).toEqual([false, 1])
    const broken = wire([good])
    void broken.here.pipe.write(bytesOf(10, 1))
    broken.pass(1_000)
    broken.there.pipe.take = () => undefined
    void broken.here.pipe.write(bytesOf(10, 2))
    broken.pass(30_000)
    expect([broken.here.failed, broken.here.released]).toEqual([true, 1])
  })

  it('takes nothing that was not allowed, and is silent once it is over', () => {
    const { here, there, pass } = wire()
    there.pipe.take({ kind: 'data', seq: windowPieces + 5, bytes: bytesOf(5, 1) })
    there.pipe.take({ kind: 'ack', next: 1_000, limit: 1e9 })
    pass(1_000)
    expect(there.received).toEqual([])
    here.pipe.drop()
    here.pipe.take({ kind: 'probe' })
    here.pipe.close()
    here.pipe.consumed(5)
    expect(here.released).toBe(1)
  })

  it('carries both directions at once, and leaves no timer behind when both ends close together', () => {
    const fate = fc.record({ copies: fc.constantFrom(0, 1, 1, 1, 2), delayMs: fc.integer({ min: 1, max: 600 }) })
    fc.assert(
      fc.property(
        fc
          .array(fate, { minLength: 6, maxLength: 12 })
          .filter((fates) => fates.filter(({ copies }) => copies === 0).length * 6 <= fates.length),
        fc.integer({ min: 1, max: 2 * windowPieces }),
        fc.integer({ min: 1, max: 2 * windowPieces }),
        (fates, hither, thither) => {
          const { clock, here, there, pass } = wire(fates)
          for (let index = 0; index < thither; index++) void here.pipe.write(bytesOf(9, index))
          for (let index = 0; index < hither; index++) void there.pipe.write(bytesOf(5, index))
          pass(60_000)
          expect(there.received).toEqual(Array.from({ length: thither }, (_, index) => [...bytesOf(9, index)]).flat())
          expect(here.received).toEqual(Array.from({ length: hither }, (_, index) => [...bytesOf(5, index)]).flat())
          here.pipe.close()
          there.pipe.close()
          pass(60_000)
          expect([here.released, there.released, clock.pending]).toEqual([1, 1, 0])
        },
      ),
      { numRuns: 30 },
    )
  })

  it('delivers what was taken before the close although the wire loses three cells of ten', () => {
    const lost = { copies: 0, delayMs: 1 }
    const { here, there, pass } = wire([good, good, lost, good, good, lost, good, good, lost, good])
    for (let index = 0; index < windowPieces - 1; index++) void here.pipe.write(bytesOf(100, index))
    here.pipe.close()
    pass(60_000)
    expect(there.received).toHaveLength((windowPieces - 1) * 100)
    expect([there.ended, there.released]).toEqual([true, 1])
  })

  it('says nothing while it is idle', () => {
    const { clock, here, pass } = wire()
    void here.pipe.write(bytesOf(10, 1))
    pass(2_000)
    expect(clock.pending).toBe(0)
    pass(120_000)
    void here.pipe.write(bytesOf(10, 2))
    pass(2_000)
    expect([here.failed, clock.pending]).toEqual([undefined, 0])
  })

  it('frees whoever waits to write when the other end closes, when it is closed and when it is dropped', async () => {
    for (const end of ['there', 'here', 'drop'] as const) {
      const { here, there, pass } = wire([good], false)
      const writes = Array.from({ length: windowPieces + 3 }, (_, index) =>
        here.pipe.write(bytesOf(maxDataBytes, index)),
      )
      pass(1_000)
      if (end === 'there') there.pipe.close()
      else if (end === 'here') here.pipe.close()
      else here.pipe.drop()
      pass(1_000)
      await Promise.all([...writes, here.pipe.write(bytesOf(1, 1))])
    }
  })

  it('holds no more than the window and throws nothing, whatever the other end says', () => {
    const number = fc.oneof(fc.integer({ min: 0, max: 3 * windowPieces }), fc.integer({ min: 0, max: 0xffff_ffff }))
    const piece = fc.integer({ min: 1, max: 30 }).map((length) => bytesOf(length, length))
    const cell: fc.Arbitrary<PipeCell> = fc.oneof(
      fc.record({ kind: fc.constant('data' as const), seq: number, bytes: piece }),
      fc.record({ kind: fc.constant('end' as const), seq: number }),
      fc.record({ kind: fc.constant('ack' as const), next: number, limit: number }),
      fc.record({ kind: fc.constant('probe' as const) }),
    )
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 120 }), fc.array(piece, { maxLength: 60 }), (cells, written) => {
        const clock = new FakeClock()
        const sent = new Set<number>()
        const acknowledged = { next: 0, limit: 0 }
        const end: End = new End(
          clock,
          (said) => {
            if (said.kind === 'data' || said.kind === 'end') sent.add(said.seq)
            if (said.kind !== 'ack') return
            // What was said once holds: neither number goes back.
            expect(said.next).toBeGreaterThanOrEqual(acknowledged.next)
            expect(said.limit).toBeGreaterThanOrEqual(acknowledged.limit)
            Object.assign(acknowledged, said)
          },
          false,
        )
        for (const bytes of written) void end.pipe.write(bytes)
        for (const said of cells) {
          end.pipe.take(said)
          clock.advance(50)
        }
        // Numbers are used one after the other.
        expect([...sent]).toEqual([...sent.keys()].map((_, index) => index))
        expect(end.largestHeld).toBeLessThanOrEqual(windowPieces * maxDataBytes)
        expect(acknowledged.next).toBeLessThanOrEqual(3 * windowPieces + 1)
        end.pipe.drop()
        expect([end.released, clock.pending]).toEqual([1, 0])
      }),
      { numRuns: 200 },
    )
  })
})

describe('ReliablePipe against an other end that means harm', () => {
  const alone = (clock: FakeClock) => new End(clock, () => undefined, true)

  it('is released in bounded time after the close, whatever the other end says', () => {
    const clock = new FakeClock()
    const end = alone(clock)
    void end.pipe.write(bytesOf(10, 1))
    end.pipe.close()
    for (let waitedMs = 0; waitedMs < lingerMs; waitedMs += 1_000) {
      end.pipe.take({ kind: 'probe' })
      end.pipe.take({ kind: 'ack', next: 0, limit: windowPieces })
      clock.advance(1_000)
    }
    expect([end.released, clock.pending]).toEqual([1, 0])
  })

  it('ends at once behind a full window that nobody reads', () => {
    const { here, there, pass } = wire([good], false)
    for (let index = 0; index < windowPieces; index++) void here.pipe.write(bytesOf(maxDataBytes, index))
    here.pipe.close()
    pass(2_000)
    expect([there.ended, here.released, there.received.length]).toEqual([true, 1, windowPieces * maxDataBytes])
  })

  it('is not lost when it stood idle at the end of the window and writes again', () => {
    const clock = new FakeClock()
    const end = alone(clock)
    for (let index = 0; index < windowPieces; index++) void end.pipe.write(bytesOf(10, index))
    end.pipe.take({ kind: 'ack', next: windowPieces, limit: windowPieces })
    clock.advance(60_000)
    void end.pipe.write(bytesOf(10, 1))
    clock.advance(5_000)
    expect(end.failed).toBe(undefined)
  })
})
