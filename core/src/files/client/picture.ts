import type { NodeId } from '../ids.ts'
import type { TreeNode } from './tree-port.ts'
import type { DataRoomView, EntryView, VersionView } from './view.ts'

type Around = Pick<DataRoomView, 'node' | 'mayWrite' | 'pendingDrives' | 'problems'>

/** The tree as it is shown: what is asked of it often is looked up and not searched. */
export class Picture implements DataRoomView {
  readonly node: DataRoomView['node']
  readonly mayWrite: boolean
  readonly pendingDrives: number
  readonly problems: DataRoomView['problems']
  readonly #index: PictureIndex

  constructor(around: Around, index: PictureIndex) {
    this.node = around.node
    this.mayWrite = around.mayWrite
    this.pendingDrives = around.pendingDrives
    this.problems = around.problems
    this.#index = index
  }

  list(folder: string): readonly EntryView[] {
    return this.#index.byFolder.get(folder) ?? []
  }

  entry(id: string): EntryView | undefined {
    return this.#index.byId.get(id)
  }

  deleted(): readonly EntryView[] {
    return this.#index.deleted
  }

  versions(id: string): readonly VersionView[] {
    return versionsOf(this.#index.tree.get(id))
  }

  all(): readonly EntryView[] {
    return this.#index.all
  }
}

export interface PictureIndex {
  readonly tree: ReadonlyMap<NodeId, TreeNode>
  readonly all: readonly EntryView[]
  readonly deleted: readonly EntryView[]
  readonly byId: ReadonlyMap<string, EntryView>
  readonly byFolder: ReadonlyMap<string, readonly EntryView[]>
}

export function indexOf(tree: ReadonlyMap<NodeId, TreeNode>): PictureIndex {
  const all: EntryView[] = []
  const deleted: EntryView[] = []
  const byFolder = new Map<string, EntryView[]>()
  for (const node of tree.values()) {
    if (node.deleted === 'itself') deleted.push(entryOf(node))
    if (node.deleted !== 'no') continue
    const entry = entryOf(node)
    all.push(entry)
    const inside = byFolder.get(node.parent)
    if (inside) inside.push(entry)
    else byFolder.set(node.parent, [entry])
  }
  return { tree, all, deleted, byFolder, byId: new Map(all.map((entry) => [entry.id, entry])) }
}

function entryOf({ id, parent, name, kind, author, version, versions }: TreeNode): EntryView {
  return {
    ...{ id, parent, name, kind, by: version?.author ?? author, versions: versions.length },
    sizeBytes: version?.put.sizeBytes ?? 0,
    modifiedAtMs: version?.put.modifiedAtMs ?? 0,
    mediaType: version?.put.mediaType ?? '',
  }
}

function versionsOf(node: TreeNode | undefined): readonly VersionView[] {
  return (node?.versions ?? []).map(({ put, author }) => ({
    ...{ object: put.object, sizeBytes: put.sizeBytes, modifiedAtMs: put.modifiedAtMs, by: author },
    present: put.object === node?.version?.put.object,
  }))
}
