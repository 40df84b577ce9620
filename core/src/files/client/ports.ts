import type { KnownJournal } from '../../control-log/index.ts'
import type { PeerId, RoomIdentity } from '../../identity/index.ts'
import type { Undo } from '../../lifetime/index.ts'
import type { Clock, Random } from '../../runtime/index.ts'
import type { Batch } from '../journal/index.ts'
import type { ToldMaster } from '../keys/index.ts'
import type { RememberedFiles } from '../memory.ts'
import type { DriveStore, NearSource, Octets, Source } from './source.ts'
import type { UploadMemory } from './transfers/index.ts'
import type { ObjectWork } from './work/index.ts'

/** What the room's log says of files, as this device knows it. */
export interface FileRights {
  readonly epoch: () => number
  /** Whether we may write now. */
  readonly mayWrite: () => boolean
  /**
   * Whether a batch counts, whoever wrote it and whenever, by what is known of its drive. Where more of that was read or told more may count, never
   * less; `onChange` tells of all other reasons.
   */
  readonly counts: (batch: Batch, journal: KnownJournal) => boolean
  readonly onChange: (changed: () => void) => Undo
}

/** What members who are in tell each other of files. Whoever listens hears at once what was told before. */
export interface FileTalk {
  readonly tellMasters: (masters: readonly ToldMaster[]) => void
  /** Signed records of drives, ours and those of others, that this device has read as far as they say. */
  readonly tellDrives: (records: readonly Octets[]) => void
  readonly onMasters: (heard: (masters: readonly ToldMaster[]) => void) => Undo
  readonly onDrives: (heard: (records: readonly Uint8Array[]) => void) => Undo
  /** Somebody came in who may know nothing of it. */
  readonly onSomebody: (came: () => void) => Undo
}

/** What a device gives a data room to work with. */
export interface DataRoomPorts {
  readonly roomId: Uint8Array
  readonly identity: Pick<RoomIdentity, 'publicKey' | 'peerId' | 'sign'>
  readonly store: DriveStore
  /** Who is asked before the node is for what this author wrote: members over their channels. */
  readonly nearer?: (author: PeerId) => readonly NearSource[]
  /** Gives members what this device has, until it is undone. */
  readonly lend?: (what: Pick<Source, 'read'>) => Undo
  readonly work: ObjectWork
  readonly clock: Clock
  readonly random: Random
  /** What must not be forgotten. Kept encrypted; `keep` resolves once it is safe. */
  readonly memory: {
    readonly load: () => Promise<RememberedFiles | undefined>
    readonly keep: (files: RememberedFiles) => Promise<void>
  }
  readonly uploads: UploadMemory
  readonly rights: FileRights
  readonly talk: FileTalk
}
