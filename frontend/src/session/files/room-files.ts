import type { DataRoomView, OpenedFile, Purgeable, TransferView, UploadFile } from '@p2pigeon/core/files'
import type { Readable } from '../../state/index.ts'

/**
 * The files of one room as views use them. Deeds resolve when the node has what they wrote; what fails rejects with a code that
 * `fileFault` knows, transfers excepted: those show theirs in the list.
 */
export interface RoomFiles {
  readonly roomId: string
  readonly view: Readable<DataRoomView>
  readonly transfers: Readable<readonly TransferView[]>
  /** True in a room above the standard level of privacy: pictures must not tell where they were taken. */
  readonly hidesDetails: boolean
  createFolder(parent: string, name: string): Promise<string>
  rename(id: string, name: string): Promise<void>
  move(ids: readonly string[], parent: string): Promise<void>
  remove(ids: readonly string[]): Promise<void>
  restore(ids: readonly string[]): Promise<void>
  restoreVersion(id: string, object: string): Promise<void>
  /** What `purge` would take: of what was deleted, the versions that this device wrote; or this one, where the file is there and has a later one. */
  purgeable(id: string, object?: string): Purgeable
  /** Deletes them for good: nobody restores them, and the share of the node is free of them. Rejects with `nothing-to-purge` where there are none. */
  purge(id: string, object?: string): Promise<void>
  /** Has the node say anew how much of the share is used: the view shows it. */
  askUsed(): void
  /** Queues files; each shows among the transfers. False where there are too many: then the last of them are not queued. */
  upload(parent: string, files: readonly UploadFile[]): boolean
  /**
   * Queues one file into a folder of the top, which is made when there is none. It becomes a file of its own, whatever there has its name; `written` is
   * called with its id once others can have it. The id of its transfer; `undefined` where there are too many.
   */
  attach(folder: string, file: UploadFile, written: (id: string) => void): string | undefined
  /** Opens the present version, or an older one. */
  open(id: string, object?: string): Promise<OpenedFile>
  /** Saves to this device's disk, where the browser asks for the place. Resolves once begun: the rest shows among the transfers. */
  save(id: string, object?: string): Promise<void>
  pause(transfer: string): void
  resume(transfer: string): void
  cancel(transfer: string): void
  /** Goes on with a file that was chosen again. False when it is another one. */
  chooseAgain(transfer: string, file: File): Promise<boolean>
  clearFinished(): void
  /** The code for `pigeon replicate --blind`: whoever runs that keeps copies, and reads nothing. From the first call on the node tells them of the files. */
  replicaCode(): Promise<string>
  /** How a participant calls itself, if that is known. */
  nameOf(peer: string): string | undefined
  /** True for this device's own identity. */
  isOwn(peer: string): boolean
}
