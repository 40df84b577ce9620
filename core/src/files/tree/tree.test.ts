import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReferenceTree } from '../../../test/files/reference-tree.ts'
import { nameKey } from '../../codec/index.ts'
import type { PeerId } from '../../identity/index.ts'
import { rootNode } from '../ids.ts'
import type { Batch, Op, PutOp } from '../journal/index.ts'
import { maxDepth } from '../limits.ts'
import { Tree } from './tree.ts'

const id = (number: number): string => number.toString(16).padStart(32, '0')
const driveOf = (writer: string): string => writer.charCodeAt(0).toString(16).repeat(32)
const [top, folderA, folderB, fileF, fileG] = [rootNode, id(1), id(2), id(3), id(4)]
const never = id(99)

type Deed = Op extends infer One ? (One extends Op ? Omit<One, 'clock'> : never) : never

function batchOf(writer: string, number: number, ops: readonly Op[]): Batch {
  const author = `peer-${writer}` as PeerId
  return { drive: driveOf(writer), author, number, epoch: 0, master: id(0), hash: '', ops }
}

const put = (node: string, object: number, more: Partial<PutOp> = {}): Omit<PutOp, 'clock'> => ({
  ...{ kind: 'put', node, parent: top, name: 'plan', replaces: undefined, object: id(object), sizeBytes: object },
  ...{ modifiedAtMs: 0, mediaType: '', root: new Uint8Array(32), key: { master: id(0), sealed: new Uint8Array(48) } },
  ...more,
})
const folder = (node: string, name: string, parent = top): Deed => ({ kind: 'folder', node, parent, name })
const move = (node: string, parent: string, name: string): Deed => ({ kind: 'move', node, parent, name })
const remove = (node: string): Deed => ({ kind: 'delete', node })
const restore = (node: string, object?: number) => ({
  ...{ kind: 'restore' as const, node },
  object: object === undefined ? undefined : id(object),
})

const purge = (node: string, object: number) => ({ kind: 'purge' as const, node, object: id(object) })

/** Each as [writer, clock, deed]; each in a batch of its own. */
type Line = readonly [writer: string, clock: number, deed: Deed]

function batches(lines: readonly Line[]): Batch[] {
  const counts = new Map<string, number>()
  return lines.map(([writer, clock, deed]) => {
    const number = counts.get(writer) ?? 0
    counts.set(writer, number + 1)
    return batchOf(writer, number, [{ ...deed, clock }])
  })
}

function treeOf(...lines: readonly Line[]): Tree {
  const tree = new Tree()
  tree.add(batches(lines))
  return tree
}

const names = (tree: Tree, parent = top): string[] => tree.list(parent).map(({ name }) => name)
const objects = (tree: Tree, node: string): number[] => tree.versions(node).map(({ put: { sizeBytes } }) => sizeBytes)
const present = (tree: Tree, node: string): number | undefined => tree.node(node)?.version?.put.sizeBytes

/** Everything that anybody can see of it. */
function picture(tree: Tree) {
  const all = [...tree.all()]
  const whole = (one: { id: string }) => ({
    ...one,
    versions: tree.versions(one.id).map(({ put: { object } }) => object),
  })
  return {
    all: all.map(whole).sort((one, other) => (one.id < other.id ? -1 : 1)),
    lists: [top, ...all.map((one) => one.id)].map((one) => tree.list(one).map((inside) => inside.id)),
    deleted: tree
      .deleted()
      .map(whole)
      .sort((one, other) => (one.id < other.id ? -1 : 1)),
  }
}

