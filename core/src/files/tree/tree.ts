import { rootNode, type DriveKey, type NodeId } from '../ids.ts'
import type { Batch } from '../journal/index.ts'
import { changeBy, homeKey, type Change, type Home, type Homes } from './apply.ts'
import { FolderRows, type TreeNode } from './folder-rows.ts'
import { Nodes, type Node, type TreeVersion, type Versions } from './nodes.ts'
import { compareSteps, Step } from './step.ts'

/**
 * What batches come to: the same for the same batches, in whatever order, groups and number of times they are given. Ops are applied in one order (`compareSteps`);
 * when some come that belong before others, those are undone, and applied again after them, so that what comes at the end costs no more than itself
 * (M. Kleppmann et al., "A highly-available move operation for replicated trees", 2021). Names are resolved folder by folder when somebody looks.
 *
 * There is one batch of each place: the reader of a journal sees to that.
 */
export class Tree {
  readonly #steps: Step[] = []
  /** What each step has changed. */
  readonly #changes: (Change | undefined)[] = []
  readonly #batches = new Map<DriveKey, Set<number>>()
  readonly #homes: Homes = new Map<string, Home>()
  readonly #rows: FolderRows
  readonly #nodes: Nodes

  constructor() {
    this.#nodes = new Nodes({ touched: (folder, id) => this.#rows.touched(folder, id) })
    this.#rows = new FolderRows(this.#nodes)
  }

  /**
   * Costs as much as these batches, and what is later than the earliest of their ops: at worst, where somebody dates a batch back, everything that was ever
   * added, each time again.
   */
  add(batches: Iterable<Batch>): void {
    const fresh: Step[] = []
    for (const batch of batches) {
      if (this.#isKnown(batch)) continue
      for (const [index, op] of batch.ops.entries()) fresh.push(new Step(batch, index, op))
    }
    fresh.sort(compareSteps)
    const [first] = fresh
    if (!first) return
    for (const step of merged(this.#undoAfter(first), fresh)) this.#apply(step)
  }

  /** How many ops would have to be applied again for one of this clock. */
  later(clock: number): number {
    let count = 0
    while (count < this.#steps.length && (this.#steps.at(-1 - count)?.op.clock ?? 0) >= clock) count += 1
    return count
  }

  /** A file or folder that is there; undefined for one that was deleted, or is in a folder that was. */
  node(id: NodeId): TreeNode | undefined {
    return this.isThere(id) ? this.#rows.row(id) : undefined
  }

  /** Also what was deleted. */
  known(id: NodeId): TreeNode | undefined {
    return this.#rows.row(id)
  }

  /** Known and neither deleted nor in a folder that was. The top always is. */
  isThere(id: NodeId): boolean {
    for (let at = id; at !== rootNode;) {
      const node = this.#nodes.get(at)
      if (!node || node.isDeleted) return false
      at = this.#nodes.folderOf(node)
    }
    return true
  }

  /** Deleted itself, and not only with the folder that it is in. */
  isDeleted(id: NodeId): boolean {
    return this.#nodes.get(id)?.isDeleted === true
  }

  /** Whether it may be put there: not below itself, and not deeper than `maxDepth`. */
  fits(id: NodeId, kind: TreeNode['kind'], folder: NodeId): boolean {
    return this.#nodes.fits(id, kind, folder)
  }

  /** What is in a folder, in the order of creation. The same array while nothing in it changes. */
  list(folder: NodeId): readonly TreeNode[] {
    return this.isThere(folder) ? this.#rows.in(folder) : []
  }

  /** What a new thing of this name would be another version of, or the same folder as: of this kind, and shown or written with that name. */
  find(folder: NodeId, name: string, kind: TreeNode['kind']): TreeNode | undefined {
    return this.isThere(folder) ? this.#rows.find(folder, name, kind) : undefined
  }

  /** Whatever kind has this name in a folder. */
  named(folder: NodeId, name: string): TreeNode | undefined {
    return this.isThere(folder) ? this.#rows.named(folder, name) : undefined
  }

  /** What was deleted, each file or folder once; not what is in such a folder, nor that of which everything was purged. */
  deleted(): readonly TreeNode[] {
    return [...this.#nodes.deleted()].flatMap((id) => {
      const node = this.#nodes.get(id)
      return node && !this.#isNothing(node) ? (this.#rows.row(id) ?? []) : []
    })
  }

  /** Everything that is there, folder by folder. */
  *all(): Generator<TreeNode> {
    const folders: NodeId[] = [rootNode]
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const node of this.#rows.in(folder)) {
        yield node
        if (node.kind === 'folder') folders.push(node.id)
      }
    }
  }

  /** All versions of a file that were not purged, the latest first. Empty for a folder. */
  versions(id: NodeId): readonly TreeVersion[] {
    const all: TreeVersion[] = []
    for (let at: Versions | undefined = this.#nodes.get(id)?.versions; at; at = at.older) {
      if (!this.#isGone(id, at.version)) all.push(at.version)
    }
    return all
  }

  /** The files at or below this node, deleted or not. */
  *filesBelow(id: NodeId): Generator<TreeNode> {
    const left: NodeId[] = [id]
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      const node = this.known(at)
      if (node?.kind === 'file') yield node
      else for (const inside of this.#nodes.inside(at)) left.push(inside.id)
    }
  }

  #isGone(id: NodeId, version: TreeVersion): boolean {
    const { node, object } = version.put
    return [node, id].some((named) => {
      const home = this.#homes.get(homeKey(named, object))
      return home?.version === version && home.isGone
    })
  }

  /** Everything of it was purged. A folder in which there never was anything is a folder all the same. */
  #isNothing({ id, kind, left, isDeleted }: Node): boolean {
    if (kind === 'file') return isDeleted && left === 0
    const inside = this.#nodes.inside(id)
    return inside.length > 0 && inside.every((one) => this.#isNothing(one))
  }

  #isKnown({ drive, number }: Batch): boolean {
    const known = this.#batches.get(drive)
    if (known?.has(number) === true) return true
    if (known) known.add(number)
    else this.#batches.set(drive, new Set([number]))
    return false
  }

  #apply(step: Step): void {
    const change = changeBy(step, { nodes: this.#nodes, homes: this.#homes })
    this.#steps.push(step)
    this.#changes.push(change)
    if (!change) return
    for (const key of change.keys) if (change.home) this.#homes.set(key, change.home)
    this.#nodes.replace(change.after.id, change.after)
  }

  /** Takes back every step that is later than this one. @returns them, in their order. */
  #undoAfter(first: Step): readonly Step[] {
    let left = this.#steps.length
    for (; left > 0; left--) {
      const step = this.#steps[left - 1]
      if (!step || compareSteps(step, first) < 0) break
      const change = this.#changes.pop()
      if (!change) continue
      for (const key of change.keys) {
        if (change.former) this.#homes.set(key, change.former)
        else this.#homes.delete(key)
      }
      this.#nodes.replace(change.after.id, change.before)
    }
    return this.#steps.splice(left)
  }
}

function* merged(some: readonly Step[], others: readonly Step[]): Generator<Step> {
  let at = 0
  for (const step of some) {
    for (let other = others[at]; other && compareSteps(other, step) < 0; other = others[at]) {
      yield other
      at += 1
    }
    yield step
  }
  yield* others.slice(at)
}
