import type { PeerId } from '../../identity/index.ts'
import { rootNode, type DriveKey, type NodeId } from '../ids.ts'
import type { PutOp } from '../journal/index.ts'
import { maxDepth } from '../limits.ts'
import type { Step } from './step.ts'

/** One version of a file, with where it lies and who wrote it. */
export interface TreeVersion {
  readonly put: PutOp
  readonly drive: DriveKey
  readonly author: PeerId
}

/** Versions, the latest first. Adding one leaves those that were there as they are, so that it is undone by forgetting it. */
export interface Versions {
  readonly version: TreeVersion
  readonly older: Versions | undefined
}

/** A file or folder after so many ops. Never changed: the next op makes another one. */
export interface Node {
  readonly id: NodeId
  readonly kind: 'file' | 'folder'
  /** As it was written: it may be a folder that is not known, or none at all. */
  readonly parent: NodeId
  /** What created it, and what named it last. */
  readonly made: Step
  readonly named: Step
  readonly isDeleted: boolean
  /** Also where it was purged, and nothing has taken its place: then the file `isEmptied`. */
  readonly present: TreeVersion | undefined
  readonly isEmptied: boolean
  /** All that there ever were; of them, `left` were not purged. */
  readonly versions: Versions | undefined
  readonly left: number
}

interface Inside {
  readonly ids: Set<NodeId>
  /** How many of them have so many levels of folders below them. The last one is not 0. */
  readonly levels: number[]
}

/** What `Nodes` tells while it changes. */
export interface NodesWatch {
  /** What is in this folder, or how it is called, is something else now: this one of what is in it, or anything where none is said. */
  readonly touched: (folder: NodeId, id?: NodeId) => void
}

/**
 * All files and folders, and what is in what. Ids that are named as parents and not known are kept like folders without a place of their own,
 * so what is in them can be found when they come. Parents never form a cycle, and never a chain of more than `maxDepth`: `fits` is asked before.
 */
export class Nodes {
  readonly #watch: NodesWatch
  readonly #nodes = new Map<NodeId, Node>()
  readonly #inside = new Map<NodeId, Inside>()
  readonly #deleted = new Set<NodeId>()
  /** Parents that are no folders, or not known. */
  readonly #strangers = new Set<NodeId>()

  constructor(watch: NodesWatch) {
    this.#watch = watch
  }

  get(id: NodeId): Node | undefined {
    return this.#nodes.get(id)
  }

  /** Those that were themselves deleted. */
  deleted(): Iterable<NodeId> {
    return this.#deleted
  }

  /** The folder that a node is shown in: the top where its own is not known. */
  folderOf({ parent }: Pick<Node, 'parent'>): NodeId {
    return this.#isFolder(parent) ? parent : rootNode
  }

  /** Everything in a folder, also what was deleted. */
  inside(folder: NodeId): readonly Node[] {
    if (!this.#isFolder(folder)) return []
    if (folder !== rootNode) return this.#children(folder)
    return [folder, ...this.#strangers].flatMap((parent) => this.#children(parent))
  }

  /** Whether `id` may stand in `parent`: not below itself, and no chain of folders longer than `maxDepth`. */
  fits(id: NodeId, kind: Node['kind'], parent: NodeId): boolean {
    let levels = this.#levels(id, kind)
    for (let above: NodeId | undefined = parent; above !== undefined; above = this.#nodes.get(above)?.parent) {
      if (above === rootNode) return true
      levels += 1
      if (above === id || levels > maxDepth) return false
    }
    return true
  }

  /** Puts a node, or nothing, into the place of what is known of that id. */
  replace(id: NodeId, after: Node | undefined): void {
    const before = this.#nodes.get(id)
    if (before) this.#watch.touched(this.folderOf(before), id)
    if (before && before.parent !== after?.parent) this.#detach(before)
    if (after) this.#nodes.set(id, after)
    else this.#nodes.delete(id)
    if (after && before?.parent !== after.parent) this.#attach(after)
    if (after?.isDeleted === true) this.#deleted.add(id)
    else this.#deleted.delete(id)
    if (before?.kind !== after?.kind && this.#inside.has(id)) {
      this.#note(id)
      this.#watch.touched(id)
      this.#watch.touched(rootNode)
    }
    if (after) this.#watch.touched(this.folderOf(after), id)
  }

  #isFolder(id: NodeId): boolean {
    return id === rootNode || this.#nodes.get(id)?.kind === 'folder'
  }

  #children(parent: NodeId): readonly Node[] {
    const nodes: Node[] = []
    for (const id of this.#inside.get(parent)?.ids ?? []) {
      const node = this.#nodes.get(id)
      if (node) nodes.push(node)
    }
    return nodes
  }

  /** Levels of folders from `id` downwards, itself included. A file has none, unless somebody wrote that things are in it. */
  #levels(id: NodeId, kind: Node['kind'] | undefined): number {
    return this.#inside.get(id)?.levels.length ?? (kind === 'file' ? 0 : 1)
  }

  #attach({ id, kind, parent }: Node): void {
    const known = this.#inside.get(parent)
    const inside = known ?? { ids: new Set<NodeId>(), levels: [] }
    const before = this.#levels(parent, this.#nodes.get(parent)?.kind)
    inside.ids.add(id)
    change(inside.levels, this.#levels(id, kind), 1)
    if (!known) {
      this.#inside.set(parent, inside)
      this.#note(parent)
    }
    this.#tellAbove(parent, before)
  }

  #detach({ id, kind, parent }: Node): void {
    const inside = this.#inside.get(parent)
    if (!inside) return
    const before = inside.levels.length
    inside.ids.delete(id)
    change(inside.levels, this.#levels(id, kind), -1)
    if (inside.ids.size === 0) {
      this.#inside.delete(parent)
      this.#note(parent)
    }
    this.#tellAbove(parent, before)
  }

  /** How deep `id` is has changed, and so it may have for those above. */
  #tellAbove(id: NodeId, before: number): void {
    for (let node = this.#nodes.get(id); node;) {
      const levels = this.#levels(node.id, node.kind)
      if (levels === before) return
      const above = this.#inside.get(node.parent)
      if (!above) return
      const aboveBefore = above.levels.length
      // In this order, so that the list is not shortened in between.
      change(above.levels, levels, 1)
      change(above.levels, before, -1)
      node = this.#nodes.get(node.parent)
      before = aboveBefore
    }
  }

  #note(parent: NodeId): void {
    if (this.#inside.has(parent) && !this.#isFolder(parent)) this.#strangers.add(parent)
    else this.#strangers.delete(parent)
  }
}

/** Counts of what is `at` levels deep: the length is one more than the most levels of any. */
function change(levels: number[], at: number, by: 1 | -1): void {
  while (levels.length <= at) levels.push(0)
  levels[at] = (levels[at] ?? 0) + by
  while (levels.at(-1) === 0) levels.pop()
}
