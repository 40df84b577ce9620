import type { PeerId } from '../../identity/index.ts'

/** The folder that holds everything: 16 zeros in hex. */
export const rootFolder = '00000000000000000000000000000000'

/** One file or folder as it is shown. Names are clean and unique within their folder. */
export interface EntryView {
  /** Hex of the node id: stays the same through renames, moves and versions. */
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly kind: 'file' | 'folder'
  /** Of the present version; 0 for a folder. */
  readonly sizeBytes: number
  /** Unix milliseconds by the writer's clock; 0 for a folder. Shown, never used for order of deeds. */
  readonly modifiedAtMs: number
  /** As the writer named it; never believed for more than a choice of preview. */
  readonly mediaType: string
  /** Who wrote the present version. */
  readonly by: PeerId
  /** How many versions there are, the present one included; 0 for a folder. */
  readonly versions: number
}

export interface VersionView {
  /** Hex of the object id. */
  readonly object: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  readonly by: PeerId
  readonly present: boolean
}

/** How far one file has come on its way. Rates are of the last seconds. */
export type TransferState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly bytesPerSecond: number; readonly secondsLeft: number | undefined }
  | { readonly kind: 'paused' }
  /** The page was loaded anew and has no hold of the file any more: somebody has to choose it again. */
  | { readonly kind: 'needs-file' }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'done' }

export interface TransferView {
  readonly id: string
  readonly direction: 'up' | 'down'
  readonly name: string
  readonly sizeBytes: number
  readonly doneBytes: number
  readonly state: TransferState
}

/** What must be told of a drive: the good part of it is shown all the same. */
export interface DriveProblem {
  readonly by: PeerId
  /** `rolled-back`: it shows less than it did, or something else. `damaged`: a batch does not hold. `over-limit`: more than anybody may write. */
  readonly kind: 'rolled-back' | 'damaged' | 'over-limit'
}

/** Whether the node that keeps our files can be used now. */
export type NodeState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'ready'; readonly usedBytes: number; readonly quotaBytes: number }
  /** Trying again by itself. */
  | { readonly kind: 'unreachable'; readonly code: string }

/**
 * A picture of the data room: another object after every change. It is looked at as long as it is the latest: one from before answers with what there is now.
 * What it gives is never changed, and the same object again while nothing of it changes.
 */
export interface DataRoomView {
  readonly node: NodeState
  /** False for a reader, for somebody who was removed, and as long as our node keeps no files (`no-data-room`). */
  readonly mayWrite: boolean
  /** Drives of others of which something was not read yet, or is not shown yet: 0 once everything that is known is shown. */
  readonly pendingDrives: number
  readonly problems: readonly DriveProblem[]
  /** What is in a folder, in no particular order. */
  list(folder: string): readonly EntryView[]
  entry(id: string): EntryView | undefined
  /** Also what was deleted, for good or not; undefined for what no journal that was read speaks of. */
  known(id: string): EntryView | undefined
  /** Whole folders and files that were deleted, each once. */
  deleted(): readonly EntryView[]
  versions(id: string): readonly VersionView[]
  /** Everything that is not deleted. */
  all(): readonly EntryView[]
}

/** What may be deleted for good: versions that lie in the drive of this device. */
export interface Purgeable {
  readonly versions: number
  /** Of their contents, together. */
  readonly bytes: number
}

/** Bytes of a file that may be larger than memory. */
export interface FileBody {
  readonly sizeBytes: number
  /** @throws when the file cannot be read any more, for example because it changed. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>
}

/** A file to upload. */
export interface UploadFile {
  /** Names of folders below the target, outermost first. */
  readonly path: readonly string[]
  readonly name: string
  readonly mediaType: string
  readonly modifiedAtMs: number
  readonly body: FileBody
}

/** A version opened for reading. Every byte that comes out was checked. */
export interface OpenedFile {
  readonly name: string
  readonly sizeBytes: number
  readonly mediaType: string
  /** From `start` (0) to `end` (all), exclusive. Errors of the stream carry a code: `object-damaged`, `object-missing`, `node-unreachable`. */
  stream(options?: { readonly start?: number; readonly end?: number }): ReadableStream<Uint8Array<ArrayBuffer>>
  /** A part at once. */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}
