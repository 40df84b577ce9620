import type { CarrierState, PeerId, RoomState } from '@p2pigeon/core'
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
  | { readonly type: 'error'; readonly code: string; readonly words: string }
  | { readonly type: 'left' }
