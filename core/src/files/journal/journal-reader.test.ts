import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { author, drive, flipped, folder, id, journal, master, roomId } from '../../../test/files/authors.ts'
import { encodeOps, sealContent } from '../../../test/files/reference.ts'
import { webRandom } from '../../runtime/platform/index.ts'
import { MasterRing } from '../keys/index.ts'
import { maxBatchBytes, maxClock, maxOpsPerAuthor } from '../limits.ts'
import { sealBatch } from './batch.ts'
import { JournalReader, OpsBudget, type JournalStep } from './journal-reader.ts'
import { noHash } from './no-hash.ts'

const three = [[folder(1), folder(2)], [folder(3)], [folder(3), folder(9)]]
const dropped = (problem: string): JournalStep => ({ kind: 'dropped', problem }) as JournalStep

async function ring(...numbers: readonly number[]): Promise<MasterRing> {
  return new MasterRing(await Promise.all(numbers.map((number) => master(number))))
}

/** What becomes of each batch, and the reader. */
async function read(batches: readonly Uint8Array[], reader = new JournalReader(roomId, drive)) {
  const masters = await ring(1)
  const steps: JournalStep[] = []
  for (const bytes of batches) steps.push(await reader.take(new Uint8Array(bytes), masters))
  return { steps, reader, kinds: steps.map((step) => (step.kind === 'dropped' ? step.problem : step.kind)) }
}

describe('a journal', () => {
  it('is read in its order: the ops, the author, how far it goes', async () => {
    const { batches, heads } = await journal(three)
    const { steps, reader } = await read(batches)
    expect(steps.map((step) => (step.kind === 'read' ? step.batch.ops : step))).toEqual(three)
    expect(steps).toMatchObject([{ batch: { number: 0 } }, { batch: { number: 1 } }, { batch: { number: 2 } }])
    expect(reader.author).toBe((await author(1)).peerId)
    expect(reader.head).toEqual({ batches: 3, head: heads[3] })
    expect(reader.problem).toBeUndefined()
  })

  it('waits for a master that has not come, and goes on with the same batch', async () => {
    const later = await master(2, 7)
    const { batches } = await journal(three, { under: later })
    const reader = new JournalReader(roomId, drive)
    const [first = new Uint8Array(0)] = batches
    expect(await reader.take(first, await ring(1))).toEqual({ kind: 'master-unknown', master: later.id, epoch: 7 })
    expect(reader.problem).toBeUndefined()
    expect(await reader.take(first, new MasterRing([later]))).toMatchObject({ kind: 'read' })
    expect(reader.head.batches).toBe(1)
  })

  it('may stay at the last clock there is', async () => {
    const { batches } = await journal([[folder(maxClock)], [folder(maxClock), folder(maxClock)]])
    expect((await read(batches)).kinds).toEqual(['read', 'read'])
  })
})