describe('folders and moves', () => {
  it('puts things where the latest of all moves says', () => {
    const lines: Line[] = [
      ['a', 1, folder(folderA, 'A')],
      ['a', 2, folder(folderB, 'B')],
      ['a', 3, put(fileF, 1)],
      ['b', 4, move(fileF, folderA, 'by b')],
      ['c', 4, move(fileF, folderB, 'by c')],
    ]
    const tree = treeOf(...lines)
    expect([names(tree), names(tree, folderA), names(tree, folderB)]).toEqual([['A', 'B'], [], ['by c']])
  })

  it('passes over the later of two moves that put two folders into each other', () => {
    const tree = treeOf(
      ['a', 1, folder(folderA, 'A')],
      ['a', 2, folder(folderB, 'B')],
      ['b', 3, move(folderA, folderB, 'A')],
      ['c', 3, move(folderB, folderA, 'B')],
    )
    expect([names(tree), names(tree, folderB), names(tree, folderA)]).toEqual([['B'], ['A'], []])
    tree.add([batchOf('a', 2, [{ clock: 4, ...move(folderB, folderB, 'itself') }])])
    expect(names(tree)).toEqual(['B'])
  })

  it('shows at the top what is in a folder that is not known, until it comes', () => {
    const [made, ...rest] = batches([
      ['a', 1, folder(folderA, 'A')],
      ['b', 2, put(fileF, 1, { parent: folderA })],
      ['b', 3, folder(folderB, 'B', folderA)],
      ['b', 4, put(fileG, 2, { parent: never, name: 'stray' })],
    ])
    const tree = new Tree()
    tree.add(rest)
    expect(names(tree)).toEqual(['plan', 'B', 'stray'])
    expect(tree.node(fileF)?.parent).toBe(top)
    tree.add(made ? [made] : [])
    expect([names(tree), names(tree, folderA)]).toEqual([
      ['A', 'stray'],
      ['plan', 'B'],
    ])
  })

  it('makes at the top a folder that was written into one which is below it already', () => {
    const tree = treeOf(['a', 1, folder(folderB, 'B', folderA)], ['b', 2, folder(folderA, 'A', folderB)])
    expect([names(tree), names(tree, folderA)]).toEqual([['A'], ['B']])
  })

  it('keeps folders from going deeper than the bound, whatever is moved', () => {
    const chain = Array.from({ length: maxDepth }, (_, at): Line => {
      return ['a', at, folder(id(100 + at), `${at}`, at === 0 ? top : id(99 + at))]
    })
    const low = id(99 + maxDepth)
    const tree = treeOf(
      ...chain,
      ['b', 1_000, folder(folderA, 'too deep', low)],
      ['b', 1_001, put(fileF, 1, { parent: low })],
      ['b', 1_002, folder(folderB, 'B')],
      ['b', 1_003, move(id(100), folderB, 'passed over')],
      ['b', 1_004, move(id(101), folderB, 'fits')],
    )
    expect(names(tree)).toEqual(['0', 'too deep', 'B'])
    expect([names(tree, folderB), names(tree, id(100)), names(tree, low)]).toEqual([['fits'], [], ['plan']])
    // What made it too deep is gone from there, so now it may.
    tree.add([batchOf('b', 5, [{ clock: 2_000, ...move(id(100), folderB, 'empty now') }])])
    expect(names(tree, folderB)).toEqual(['empty now', 'fits'])
  })

  it('takes no file for a folder', () => {
    const tree = treeOf(
      ['a', 1, put(fileF, 1)],
      ['a', 2, put(fileG, 2, { name: 'other' })],
      ['b', 3, move(fileG, fileF, 'passed over')],
      ['b', 4, folder(folderA, 'A', fileF)],
    )
    expect(names(tree)).toEqual(['plan', 'other', 'A'])
    expect(tree.list(fileF)).toEqual([])
  })
})

