import { UsageError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import { newId, type NodeId } from '../ids.ts'
import { wrapFileKey } from '../keys/index.ts'
import type { Tree } from '../tree/index.ts'
import type { Deeds } from './deeds.ts'
import { Folders } from './folders.ts'
import type { Octets } from './source.ts'
import type { KeptUpload } from './transfers/index.ts'
import { putOf, type Destination } from './uploads.ts'
import type { UploadFile } from './view.ts'
import type { Writing } from './writing.ts'

export interface PlacingPorts {
  readonly tree: () => Tree
  readonly deeds: Pick<Deeds, 'makeFolder'>
  readonly writing: Writing
  readonly random: Random
}

/** Gives files that come their place in the tree. */
export class Placing {
  readonly #ports: PlacingPorts
  readonly #folders: Folders

  constructor(ports: PlacingPorts) {
    this.#ports = ports
    this.#folders = new Folders({
      find: (parent, name) => ports.tree().find(parent, name, 'folder')?.id,
      make: (parent, name) => ports.deeds.makeFolder(parent, name),
    })
  }

  /** A file of that name is another version of the one that is there, unless it stands apart: then it is a file of its own, shown with a number. @throws {UsageError} `file-unknown` where the folder is gone; as `Writing.write`. */
  async destination(parent: NodeId, file: UploadFile, isApart = false): Promise<Destination> {
    const { writing, tree, random } = this.#ports
    writing.check()
    const folder = await this.#folders.way(parent, file.path)
    if (!tree().isThere(folder)) throw new UsageError('file-unknown', 'this folder is not there any more')
    const there = isApart ? undefined : tree().find(folder, file.name, 'file')
    return { node: there?.id ?? newId(random), parent: folder, replaces: there?.version?.put.object }
  }

  /** Writes of a content that the node has. @throws as `Writing.write`. */
  async written(kept: KeptUpload, root: Octets): Promise<void> {
    const { writing } = this.#ports
    const { node, object, drive } = kept
    const key = await wrapFileKey(await writing.master(), { drive, node, object }, kept.fileKey)
    const put = putOf(kept, root, key)
    await writing.write((clock) => [{ ...put, clock }], { lingers: true, boundTo: drive })
  }
}
