import type { TransferState } from '@p2pigeon/core/files'

/** A file that goes with a message of the room's chat, before that has gone out. */
export interface AttachmentView {
  readonly key: number
  readonly file: File
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  readonly doneBytes: number
  /** `staged` until its message is sent; `preparing` until it is among the transfers. */
  readonly state: TransferState | { readonly kind: 'staged' | 'preparing' }
}