describe('versions', () => {
  it('replaces what its author knew, and keeps the older ones', () => {
    const tree = treeOf(['a', 1, put(fileF, 1)], ['b', 2, put(fileF, 2, { replaces: id(1) })])
    expect(objects(tree, fileF)).toEqual([2, 1])
    expect(tree.node(fileF)).toMatchObject({ author: 'peer-b', versionCount: 2 })
  })

  it('keeps both of two that were made without knowing each other, and each goes on as a file', () => {
    const tree = treeOf(
      ['a', 1, put(fileF, 1)],
      ['b', 2, put(fileF, 2, { replaces: id(1) })],
      ['c', 2, put(fileF, 3, { replaces: id(1) })],
      ['b', 3, put(fileF, 4, { replaces: id(2) })],
      ['c', 3, put(fileF, 5, { replaces: id(3) })],
    )
    expect(names(tree)).toEqual(['plan', 'plan (2)'])
    const [first, second] = tree.list(top).map((one) => objects(tree, one.id))
    expect([first, second]).toEqual([
      [4, 2, 1],
      [5, 3],
    ])
    // Whoever has seen the file beside names it by its own id.
    const beside = tree.list(top)[1]?.id ?? ''
    tree.add([batchOf('a', 1, [{ clock: 4, ...put(beside, 6, { replaces: id(5) }) }])])
    expect(objects(tree, beside)).toEqual([6, 5, 3])
    tree.add([batchOf('a', 2, [{ clock: 5, ...restore(beside, 3) }])])
    expect(present(tree, beside)).toBe(3)
  })

  it('is beside in another place where somebody has taken its id', () => {
    const lines: Line[] = [
      ['a', 1, put(fileF, 1)],
      ['b', 2, put(fileF, 2)],
    ]
    const taken = treeOf(...lines).list(top)[1]?.id ?? ''
    const tree = treeOf(...lines, ['c', 0, folder(taken, 'taken')], ['c', 3, put(taken, 2)])
    expect(names(tree)).toEqual(['taken', 'plan', 'plan (2)', 'plan (3)'])
    expect(
      tree
        .list(top)
        .slice(1)
        .map((one) => objects(tree, one.id)),
    ).toEqual([[1], [2], [2]])
  })

  it('counts once what its author has written twice, and keeps what another one has written under the same object', () => {
    const tree = treeOf(['a', 1, put(fileF, 1)], ['a', 2, put(fileF, 1)], ['b', 3, put(fileF, 1, { name: 'stolen' })])
    expect(names(tree)).toEqual(['plan', 'stolen'])
    expect(objects(tree, fileF)).toEqual([1])
  })

  it('makes an older one the present one again, and what replaces that one follows', () => {
    const tree = treeOf(
      ['a', 1, put(fileF, 1)],
      ['a', 2, put(fileF, 2, { replaces: id(1) })],
      ['b', 3, restore(fileF, 1)],
      ['b', 4, restore(fileF, 77)],
    )
    expect(present(tree, fileF)).toBe(1)
    tree.add([batchOf('a', 2, [{ clock: 5, ...put(fileF, 3, { replaces: id(1) }) }])])
    expect(objects(tree, fileF)).toEqual([3, 2, 1])
  })

  it('is a file of its own where its author has named a folder', () => {
    const tree = treeOf(['a', 1, folder(folderA, 'A')], ['b', 2, put(folderA, 1)], ['b', 3, put(top, 2)])
    expect(names(tree)).toEqual(['A', 'plan', 'plan (2)'])
  })
})

describe('what was deleted', () => {
  const lines: Line[] = [
    ['a', 1, folder(folderA, 'A')],
    ['a', 2, put(fileF, 1, { parent: folderA })],
    ['b', 3, remove(folderA)],
  ]

  it('takes along what is in it, and brings it back', () => {
    const tree = treeOf(...lines)
    expect([...tree.all()]).toEqual([])
    expect(tree.node(fileF)).toBeUndefined()
    expect(tree.known(fileF)).toMatchObject({ name: 'plan' })
    expect(tree.deleted().map(({ name }) => name)).toEqual(['A'])
    tree.add([batchOf('b', 1, [{ clock: 4, ...restore(folderA) }])])
    expect([...tree.all()].map(({ name }) => name)).toEqual(['A', 'plan'])
  })

  it('comes back by a new version of it, with its name', () => {
    const tree = treeOf(
      ['a', 1, put(fileF, 1)],
      ['b', 2, remove(fileF)],
      ['c', 3, put(fileG, 2)],
      ['a', 3, put(fileF, 3, { replaces: id(1) })],
    )
    expect(tree.list(top).map(({ name, version }) => [name, version?.put.sizeBytes])).toEqual([
      ['plan', 3],
      ['plan (2)', 2],
    ])
  })
})

