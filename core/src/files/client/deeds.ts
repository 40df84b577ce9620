import { visibleText, fileName } from '../../codec/index.ts'
import { LimitError, UsageError } from '../../errors/index.ts'
import type { Random } from '../../runtime/index.ts'
import { newId, rootNode, type NodeId, type ObjectId } from '../ids.ts'
import type { Op } from '../journal/index.ts'
import type { Tree, TreeNode } from '../tree/index.ts'
import type { Writing } from './writing.ts'

/** An op before its turn to be written has come. */
type Deed = { [Kind in Op['kind']]: Omit<Extract<Op, { kind: Kind }>, 'clock'> }[Op['kind']]

export interface DeedsPorts {
  readonly tree: () => Tree
  readonly writing: Pick<Writing, 'check' | 'write'>
  readonly random: Random
}

/**
 * What somebody does with files and folders, checked against what is known before it is written: what others write at the same time is merged all the same.
 *
 * All throw {UsageError} `file-unknown` for what is not there, and as `Writing.write`.
 */
export class Deeds {
  readonly #ports: DeedsPorts

  constructor(ports: DeedsPorts) {
    this.#ports = ports
  }

  /** @throws {UsageError} `name-taken`, `bad-name`, `not-a-folder`; {LimitError} `too-deep`. */
  async createFolder(parent: NodeId, name: string): Promise<NodeId> {
    this.#mayBeNamed(parent, name)
    return this.makeFolder(parent, name)
  }

  /** The same for a folder that files to come bring along: one whose name a file has is shown with a number. */
  async makeFolder(parent: NodeId, name: string): Promise<NodeId> {
    const node = newId(this.#ports.random)
    if (!this.#ports.tree().fits(node, 'folder', parent)) throw tooDeep()
    const written = fileName(name)
    await this.#ports.writing.write((clock) => [{ kind: 'folder', clock, node, parent, name: written }])
    return node
  }

  /** @throws {UsageError} `name-taken`, `bad-name`. */
  async rename(id: NodeId, name: string): Promise<void> {
    const { parent } = this.#there(id)
    this.#mayBeNamed(parent, name, id)
    const written = fileName(name)
    await this.#ports.writing.write((clock) => [{ kind: 'move', clock, node: id, parent, name: written }])
  }

  /** @throws {UsageError} `into-itself`, `not-a-folder`; {LimitError} `too-deep`. */
  async move(ids: readonly NodeId[], parent: NodeId): Promise<void> {
    this.#folder(parent)
    const moved = ids.map((id) => this.#there(id))
    const above = this.#above(parent)
    if (ids.some((id) => above.has(id))) throw new UsageError('into-itself', 'a folder does not fit into itself')
    const tree = this.#ports.tree()
    if (!moved.every(({ id, kind }) => tree.fits(id, kind, parent))) throw tooDeep()
    await this.#write(moved.map(({ id, name }) => ({ kind: 'move', node: id, parent, name })))
  }

  async remove(ids: readonly NodeId[]): Promise<void> {
    await this.#write(ids.map((id) => ({ kind: 'delete', node: this.#there(id).id })))
  }

  /** What was in a folder that stays deleted goes into the nearest folder above that does not. */
  async restore(ids: readonly NodeId[]): Promise<void> {
    const tree = this.#ports.tree()
    const back = new Set(ids)
    await this.#write(
      ids.flatMap((id): Deed[] => {
        const { name, parent, version } = this.#known(id)
        const left = tree.versions(id)
        // The present one may have been purged: then the latest that there is takes its place.
        const object = version === undefined || left.includes(version) ? undefined : left[0]?.put.object
        const restored: Deed = { kind: 'restore', node: id, object }
        const gone = [...this.#above(parent)].findLast((above) => tree.isDeleted(above) && !back.has(above))
        if (gone === undefined) return [restored]
        return [restored, { kind: 'move', node: id, parent: this.#known(gone).parent, name }]
      }),
    )
  }

  async restoreVersion(id: NodeId, object: ObjectId): Promise<void> {
    const { tree, writing } = this.#ports
    const isThere = tree()
      .versions(id)
      .some(({ put }) => put.object === object)
    if (!isThere) throw unknown()
    await writing.write((clock) => [{ kind: 'restore', clock, node: id, object }])
  }

  async #write(deeds: readonly Deed[]): Promise<void> {
    if (deeds.length > 0) await this.#ports.writing.write((clock) => deeds.map((deed) => ({ ...deed, clock })))
  }

  #there(id: NodeId): TreeNode {
    const node = this.#ports.tree().node(id)
    if (!node) throw unknown()
    return node
  }

  #known(id: NodeId): TreeNode {
    const node = this.#ports.tree().known(id)
    if (!node) throw unknown()
    return node
  }

  #folder(id: NodeId): void {
    if (id !== rootNode && this.#there(id).kind !== 'folder')
      throw new UsageError('not-a-folder', 'nothing is in a file')
  }

  /** A folder and all folders above it, the top excepted. */
  #above(folder: NodeId): ReadonlySet<NodeId> {
    const above = new Set<NodeId>()
    for (let at = folder; at !== rootNode; at = this.#known(at).parent) above.add(at)
    return above
  }

  #mayBeNamed(folder: NodeId, name: string, but?: NodeId): void {
    this.#folder(folder)
    if (visibleText(name, 1) === '') throw new UsageError('bad-name', 'there is nothing in this name')
    const taken = this.#ports.tree().named(folder, name)
    if (taken && taken.id !== but) throw new UsageError('name-taken', 'something else there has this name')
  }
}

function unknown(): UsageError {
  return new UsageError('file-unknown', 'no such file')
}

function tooDeep(): LimitError {
  return new LimitError('too-deep', 'folders are not that deep')
}
