import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drive, folder, id } from '../../../../test/files/authors.ts'
import type { PeerId } from '../../../identity/index.ts'
import type { Batch } from '../../journal/index.ts'
import { Tree } from '../../tree/index.ts'
import { MergedTree } from './merged-tree.ts'
import { Picture } from './picture.ts'

const other = id(0xd2, 32)
const top = id(0)

/** Journals as they were read, and which of their batches count. */
class Journals {
  readonly batches = new Map<string, Batch[]>()
  readonly told = new Map<string, number>()
  readonly refused = new Set<string>()
  judged = 0
  readonly merged: MergedTree

  constructor() {
    this.merged = new MergedTree({
      journal: (of) => {
        const batches = this.batches.get(of)
        return batches && { batches, told: this.told.get(of) ?? 0, hashAt: (number) => batches[number]?.hash }
      },
      counts: ({ number, author }, { told }) => {
        this.judged += 1
        return number < told && !this.refused.has(author)
      },
    })
  }

  /** Adds a batch that makes one folder. */
  read(of: string, clock: number, isTold = true): void {
    const known = this.batches.get(of) ?? []
    const author = `peer-${of.slice(0, 2)}` as PeerId
    const about = { drive: of, author, number: known.length, epoch: 0, master: id(0), hash: `${of}-${known.length}` }
    const node = `${of.slice(0, 2)}${clock.toString(16).padStart(30, '0')}`
    const batch = { ...about, ops: [{ ...folder(clock, `folder ${clock}`), node }] }
    known.push(batch)
    this.batches.set(of, known)
    if (isTold) this.told.set(of, known.length)
    this.merged.grown(of, [batch])
  }

  names(): string[] {
    return this.merged.tree.list(top).map(({ name }) => name)
  }
}

describe('the tree of what counts', () => {
  it('looks at each batch once, while nobody gets other rights', () => {
    const journals = new Journals()
    journals.read(drive, 1)
    journals.read(other, 2)
    expect(journals.names()).toEqual(['folder 1', 'folder 2'])
    journals.read(drive, 3)
    expect(journals.names()).toEqual(['folder 1', 'folder 2', 'folder 3'])
    expect(journals.judged).toBe(3)
    expect(journals.merged.clock).toBe(3)
  })

  it('counts what was not told once it is, and knows its clock before', () => {
    const journals = new Journals()
    journals.read(drive, 1)
    journals.read(drive, 9, false)
    expect(journals.names()).toEqual(['folder 1'])
    expect(journals.merged.clock).toBe(9)
    journals.told.set(drive, 2)
    journals.merged.grown(drive, [])
    expect(journals.names()).toEqual(['folder 1', 'folder 9'])
  })

  it('looks no further at what does not count, however much more of it comes', () => {
    const journals = new Journals()
    for (let clock = 0; clock < 1_000; clock++) journals.read(drive, clock, false)
    expect(journals.names()).toEqual([])
    journals.judged = 0
    for (let clock = 1_000; clock < 1_100; clock++) {
      journals.read(drive, clock, false)
      expect(journals.names()).toEqual([])
    }
    expect(journals.judged).toBeLessThan(300)
  })

  it('takes in much part by part, in order, and all of it for whoever needs it', () => {
    const many = 10_000
    const load = (): Journals => {
      const journals = new Journals()
      for (const of of [drive, other]) {
        for (let clock = 0; clock < many / 2; clock++) journals.read(of, clock)
      }
      return journals
    }
    const [whole, parts] = [load(), load()]
    expect(parts.names()).toEqual([])
    let turns = 1
    for (; !parts.merged.advance(); turns++) {
      expect(parts.merged.hasMore).toBe(true)
      expect(parts.names().length).toBeGreaterThan(0)
    }
    expect(parts.merged.hasMore).toBe(false)
    expect(turns).toBeGreaterThan(2)
    expect(whole.merged.whole.list(top)).toHaveLength(parts.names().length)
    expect(whole.names()).toEqual(parts.names())
    // What belongs before much else is taken in at once.
    for (let clock = 0; clock < many; clock++) parts.read(id(0xd3, 32), clock)
    expect(parts.merged.advance()).toBe(true)
  })

  it('follows the rights, both ways', () => {
    const journals = new Journals()
    journals.read(drive, 1)
    journals.read(other, 2)
    const before = journals.merged.tree
    journals.merged.rightsChanged()
    expect(journals.merged.tree).toBe(before)
    journals.refused.add('peer-d2')
    journals.merged.rightsChanged()
    expect(journals.names()).toEqual(['folder 1'])
    journals.refused.clear()
    journals.merged.rightsChanged()
    expect(journals.names()).toEqual(['folder 1', 'folder 2'])
  })
})

it('whatever is read, told and decided in whatever order, the tree is that of what counts', () => {
  const event = fc.record({
    of: fc.constantFrom(drive, other, id(0xd3, 32)),
    kind: fc.constantFrom('read', 'read', 'read untold', 'told', 'refused', 'let in', 'looked at', 'advanced'),
    clock: fc.nat({ max: 20 }),
  })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
      const journals = new Journals()
      for (const { of, kind, clock } of events) {
        const author = `peer-${of.slice(0, 2)}`
        if (kind === 'read' || kind === 'read untold') journals.read(of, clock, kind === 'read')
        else if (kind === 'told') {
          journals.told.set(of, journals.batches.get(of)?.length ?? 0)
          journals.merged.grown(of, [])
        } else if (kind === 'looked at') journals.names()
        else if (kind === 'advanced') journals.merged.advance()
        else {
          if (kind === 'refused') journals.refused.add(author)
          else journals.refused.delete(author)
          journals.merged.rightsChanged()
        }
      }
      const counted = new Tree()
      for (const [of, batches] of journals.batches) {
        if (!journals.refused.has(`peer-${of.slice(0, 2)}`)) counted.add(batches.slice(0, journals.told.get(of) ?? 0))
      }
      expect(journals.merged.whole.list(top)).toEqual(counted.list(top))
    }),
    { numRuns: 1_000 },
  )
})

describe('a picture of it', () => {
  const around = { node: { kind: 'opening' }, mayWrite: true, pendingDrives: 0, problems: [] } as const

  it('gives the same objects while nothing of them changes', () => {
    const journals = new Journals()
    journals.read(drive, 1)
    journals.read(drive, 2)
    const before = new Picture(around, journals.merged)
    const [first] = before.list(top)
    const after = new Picture(around, journals.merged)
    expect(after.list(top)).toBe(before.list(top))
    journals.read(drive, 3)
    expect(after.list(top)).toHaveLength(3)
    expect(after.list(top)[0]).toBe(first)
    expect(after.all()).toEqual(after.list(top))
    expect(after.entry(first?.id ?? '')).toBe(first)
  })
})