describe('what was purged', () => {
  const twoVersions: Line[] = [
    ['a', 1, put(fileF, 1)],
    ['b', 2, put(fileF, 2, { replaces: id(1) })],
  ]

  it('is no version any more, and is not made one again', () => {
    const tree = treeOf(...twoVersions, ['a', 3, purge(fileF, 1)], ['b', 4, restore(fileF, 1)])
    expect(objects(tree, fileF)).toEqual([2])
    expect(present(tree, fileF)).toBe(2)
    expect(tree.node(fileF)?.versionCount).toBe(1)
  })

  it('is so by the word of the drive that it is in alone', () => {
    const tree = treeOf(
      ...twoVersions,
      ['b', 3, purge(fileF, 1)],
      ['a', 4, purge(fileF, 2)],
      ['a', 5, purge(fileF, 77)],
    )
    expect(objects(tree, fileF)).toEqual([2, 1])
  })

  it('leaves a deleted file without it, and one of which nothing is left nowhere', () => {
    const tree = treeOf(...twoVersions, ['a', 3, remove(fileF)], ['b', 4, purge(fileF, 2)], ['a', 5, restore(fileF)])
    expect(tree.node(fileF)).toBeUndefined()
    expect(tree.deleted().map((one) => one.id)).toEqual([fileF])
    tree.add([batchOf('a', 3, [{ ...restore(fileF, 1), clock: 6 }])])
    expect(present(tree, fileF)).toBe(1)
    tree.add([batchOf('a', 4, [{ ...purge(fileF, 1), clock: 7 }])])
    expect([tree.node(fileF), tree.deleted(), objects(tree, fileF)]).toEqual([undefined, [], []])
  })

  it('takes the file with it whose present version it is, whoever brought that back meanwhile', () => {
    const tree = treeOf(
      ['a', 1, put(fileF, 1)],
      ['a', 2, remove(fileF)],
      ['b', 3, restore(fileF)],
      ['a', 4, purge(fileF, 1)],
    )
    expect([names(tree), tree.deleted()]).toEqual([[], []])
    // Somebody who had it open goes on with it.
    tree.add([batchOf('b', 1, [{ clock: 5, ...put(fileF, 2, { replaces: id(1) }) }])])
    expect([names(tree), objects(tree, fileF)]).toEqual([['plan'], [2]])
  })

  it('leaves a deleted folder of which nothing is left nowhere, and an empty one where it was', () => {
    const tree = treeOf(
      ['a', 1, folder(folderA, 'A')],
      ['a', 2, folder(folderB, 'B', folderA)],
      ['a', 3, put(fileF, 1, { parent: folderB })],
      ['a', 4, remove(folderA)],
    )
    expect([...tree.filesBelow(folderA)].map((one) => one.id)).toEqual([fileF])
    expect(tree.deleted()).toHaveLength(1)
    tree.add([batchOf('a', 4, [{ ...purge(fileF, 1), clock: 5 }])])
    expect(tree.deleted()).toEqual([])
    expect(treeOf(['a', 1, folder(folderA, 'A')], ['a', 2, remove(folderA)]).deleted()).toHaveLength(1)
  })
})

describe('names', () => {
  it('are clean and unique in their folder, in the order of creation', () => {
    const tree = treeOf(
      ['a', 1, put(fileF, 1, { name: 'Plan.TXT' })],
      ['b', 2, folder(folderA, '../../plan.txt')],
      ['b', 3, put(fileG, 2, { name: 'plan (2).txt' })],
      ['c', 4, folder(folderB, 'pl\u202Ean.txt')],
      ['c', 5, folder(never, 'NUL')],
    )
    expect(names(tree)).toEqual(['Plan.TXT', 'plan (2).txt', 'plan (2) (2).txt', 'plan (3).txt', '_NUL'])
    expect(tree.find(top, 'PLAN.txt', 'folder')?.id).toBe(folderA)
    expect(tree.find(top, 'plan (2).txt', 'file')?.id).toBe(fileG)
    expect(tree.named(top, 'plan (2).txt')?.id).toBe(folderA)
  })

  it('keep their objects while nothing of them changes', () => {
    const tree = treeOf(['a', 1, put(fileF, 1)], ['a', 2, folder(folderA, 'A')])
    const [before, same] = [tree.list(top), tree.list(top)]
    expect(same).toBe(before)
    tree.add([batchOf('a', 2, [{ clock: 3, ...put(fileG, 2) }])])
    expect(tree.list(top)[0]).toBe(before[0])
    expect(tree.list(top)).toHaveLength(3)
  })
})

