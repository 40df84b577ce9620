import { UsageError } from '../../errors/index.ts'
import type { DriveKey, NodeId, ObjectId } from '../ids.ts'
import type { Tree } from '../tree/index.ts'
import type { Drives } from './drives.ts'
import type { LentObjects } from './lent-objects.ts'
import type { OwnDrive } from './own-drive.ts'
import type { DriveStore } from './source.ts'
import type { Purgeable } from './view.ts'
import type { Writing } from './writing.ts'

/** Contents given up together: so many at most are left at the node when everything ends in between, and so many are looked after at the next start. */
const maxTogether = 256
/** Calls to the node at a time. */
const maxCalls = 4

export interface PurgingPorts {
  readonly tree: () => Tree
  readonly writing: Pick<Writing, 'check' | 'write'>
  readonly own: Pick<OwnDrive, 'known'>
  readonly drives: Pick<Drives, 'refresh' | 'journal'>
  readonly store: Pick<DriveStore, 'drop'>
  readonly lent: Pick<LentObjects, 'forget'>
}

interface Chosen {
  readonly node: NodeId
  readonly object: ObjectId
  readonly sizeBytes: number
}

/**
 * Deletes contents for good. First everybody is told, in the journal, then the node clears the bytes: whoever sees a version can have it, at every moment in
 * between. Contents lie in the drive of whoever wrote them and nobody else's op names them there, so that no copy of somebody else's loses its bytes.
 */
export class Purging {
  readonly #ports: PurgingPorts
  #isSwept = false

  constructor(ports: PurgingPorts) {
    this.#ports = ports
  }

  purgeable(id: NodeId, object?: ObjectId): Purgeable {
    const chosen = this.#chosen(id, object)
    return { versions: chosen.length, bytes: chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }
  }

  /** @throws {UsageError} `nothing-to-purge`; as `Writing.write`, and what the store throws: then it is purged, and the bytes are cleared later. */
  async purge(id: NodeId, object: ObjectId | undefined, signal: AbortSignal): Promise<void> {
    const { writing, own } = this.#ports
    writing.check()
    const { known: drive } = own
    const chosen = this.#chosen(id, object)
    if (chosen.length === 0 || drive === undefined) throw new UsageError('nothing-to-purge', 'nothing of ours to purge')
    for (let at = 0; at < chosen.length; at += maxTogether) {
      const some = chosen.slice(at, at + maxTogether)
      await writing.write(
        (clock) => some.map(({ node, object: gone }) => ({ kind: 'purge', clock, node, object: gone })),
        {
          boundTo: drive,
        },
      )
      await this.#drop(
        drive,
        some.map(({ object: gone }) => gone),
        signal,
      )
    }
  }

  /** Once, as soon as the node is there: clears what was purged last, in case everything ended before it was. @throws what the store throws. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { own, drives } = this.#ports
    const { known: drive } = own
    if (this.#isSwept || drive === undefined) return
    await drives.refresh(drive)
    const gone = (drives.journal(drive)?.batches ?? []).flatMap(({ ops }) =>
      ops.flatMap((op) => (op.kind === 'purge' ? op.object : [])),
    )
    await this.#drop(drive, gone.slice(-maxTogether), signal)
    this.#isSwept = true
  }

  /** What was deleted, with all that is in it, or one version that is not the present one of what is there. */
  #chosen(id: NodeId, object: ObjectId | undefined): readonly Chosen[] {
    const tree = this.#ports.tree()
    const { known: drive } = this.#ports.own
    if (drive === undefined || (object === undefined && tree.isThere(id))) return []
    return [...tree.filesBelow(id)].flatMap((file) => {
      const kept = tree.isThere(file.id) ? file.version : undefined
      const ours = tree.versions(file.id).filter((one) => one.drive === drive && one !== kept)
      return ours
        .filter(({ put }) => object === undefined || put.object === object)
        .map(({ put }) => ({ node: file.id, object: put.object, sizeBytes: put.sizeBytes }))
    })
  }

  async #drop(drive: DriveKey, objects: readonly ObjectId[], signal: AbortSignal): Promise<void> {
    const { store, lent } = this.#ports
    const left = [...objects]
    for (const object of objects) lent.forget(object)
    const work = async (): Promise<void> => {
      for (let object = left.pop(); object !== undefined; object = left.pop()) await store.drop(drive, object, signal)
    }
    await Promise.all(Array.from({ length: maxCalls }, work))
  }
}
