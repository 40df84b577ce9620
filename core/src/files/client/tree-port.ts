import type { PeerId } from '../../identity/index.ts'
import type { DriveKey, NodeId } from '../ids.ts'
import type { Batch, PutOp } from '../journal/index.ts'

/** One version of a file, with where it lies and who wrote it. */
export interface TreeVersion {
  readonly put: PutOp
  readonly drive: DriveKey
  readonly author: PeerId
}

/** A file or folder as the journals of all members make it. */
export interface TreeNode {
  readonly id: NodeId
  readonly parent: NodeId
  /** Clean, and the only one of it in its folder. */
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly author: PeerId
  /** `within` what is in a folder that was deleted. */
  readonly deleted: 'no' | 'itself' | 'within'
  /** The present one. */
  readonly version: TreeVersion | undefined
  /** All, the latest first. */
  readonly versions: readonly TreeVersion[]
}

/** What batches that count come to, whatever the order in which they are given. */
export type FoldTree = (batches: Iterable<Batch>) => ReadonlyMap<NodeId, TreeNode>