/** Histories whose deeds get into each other's way as often as they can: a handful of ids, clocks that repeat, parents that never come. */
const history = (...kinds: readonly Op['kind'][]): fc.Arbitrary<Batch[]> =>
  fc
    .array(
      fc.record({
        writer: fc.constantFrom('a', 'b', 'c', 'd'),
        tick: fc.nat({ max: 2 }),
        node: fc.integer({ min: 0, max: 7 }).map((number) => id(number)),
        parent: fc.integer({ min: 0, max: 8 }).map((number) => id(number)),
        name: fc.constantFrom('a', 'A', 'a (2)', 'b/a', 'nul', ''),
        object: fc.integer({ min: 1, max: 12 }),
        replaces: fc.option(fc.integer({ min: 1, max: 12 })),
        kind: fc.constantFrom(...kinds),
        size: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 60, size: 'max' },
    )
    .map((drawn) => {
      const open = new Map<string, { clock: number; number: number; ops: Op[]; left: number }>()
      const done: Batch[] = []
      for (const { writer, tick, node, parent, name, object, replaces, kind, size } of drawn) {
        const at = open.get(writer) ?? { clock: 0, number: 0, ops: [], left: size }
        open.set(writer, at)
        at.clock += tick
        const { clock } = at
        const older = replaces ?? undefined
        if (kind === 'put') {
          at.ops.push({
            ...put(node, object, { parent, name, replaces: older === undefined ? undefined : id(older) }),
            clock,
          })
        } else if (kind === 'restore') at.ops.push({ ...restore(node, older), clock })
        else if (kind === 'purge') at.ops.push({ ...purge(node, object), clock })
        else if (kind === 'delete') at.ops.push({ kind, node, clock })
        else at.ops.push({ kind, node, parent, name, clock })
        at.left -= 1
        if (at.left > 0) continue
        done.push(batchOf(writer, at.number, at.ops))
        open.set(writer, { clock: at.clock, number: at.number + 1, ops: [], left: size })
      }
      return done
    })

const nothingPurged = history('put', 'put', 'put', 'folder', 'folder', 'move', 'move', 'delete', 'restore')
const anything = fc.oneof(
  nothingPurged,
  history('put', 'put', 'put', 'purge', 'purge', 'folder', 'move', 'delete', 'restore', 'restore'),
)

const shuffled = (some: fc.Arbitrary<Batch[]>) =>
  some.chain((all) =>
    fc.record({
      all: fc.constant(all),
      order: fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2, maxLength: all.length * 2 }),
      cuts: fc.array(fc.nat({ max: 5 }), { maxLength: 20, size: 'max' }),
    }),
  )