describe('H10: a journal that does not hold is dropped from there on, by name, and what came before is kept', () => {
  type Spoil = (batches: readonly Uint8Array[]) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>
  const cases: readonly (readonly [string, Spoil])[] = [
    ['changed', ([one, two, last]) => [one, flipped(two ?? one ?? new Uint8Array(0), 60), last] as Uint8Array[]],
    ['cut short', ([one, two, last]) => [one, two?.subarray(0, -1), last] as Uint8Array[]],
    ['left out', ([one, , last]) => [one, last] as Uint8Array[]],
    ['in another order', ([one, two, last]) => [one, last, two] as Uint8Array[]],
    ['repeated', ([one, two]) => [one, one, two] as Uint8Array[]],
    ['empty', ([one, , last]) => [one, new Uint8Array(0), last] as Uint8Array[]],
    [
      'of another drive of the same author',
      async ([one]) => {
        const other = await journal(three, { drive: id(0xd2, 32) })
        return [one, other.batches[1], other.batches[2]] as Uint8Array[]
      },
    ],
    [
      'by somebody else who knows the master',
      async ([one]) => {
        const place = { roomId, drive, number: 1, previous: await hashOf(one) }
        return [
          one,
          (await sealBatch(await author(2), place, await master(1), [folder(3)], webRandom)).bytes,
        ] as Uint8Array[]
      },
    ],
    [
      'by its author, and of another chain',
      async ([one]) => {
        const place = { roomId, drive, number: 1, previous: id(0xee, 32) }
        return [
          one,
          (await sealBatch(await author(1), place, await master(1), [folder(3)], webRandom)).bytes,
        ] as Uint8Array[]
      },
    ],
    [
      'by its author, and of a clock that goes back',
      async ([one]) => {
        const place = { roomId, drive, number: 1, previous: await hashOf(one) }
        return [
          one,
          (await sealBatch(await author(1), place, await master(1), [folder(1)], webRandom)).bytes,
        ] as Uint8Array[]
      },
    ],
    [
      'by its author, and of a clock that goes back within it',
      async ([one]) => {
        const place = { roomId, drive, number: 1, previous: await hashOf(one) }
        return [
          one,
          (await sealBatch(await author(1), place, await master(1), [folder(5), folder(4)], webRandom)).bytes,
        ] as Uint8Array[]
      },
    ],
    [
      'by its author, and holds nothing',
      async ([one]) => {
        const previous = await hashOf(one)
        const content = Buffer.concat([Buffer.from(previous, 'hex'), encodeOps([])])
        return [
          one,
          await sealContent(await author(1), { roomId, drive, number: 1, previous }, await master(1), content),
        ] as Uint8Array[]
      },
    ],
  ]

  it.each(cases)('a batch that is %s', async (_, spoil) => {
    const { batches, heads } = await journal(three)
    const { kinds, reader } = await read(await spoil(batches))
    expect(kinds[0]).toBe('read')
    expect(new Set(kinds.slice(1))).toEqual(new Set(['damaged']))
    expect(reader.head).toEqual({ batches: 1, head: heads[1] })
    expect(reader.problem).toBe('damaged')
    // Nothing goes on behind it, not even what would hold.
    expect((await read([batches[1] ?? new Uint8Array(0)], reader)).steps).toEqual([dropped('damaged')])
  })

  it('a batch larger than anybody may write', async () => {
    const { batches } = await journal(three)
    const { kinds, reader } = await read([batches[0] ?? new Uint8Array(0), new Uint8Array(maxBatchBytes + 1).fill(1)])
    expect(kinds).toEqual(['read', 'over-limit'])
    expect(reader.head.batches).toBe(1)
  })

  it('H3: more ops than anybody may write', { timeout: 120_000 }, async () => {
    const perBatch = 2_600
    const node = id(1)
    const full = Array.from({ length: Math.floor(maxOpsPerAuthor / perBatch) }, () =>
      Array.from({ length: perBatch }, () => ({ kind: 'delete' as const, clock: 1, node })),
    )
    const { batches } = await journal([...full, full[0] ?? [], full[0] ?? []])
    const { kinds, reader } = await read(batches)
    expect(kinds.slice(-2)).toEqual(['over-limit', 'over-limit'])
    expect(new Set(kinds.slice(0, -2))).toEqual(new Set(['read']))
    expect(reader.head.batches).toBe(full.length)
  })
})

it('H3: an author has so many ops over all of their drives, and others have theirs', async () => {
  const [by, other] = await Promise.all([author(1), author(2)])
  const budget = new OpsBudget()
  expect(budget.take(by.peerId, maxOpsPerAuthor - 3)).toBe(true)
  const { batches } = await journal(three)
  const { kinds, reader } = await read(batches, new JournalReader(roomId, drive, undefined, budget))
  expect(kinds).toEqual(['read', 'read', 'over-limit'])
  expect(reader.head.batches).toBe(2)
  const theirs = await journal(three, { by: other })
  const { kinds: all } = await read(theirs.batches, new JournalReader(roomId, drive, undefined, budget))
  expect(all).toEqual(['read', 'read', 'read'])
})

