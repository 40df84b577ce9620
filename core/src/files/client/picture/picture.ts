import type { TreeNode, TreeVersion } from '../../tree/index.ts'
import type { DataRoomView, EntryView, VersionView } from '../view.ts'
import type { MergedTree } from './merged-tree.ts'

type Around = Pick<DataRoomView, 'node' | 'mayWrite' | 'pendingDrives' | 'problems'>

/** What was made of a node, or of a folder's list, while it is what it was: a folder with one new file in it makes one new entry. */
const entries = new WeakMap<TreeNode, EntryView>()
const lists = new WeakMap<readonly TreeNode[], readonly EntryView[]>()

/** The tree as it is shown. Made at no cost: what nobody looks at is not made. */
export class Picture implements DataRoomView {
  readonly node: DataRoomView['node']
  readonly mayWrite: boolean
  readonly pendingDrives: number
  readonly problems: DataRoomView['problems']
  readonly #merged: Pick<MergedTree, 'tree'>

  constructor(around: Around, merged: Pick<MergedTree, 'tree'>) {
    this.node = around.node
    this.mayWrite = around.mayWrite
    this.pendingDrives = around.pendingDrives
    this.problems = around.problems
    this.#merged = merged
  }

  list(folder: string): readonly EntryView[] {
    const nodes = this.#merged.tree.list(folder)
    const known = lists.get(nodes)
    if (known) return known
    const list = nodes.map(entryOf)
    lists.set(nodes, list)
    return list
  }

  entry(id: string): EntryView | undefined {
    const node = this.#merged.tree.node(id)
    return node && entryOf(node)
  }

  known(id: string): EntryView | undefined {
    const node = this.#merged.tree.known(id)
    return node && entryOf(node)
  }

  deleted(): readonly EntryView[] {
    return this.#merged.tree.deleted().map(entryOf)
  }

  versions(id: string): readonly VersionView[] {
    const { tree } = this.#merged
    const present = tree.known(id)?.version
    return tree.versions(id).map((version) => versionOf(version, present))
  }

  all(): readonly EntryView[] {
    return [...this.#merged.tree.all()].map(entryOf)
  }
}

function entryOf(node: TreeNode): EntryView {
  const known = entries.get(node)
  if (known) return known
  const { id, parent, name, kind, author, version, versionCount } = node
  const entry = {
    ...{ id, parent, name, kind, by: author, versions: versionCount },
    sizeBytes: version?.put.sizeBytes ?? 0,
    modifiedAtMs: version?.put.modifiedAtMs ?? 0,
    mediaType: version?.put.mediaType ?? '',
  }
  entries.set(node, entry)
  return entry
}

function versionOf(version: TreeVersion, present: TreeVersion | undefined): VersionView {
  const { object, sizeBytes, modifiedAtMs } = version.put
  return { object, sizeBytes, modifiedAtMs, by: version.author, present: version === present }
}
