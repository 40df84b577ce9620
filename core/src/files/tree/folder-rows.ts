import { fileName, nameKey } from '../../codec/index.ts'
import type { PeerId } from '../../identity/index.ts'
import type { NodeId } from '../ids.ts'
import { byCreation, FolderNames, type Named } from './folder-names.ts'
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
  /** The present one. Of what was deleted, it may have been purged. */
  readonly version: TreeVersion | undefined
  /** Those that were not purged. */
  readonly versionCount: number
}

interface Row {
  readonly node: Node
  readonly shown: TreeNode
}

interface Rows {
  readonly shown: readonly TreeNode[]
  readonly byId: Map<NodeId, Row>
  /** The names that are taken, and whose they are. */
  readonly names: FolderNames
  /** By names as they were written, before they were numbered: of each kind the first. */
  readonly written: Readonly<Record<TreeNode['kind'], Map<string, NodeId>>>
}

/** What has changed in a folder since its rows were made: these, or anything. */
type Stale = Set<NodeId> | 'anything'

/** Of more than so many, all rows are made anew. */
const maxStale = 65_536

/** What is shown in folders: made when somebody looks into one, and again when something in it has changed since. */
export class FolderRows {
  readonly #nodes: Nodes
  readonly #rows = new Map<NodeId, Rows>()
  readonly #stale = new Map<NodeId, Stale>()

  constructor(nodes: Nodes) {
    this.#nodes = nodes
  }

  /** @param id what is something else there; anything may be where it is left out. */
  touched(folder: NodeId, id?: NodeId): void {
    if (!this.#rows.has(folder)) return
    const stale = this.#stale.get(folder) ?? new Set<NodeId>()
    if (stale === 'anything') return
    if (id === undefined || stale.size >= maxStale) this.#stale.set(folder, 'anything')
    else this.#stale.set(folder, stale.add(id))
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
    const id = rows.written[kind].get(nameKey(fileName(name)))
    return id === undefined ? undefined : rows.byId.get(id)?.shown
  }

  named(folder: NodeId, name: string): TreeNode | undefined {
    const rows = this.#rowsOf(folder)
    const id = rows.names.idOf(nameKey(fileName(name)))
    return id === undefined ? undefined : rows.byId.get(id)?.shown
  }

  #rowsOf(folder: NodeId): Rows {
    const known = this.#rows.get(folder)
    const stale = this.#stale.get(folder)
    if (known && stale === undefined) return known
    this.#stale.delete(folder)
    const rows = (known && stale && this.#appended(folder, known, stale)) ?? this.#make(folder, known)
    this.#rows.set(folder, rows)
    return rows
  }

  /** The rows with what has come behind all others, as it mostly does. Undefined where something else has changed. */
  #appended(folder: NodeId, known: Rows, stale: Stale): Rows | undefined {
    if (stale === 'anything') return undefined
    const fresh: Node[] = []
    for (const id of stale) {
      const node = this.#nodes.get(id)
      if (known.byId.has(id) || !node) return undefined
      if (!node.isDeleted && this.#nodes.folderOf(node) === folder) fresh.push(node)
    }
    const last = known.byId.get(known.shown.at(-1)?.id ?? '')?.node
    fresh.sort(byCreation)
    if (last && fresh[0] && byCreation(last, fresh[0]) > 0) return undefined
    const shown = [...known.shown]
    for (const named of known.names.add(fresh)) shown.push(added(known, folder, named, undefined))
    return { ...known, shown }
  }

  #make(folder: NodeId, before: Rows | undefined): Rows {
    const names = new FolderNames()
    const written = { file: new Map<string, NodeId>(), folder: new Map<string, NodeId>() }
    const rows = { byId: new Map<NodeId, Row>(), names, written }
    const inside = this.#nodes.inside(folder).filter(({ isDeleted }) => !isDeleted)
    const named = names.add(inside.toSorted(byCreation))
    return { ...rows, shown: named.map((one) => added(rows, folder, one, before?.byId.get(one.node.id))) }
  }
}

/** Enters what comes behind all others, with the row that it had if that is the same. */
function added(
  { byId, written }: Pick<Rows, 'byId' | 'written'>,
  folder: NodeId,
  { node, name }: Named,
  before: Row | undefined,
): TreeNode {
  const isSame = before?.node === node && before.shown.name === name
  const row = isSame ? before : { node, shown: shown(node, folder, name) }
  byId.set(node.id, row)
  const ofKind = written[node.kind]
  if (!ofKind.has(node.named.nameKey)) ofKind.set(node.named.nameKey, node.id)
  return row.shown
}

function shown({ id, kind, made, present, left }: Node, parent: NodeId, name: string): TreeNode {
  const author = present?.author ?? made.author
  return { id, parent, name, kind, author, version: present, versionCount: left }
}
