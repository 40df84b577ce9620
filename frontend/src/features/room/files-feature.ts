import type { ComponentType } from 'react'
import type { MessageFile } from '@p2pigeon/core'
import type { UploadFile } from '@p2pigeon/core/files'
import type { AttachmentView, RoomFiles } from '../../session/index.ts'

/** What shows the files of a room: another feature, which the page hands to this one, and which is loaded when files are wanted. */
export interface FilesFeature {
  readonly FilesView: ComponentType<{
    readonly files: RoomFiles
    readonly now: () => number
    /** What was dropped on the room; `taken` is called as soon as it is on its way. */
    readonly dropped: readonly FileSystemEntry[]
    readonly taken: () => void
  }>
  /** The files of one message. */
  readonly FileCards: ComponentType<{ readonly files: RoomFiles; readonly said: readonly MessageFile[] }>
  /** Files that go with messages, in the composer. */
  readonly AttachmentTray: ComponentType<{
    readonly attached: readonly AttachmentView[]
    readonly hidesDetails: boolean
    readonly cancel: (key: number) => void
    readonly retry: (key: number) => void
  }>
  /** Rejects with a code for what cannot be read. */
  readonly prepareUpload: (file: File, hidesDetails: boolean) => Promise<UploadFile>
}

/** The same function on every render. */
export type LoadFiles = () => Promise<FilesFeature>