it('H10: whatever a node does to a journal, just what stands before is kept', async () => {
  const { batches, heads } = await journal(Array.from({ length: 6 }, (_, at) => [folder(at)]))
  /** What comes of it, and the first place at which it is not what it was. */
  const spoils = fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: fc.nat(5), by: fc.nat() }),
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat(5), by: fc.nat() }),
    fc.record({ kind: fc.constant('leave-out' as const), at: fc.nat(4), by: fc.constant(0) }),
    fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(5), by: fc.constant(0) }),
    fc.record({ kind: fc.constant('swap' as const), at: fc.nat(4), by: fc.nat() }),
    fc.record({ kind: fc.constant('put-in' as const), at: fc.nat(5), by: fc.nat(200) }),
  )
  await fc.assert(
    fc.asyncProperty(spoils, async ({ kind, at, by }) => {
      const shown = [...batches]
      const here = shown[at] ?? new Uint8Array(0)
      const good = kind === 'repeat' ? at + 1 : at
      if (kind === 'flip') shown[at] = flipped(here, by % here.length)
      if (kind === 'cut') shown[at] = here.slice(0, by % here.length)
      if (kind === 'leave-out') shown.splice(at, 1)
      if (kind === 'repeat') shown.splice(at, 0, here)
      if (kind === 'put-in') shown.splice(at, 0, new Uint8Array(by))
      if (kind === 'swap') {
        const other = at + 1 + (by % (5 - at))
        ;[shown[at], shown[other]] = [shown[other] ?? here, here]
      }
      const { reader, kinds } = await read(shown)
      expect(reader.head).toEqual({ batches: good, head: heads[good] })
      expect(kinds.slice(good).every((one) => one === 'damaged' || one === 'master-unknown')).toBe(true)
      expect(reader.problem === 'damaged' || kinds[good] === 'master-unknown').toBe(true)
    }),
    { numRuns: 150 },
  )
})

describe('H10: a drive that was rolled back', () => {
  it('shows fewer batches than were read: it is named, and they are kept', async () => {
    const { batches, heads } = await journal(three)
    const { reader } = await read(batches)
    expect(reader.holds(3)).toBe(true)
    expect(reader.problem).toBeUndefined()
    expect(reader.holds(2)).toBe(false)
    expect(reader.problem).toBe('rolled-back')
    expect(reader.head).toEqual({ batches: 3, head: heads[3] })
  })

  it('shows fewer than were known before: it is named at once', async () => {
    const { batches, heads } = await journal(three)
    const reader = new JournalReader(roomId, drive, { batches: 3, head: heads[3] ?? '' })
    expect(reader.holds(2)).toBe(false)
    expect(reader.problem).toBe('rolled-back')
    // What is left of it is read.
    expect((await read(batches.slice(0, 2), reader)).kinds).toEqual(['read', 'read'])
    expect(reader.problem).toBe('rolled-back')
  })

  it('shows everything again: it is not named any more', async () => {
    const { batches, heads } = await journal(three)
    const remembering = new JournalReader(roomId, drive, { batches: 3, head: heads[3] ?? '' })
    remembering.holds(2)
    await read(batches.slice(0, 2), remembering)
    expect(remembering.holds(3)).toBe(true)
    expect(remembering.problem).toBe('rolled-back')
    await read(batches.slice(2), remembering)
    expect(remembering.problem).toBeUndefined()
    const { reader } = await read(batches)
    reader.holds(2)
    reader.holds(3)
    expect(reader.problem).toBeUndefined()
  })

  it('shows another batch where one is known, though its author signed both', async () => {
    const [known, other] = await Promise.all([journal(three), journal([...three.slice(0, 2), [folder(4)]])])
    const head = { batches: 3, head: known.heads[3] ?? '' }
    const kinds = async (batches: readonly Uint8Array[]) =>
      (await read(batches, new JournalReader(roomId, drive, head))).kinds
    expect(await kinds(known.batches)).toEqual(['read', 'read', 'read'])
    expect(await kinds(other.batches)).toEqual(['read', 'read', 'rolled-back'])
  })

  it('is told from one that says more than it gives', async () => {
    const { batches, heads } = await journal(three)
    const reader = new JournalReader(roomId, drive, { batches: 3, head: heads[3] ?? '' })
    await read(batches.slice(0, 2), reader)
    expect(reader.holds(3)).toBe(true)
    expect(reader.head.batches).toBe(2)
  })
})

async function hashOf(bytes: Uint8Array | undefined): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes ?? []))
  return Buffer.from(digest).toString('hex')
}

it('nothing is before the first batch', () => {
  expect(noHash).toBe('0'.repeat(64))
  expect(new JournalReader(roomId, drive).head).toEqual({ batches: 0, head: noHash })
})
