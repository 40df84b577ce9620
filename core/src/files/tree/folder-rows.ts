import { fileName, nameKey } from '../../codec/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { NodeId } from '../ids.ts'
import { namesIn, type Named } from './folder-names.ts'
import type { Node, Nodes, TreeVersion } from './nodes.ts'

/** A file or folder as the journals of all members make it. The same object while nothing of it changes. */
export interface TreeNode {
  readonly id: NodeId
  /** The folder that it is shown in. */
  readonly parent: NodeId
  /** Clean, and the only one of it in its folder. */
  readonly name: string
  readonly kind: 'file' | 'folder'
  /** Of the present version, or of the folder. */
  readonly author: PeerId
  /** The present one. */
  readonly version: TreeVersion | undefined
  readonly versionCount: number
}

interface Row {
  readonly node: Node
  readonly shown: TreeNode
}

interface Rows {
  readonly shown: readonly TreeNode[]
  readonly byId: ReadonlyMap<NodeId, Row>
  readonly named: readonly Named[]
  /** Made when somebody looks for a name. */
  byName?: ByName
}

interface ByName {
  readonly shown: ReadonlyMap<string, NodeId>
  /** As it was written, before it was numbered: of each kind the first. */
  readonly written: Readonly<Record<TreeNode['kind'], ReadonlyMap<string, NodeId>>>
}

/** What is shown in folders: made when somebody looks into one, and again when something in it has changed since. */
export class FolderRows {
  readonly #nodes: Nodes
  readonly #rows = new Map<NodeId, Rows>()
  readonly #stale = new Set<NodeId>()

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  touched(folder: NodeId): void {
    if (this.#rows.has(folder)) this.#stale.add(folder)
  }

  in(folder: NodeId): readonly TreeNode[] {
    return this.#rowsOf(folder).shown
  }

  /** One that was deleted itself is shown by the name that it was given. */
  row(id: NodeId): TreeNode | undefined {
    const node = this.#nodes.get(id)
    if (!node) return undefined
    const folder = this.#nodes.folderOf(node)
    return node.isDeleted ? shown(node, folder, node.named.name) : this.#rowsOf(folder).byId.get(id)?.shown
  }

  find(folder: NodeId, name: string, kind: TreeNode['kind']): TreeNode | undefined {
    const named = this.named(folder, name)
    if (named?.kind === kind) return named
    const rows = this.#rowsOf(folder)
    const id = byNameOf(rows).written[kind].get(nameKey(fileName(name)))
    return id === undefined ? undefined : rows.byId.get(id)?.shown
  }

  named(folder: NodeId, name: string): TreeNode | undefined {
    const rows = this.#rowsOf(folder)
    const id = byNameOf(rows).shown.get(nameKey(fileName(name)))
    return id === undefined ? undefined : rows.byId.get(id)?.shown
  }

  #rowsOf(folder: NodeId): Rows {
    const known = this.#rows.get(folder)
    if (known && !this.#stale.delete(folder)) return known
    const rows = this.#make(folder, known)
    this.#rows.set(folder, rows)
    return rows
  }

  #make(folder: NodeId, known: Rows | undefined): Rows {
    const all: TreeNode[] = []
    const byId = new Map<NodeId, Row>()
    const named = namesIn(this.#nodes.inside(folder).filter(({ isDeleted }) => !isDeleted))
    for (const { node, name } of named) {
      const before = known?.byId.get(node.id)
      const isSame = before?.node === node && before.shown.name === name
      const row = isSame ? before : { node, shown: shown(node, folder, name) }
      all.push(row.shown)
      byId.set(node.id, row)
    }
    return { shown: all, byId, named }
  }
}

function byNameOf(rows: Rows): ByName {
  if (rows.byName) return rows.byName
  const shown = new Map<string, NodeId>()
  const written = { file: new Map<string, NodeId>(), folder: new Map<string, NodeId>() }
  for (const { node, key } of rows.named) {
    shown.set(key, node.id)
    const ofKind = written[node.kind]
    if (!ofKind.has(node.named.nameKey)) ofKind.set(node.named.nameKey, node.id)
  }
  rows.byName = { shown, written }
  return rows.byName
}

function shown({ id, kind, made, present, versions }: Node, parent: NodeId, name: string): TreeNode {
  const author = present?.author ?? made.author
  return { id, parent, name, kind, author, version: present, versionCount: versions?.count ?? 0 }
}
