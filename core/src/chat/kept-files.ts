import type { ConversationId } from './view.ts'
import type { FileNote } from './files/index.ts'

/** A file of ours that is sealed and kept, and not in the store yet. */
export interface Parcel {
  readonly id: string
  readonly conversation: ConversationId
  readonly note: Omit<FileNote, 'url'>
  readonly replyTo: string | undefined
  readonly sealedBytes: number
  /** Why it is not tried again by itself. */
  readonly fault: string | undefined
}

/** A sealed file that is kept here, so that it need not be fetched. */
export interface Copy {
  readonly hash: string
  readonly bytes: number
  readonly conversation: ConversationId
  readonly message: string
}

/** What the index keeps of files; the files themselves are in slots of their own. */
export interface KeptFiles {
  readonly parcels: readonly Parcel[]
  /** The oldest first. */
  readonly copies: readonly Copy[]
  /** Hashes of what may be on the disk without being any of these: a crash came between two steps, and it is removed at the next start. */
  readonly loose?: readonly string[]
}
