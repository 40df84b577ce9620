import { fileName, nameKey } from '../../codec/index.ts'
import type { NodeId } from '../ids.ts'

export interface FoldersPorts {
  /** A folder of that name that is there. */
  readonly find: (parent: NodeId, name: string) => NodeId | undefined
  /** Makes one; once it resolves, `find` finds it. */
  readonly make: (parent: NodeId, name: string) => Promise<NodeId>
}

/** Folders that are made as files come that lie in them: each once, though a thousand files ask for it at a time. */
export class Folders {
  readonly #ports: FoldersPorts
  readonly #making = new Map<string, Promise<NodeId>>()

  constructor(ports: FoldersPorts) {
    this.#ports = ports
  }

  /** The folder at the end of this way below `parent`; made where there is none. @throws what `make` throws. */
  async way(parent: NodeId, names: readonly string[]): Promise<NodeId> {
    let folder = parent
    for (const name of names) folder = this.#ports.find(folder, name) ?? (await this.#inside(folder, name))
    return folder
  }

  #inside(parent: NodeId, name: string): Promise<NodeId> {
    const key = `${parent}/${nameKey(fileName(name))}`
    const known = this.#making.get(key)
    if (known) return known
    const making = this.#ports.make(parent, name).finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }
}
