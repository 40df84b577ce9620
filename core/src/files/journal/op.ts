import type { PeerId } from '../../identity/index.ts'
import type { DriveKey, MasterId, NodeId, ObjectId } from '../ids.ts'
import type { WrappedKey } from '../keys/index.ts'

/** What a member did. `clock` is a Lamport clock: at least as great as every clock the author had seen, one greater where u48 has room. */
export type Op = PutOp | FolderOp | MoveOp | DeleteOp | RestoreOp | PurgeOp

/** A version of a file; the first one makes the file. */
export interface PutOp {
  readonly kind: 'put'
  readonly clock: number
  readonly node: NodeId
  /** Where the file is made, if this is its first version. */
  readonly parent: NodeId
  readonly name: string
  /** The version that was the present one for the author. */
  readonly replaces: ObjectId | undefined
  readonly object: ObjectId
  readonly sizeBytes: number
  /** Unix milliseconds by the author's word. */
  readonly modifiedAtMs: number
  readonly mediaType: string
  /** What the object's blocks come to, 32 bytes. */
  readonly root: Uint8Array<ArrayBuffer>
  readonly key: WrappedKey
}

export interface FolderOp {
  readonly kind: 'folder'
  readonly clock: number
  readonly node: NodeId
  readonly parent: NodeId
  readonly name: string
}

/** Also a renaming. */
export interface MoveOp {
  readonly kind: 'move'
  readonly clock: number
  readonly node: NodeId
  readonly parent: NodeId
  readonly name: string
}

export interface DeleteOp {
  readonly kind: 'delete'
  readonly clock: number
  readonly node: NodeId
}

export interface RestoreOp {
  readonly kind: 'restore'
  readonly clock: number
  readonly node: NodeId
  /** An older version that becomes the present one again. */
  readonly object: ObjectId | undefined
}

/** Of whoever wrote this version: its content is gone for good, from their drive too. */
export interface PurgeOp {
  readonly kind: 'purge'
  readonly clock: number
  readonly node: NodeId
  readonly object: ObjectId
}

/** A batch that was opened and verified: signed by its author, in its place in the chain. Whether it counts, `batchStanding` says. */
export interface Batch {
  readonly drive: DriveKey
  readonly author: PeerId
  /** Counts the batches of the drive from 0. */
  readonly number: number
  readonly epoch: number
  readonly master: MasterId
  /** SHA-256 of the sealed form, hexadecimal. */
  readonly hash: string
  readonly ops: readonly Op[]
}
