import { fileName, nameKey } from '../../codec/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { NodeId } from '../ids.ts'
import { namesIn } from './folder-names.ts'
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
  readonly byKey: ReadonlyMap<string, TreeNode>
  /** By kind and by the name as it was written, before it was numbered: the first of them. */
  readonly written: ReadonlyMap<string, TreeNode>
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
    return named?.kind === kind ? named : this.#rowsOf(folder).written.get(`${kind} ${nameKey(fileName(name))}`)
  }

  named(folder: NodeId, name: string): TreeNode | undefined {
    return this.#rowsOf(folder).byKey.get(nameKey(fileName(name)))
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
    const byKey = new Map<string, TreeNode>()
    const written = new Map<string, TreeNode>()
    const present = [...this.#nodes.inside(folder)].filter(({ isDeleted }) => !isDeleted)
    for (const { node, name, key } of namesIn(present)) {
      const before = known?.byId.get(node.id)
      const isSame = before?.node === node && before.shown.name === name
      const row = isSame ? before : { node, shown: shown(node, folder, name) }
      all.push(row.shown)
      byId.set(node.id, row)
      byKey.set(key, row.shown)
      const writtenKey = `${node.kind} ${node.named.nameKey}`
      if (!written.has(writtenKey)) written.set(writtenKey, row.shown)
    }
    return { shown: all, byId, byKey, written }
  }
}

function shown({ id, kind, made, present, versions }: Node, parent: NodeId, name: string): TreeNode {
  const author = present?.author ?? made.author
  return { id, parent, name, kind, author, version: present, versionCount: versions?.count ?? 0 }
}
