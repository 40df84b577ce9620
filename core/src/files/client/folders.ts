import type { NodeId } from '../ids.ts'

export interface FoldersPorts {
  readonly child: (
    parent: NodeId,
    name: string,
  ) => { readonly id: NodeId; readonly kind: 'file' | 'folder' } | undefined
  readonly create: (parent: NodeId, name: string) => Promise<NodeId>
}

/** Folders that are made as files come that lie in them: each once, though a thousand files ask for it at a time. */
export class Folders {
  readonly #ports: FoldersPorts
  readonly #making = new Map<string, Promise<NodeId>>()
  readonly #made = new Set<string>()

  constructor(ports: FoldersPorts) {
    this.#ports = ports
  }

  /** The folder at the end of this way below `parent`; made where there is none. @throws what `create` throws. */
  async way(parent: NodeId, names: readonly string[]): Promise<NodeId> {
    let folder = parent
    for (const name of names) folder = await this.#inside(folder, name)
    return folder
  }

  /** Those that were made are in the tree now, or were deleted since: they are looked for there. */
  treeHasChanged(): void {
    for (const key of this.#made) this.#making.delete(key)
    this.#made.clear()
  }

  #inside(parent: NodeId, name: string): Promise<NodeId> {
    const there = this.#ports.child(parent, name)
    if (there?.kind === 'folder') return Promise.resolve(there.id)
    const key = `${parent}/${name}`
    const known = this.#making.get(key)
    if (known) return known
    const making = this.#ports.create(parent, name)
    this.#making.set(key, making)
    making.then(
      () => this.#made.add(key),
      () => this.#making.delete(key),
    )
    return making
  }
}
