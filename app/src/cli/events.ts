import type { CarrierState, MessageFile, PeerId, RoomState } from '@p2pigeon/core'
import type { ReplicaProgress } from '../data-room/index.ts'

/** What `--json` prints, one object a line. Fields are only ever added. */
export type CliEvent =
  /** The link of a fresh room. Secret: whoever has it can enter. */
  | { readonly type: 'link'; readonly link: string }
  | {
      readonly type: 'joined'
      readonly roomId: string
      readonly peerId: PeerId
      readonly name: string
      readonly isHost: boolean
    }
  | { readonly type: 'peer-connected'; readonly peerId: PeerId; readonly name: string; readonly isHost: boolean }
  | {
      readonly type: 'peer-left'
      readonly peerId: PeerId
      readonly name: string
      readonly reason: 'left' | 'lost' | 'kicked'
    }
  | {
      readonly type: 'message'
      readonly id: string
      readonly from: PeerId
      readonly name: string
      readonly text: string
      /** Files of the room that it speaks of. */
      readonly files: readonly MessageFile[]
      readonly sentAtMs: number
    }
  /** A line was accepted as a message; `delivered` with this id follows when everyone here has it. */
  | { readonly type: 'sent'; readonly id: string; readonly to: number }
  | { readonly type: 'delivered'; readonly id: string; readonly to: number }
  | {
      readonly type: 'state'
      readonly room: RoomState['kind']
      readonly carrier: CarrierState['kind']
      /** Present when the carrier is `ready`. */
      readonly network?: 'public' | 'local' | 'unknown'
    }
  /** What a replica has. */
  | ({ readonly type: 'replica' } & ReplicaProgress)
  /** A file or folder of the room. `path` is from the room's whole folder. */
  | {
      readonly type: 'entry'
      readonly path: string
      readonly name: string
      readonly kind: 'file' | 'folder'
      readonly sizeBytes: number
      readonly modifiedAtMs: number
      readonly by: PeerId
      readonly versions: number
    }
  /** How far files have come, at most once a second. */
  | {
      readonly type: 'progress'
      readonly direction: 'up' | 'down'
      readonly files: number
      readonly filesDone: number
      readonly bytes: number
      readonly bytesDone: number
      readonly bytesPerSecond: number
    }
  /** A file has arrived. */
  | { readonly type: 'file'; readonly direction: 'up' | 'down'; readonly path: string; readonly sizeBytes: number }
  /** A file stays where it is. */
  | { readonly type: 'file-failed'; readonly path: string; readonly code: string; readonly words: string }
  /** A file or folder that the room cannot have under its name has this one there. */
  | { readonly type: 'renamed'; readonly path: string; readonly name: string }
  /** Drives of members that could not be read in time: there may be more files than are told of. */
  | { readonly type: 'incomplete'; readonly drives: number }
  /** Both sides had changed a file: the room's has its name, the one that was here is kept beside it. */
  | { readonly type: 'conflict'; readonly path: string; readonly kept: string }
  /** A file that was deleted on one side was deleted on the other. */
  | { readonly type: 'deleted'; readonly path: string }
  /** One time of syncing is over. `left` were deleted on one side and are kept on the other. */
  | {
      readonly type: 'synced'
      readonly up: number
      readonly down: number
      readonly deleted: number
      readonly conflicts: number
      readonly left: number
      readonly failed: number
    }
  /** So many versions that we wrote were deleted for good, with the bytes of their contents. */
  | { readonly type: 'purged'; readonly versions: number; readonly sizeBytes: number }
  /** Everything was shared, and we are there for members who come. */
  | { readonly type: 'staying' }
  /** Nobody else was in the room: members learn of what was written when they meet us the next time. */
  | { readonly type: 'nobody-told' }
  | { readonly type: 'error'; readonly code: string; readonly words: string }
  | { readonly type: 'left' }