describe('any history', () => {
  it('comes to the same in any order, in any groups, however often each is given', () => {
    fc.assert(
      fc.property(shuffled(anything), ({ all, order, cuts }) => {
        const tree = new Tree()
        const left = [...order]
        for (const size of cuts) tree.add(left.splice(0, size))
        tree.add(left)
        const whole = new Tree()
        whole.add(all)
        expect(picture(tree)).toEqual(picture(whole))
      }),
      { numRuns: 2_000 },
    )
  })

  it('comes to what the rules say, word for word', () => {
    fc.assert(
      fc.property(anything, (all) => {
        const tree = new Tree()
        tree.add(all)
        const told = [...tree.all()].map(({ id: of, parent, name, kind, version }) => ({
          ...{ id: of, parent, name, kind, present: version ? version.drive + version.put.object : '' },
          versions: tree.versions(of).map(({ drive, put: { object } }) => drive + object),
        }))
        told.sort((one, other) => (one.id < other.id ? -1 : 1))
        expect(told).toEqual(new ReferenceTree(all).told())
      }),
      { numRuns: 2_000 },
    )
  })

  it('looks after each group as if it had been there from the beginning', () => {
    fc.assert(
      fc.property(shuffled(anything), ({ order, cuts }) => {
        const tree = new Tree()
        let given = 0
        for (const size of cuts) {
          tree.add(order.slice(given, given + size))
          given += size
          const whole = new Tree()
          whole.add(order.slice(0, given))
          expect(picture(tree)).toEqual(picture(whole))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('makes a tree: all of it hangs from the top, names are the only ones, and what was put is somewhere', () => {
    fc.assert(
      fc.property(nothingPurged, (all) => {
        const tree = new Tree()
        tree.add(all)
        // Everything back, so that everything is seen.
        for (let number = 0; tree.deleted().length > 0; number++) {
          tree.add([
            batchOf(
              'z',
              number,
              tree.deleted().map((one) => ({ ...restore(one.id), clock: 1_000 })),
            ),
          ])
        }
        const seen = [...tree.all()]
        expect(new Set(seen.map((one) => one.id)).size).toBe(seen.length)
        for (const { id: of, parent } of seen) {
          expect(tree.list(parent).filter((one) => one.id === of)).toHaveLength(1)
          expect(parent === top || tree.node(parent)?.kind === 'folder').toBe(true)
        }
        for (const one of [top, ...seen.map((node) => node.id)]) {
          const keys = tree.list(one).map(({ name }) => nameKey(name))
          expect(new Set(keys).size).toBe(keys.length)
        }
        const kept = new Set(
          seen.flatMap((one) => tree.versions(one.id)).map(({ drive, put: { object } }) => drive + object),
        )
        for (const { drive, ops } of all) {
          for (const op of ops) {
            if (op.kind === 'put') expect(kept.has(drive + op.object)).toBe(true)
            if (op.kind === 'put' || op.kind === 'folder') {
              expect(op.node === top || tree.node(op.node) !== undefined).toBe(true)
            }
          }
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('comes to the same where folders are as deep as they may be, and no deeper', () => {
    // The folders of a history are at the end of a chain that leaves room for two.
    const chain = batchOf(
      ...(['p', 0] as const),
      Array.from({ length: maxDepth - 2 }, (_, at): Op => {
        return { ...folder(id(1_000 + at), 'chain', at === 0 ? top : id(999 + at)), clock: 0 }
      }),
    )
    const isLow = ({ name }: { readonly name: string }): boolean => name !== 'chain'
    const low = (one: string): string => (one === top ? id(997 + maxDepth) : one)
    const lower = (all: readonly Batch[]): Batch[] =>
      all.map((batch) => ({
        ...batch,
        ops: batch.ops.map((op) => ({ ...op, clock: op.clock + 1, ...('parent' in op && { parent: low(op.parent) }) })),
      }))
    fc.assert(
      fc.property(shuffled(history('folder', 'folder', 'move', 'move', 'put')), ({ all, order, cuts }) => {
        const whole = new Tree()
        whole.add([chain, ...lower(all)])
        const tree = new Tree()
        tree.add([chain])
        const left = lower(order)
        for (const size of cuts) tree.add(left.splice(0, size))
        tree.add(left)
        const shown = (one: Tree) => [...one.all()].filter(isLow).map((node) => ({ ...node, version: undefined }))
        expect(shown(tree)).toEqual(shown(whole))
        for (const node of [...tree.all()].filter(isLow)) {
          let depth = node.kind === 'folder' ? 1 : 0
          for (let at = tree.node(node.parent); at; at = tree.node(at.parent)) depth += 1
          expect(depth).toBeLessThanOrEqual(maxDepth)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('a large folder', () => {
  it('is not put in order anew for what comes behind all that is in it', () => {
    const tree = new Tree()
    let looks = 0
    const batch = (number: number): Batch => {
      const op: Op = { ...put(id(1_000 + number), number, { name: `plan ${number}` }), clock: 0 }
      Object.defineProperty(op, 'clock', {
        get: () => {
          looks += 1
          return number + 1
        },
      })
      return batchOf('a', number, [op])
    }
    tree.add(Array.from({ length: 1_000 }, (_, number) => batch(number)))
    expect(tree.list(top)).toHaveLength(1_000)
    looks = 0
    for (let number = 1_000; number < 1_100; number++) {
      tree.add([batch(number)])
      expect(tree.find(top, `plan ${number}`, 'file')?.id).toBe(id(1_000 + number))
      expect(tree.list(top)).toHaveLength(number + 1)
    }
    expect(looks).toBeLessThan(5_000)
  })
})
