import type { ReactNode } from 'react'
import { X } from 'lucide-react'
import type { MessageFile } from '@p2pigeon/core'
import { useSession } from '../../../session/index.ts'
import { useReadable, type Loaded } from '../../../state/index.ts'
import { FileNameLine, FileRow } from '../../../ui/files/index.ts'
import { Button, IconButton } from '../../../ui/index.ts'
import { faultText, text } from '../../../text/index.ts'
import { roomText } from '../../../text/room/index.ts'
import type { FilesFeature } from '../files-feature.ts'
import type { Attachments, AttachmentsState } from './attachments.ts'

const words = roomText.files

/** The files of a message: as its sender speaks of them until the files of the room are open. */
export function Attached({
  said,
  feature,
}: {
  readonly said: readonly MessageFile[]
  readonly feature: Loaded<FilesFeature>
}) {
  const { files } = useSession()
  const state = useReadable(files.state)
  if (feature.kind === 'loaded' && state.kind === 'open') {
    const { FileCards } = feature.value
    return <FileCards files={state.files} said={said} />
  }
  const failure =
    state.kind === 'failed'
      ? { title: faultText(state.code).title, again: () => files.open() }
      : feature.kind === 'failed' && { title: words.failed, again: feature.again }
  return (
    <div className="my-1 rounded-control bg-sunken">
      <ul aria-label={roomText.chat.attach.files}>
        {said.map(({ id, name, mediaType }, index) => (
          <PlainRow
            key={`${index} ${id}`}
            name={name}
            mediaType={mediaType}
            said={failure ? failure.title : words.loading}
          />
        ))}
      </ul>
      {failure && <TryAgain again={failure.again} />}
    </div>
  )
}

export interface TrayProps {
  readonly attachments: Attachments
  readonly hidesDetails: boolean
  readonly state: AttachmentsState
  readonly feature: Loaded<FilesFeature>
  readonly cancel: (key: number) => void
}

/** Files that go with messages. They can be left out before what shows them is loaded, and if it is not. */
export function Tray({ attachments, hidesDetails, state, feature, cancel }: TrayProps) {
  const attached = [...state.onWay, ...state.staged]
  const retry = (key: number): void => attachments.retry(key)
  if (feature.kind === 'loaded') {
    const { AttachmentTray } = feature.value
    return <AttachmentTray attached={attached} hidesDetails={hidesDetails} cancel={cancel} retry={retry} />
  }
  const isFailed = feature.kind === 'failed'
  return (
    <div className="mb-2 rounded-control bg-sunken">
      <ul
        aria-label={roomText.chat.attach.tray}
        className="max-h-[min(13rem,34dvh)] overflow-y-auto overscroll-contain"
      >
        {attached.map(({ key, name, mediaType }) => (
          <PlainRow key={key} name={name} mediaType={mediaType} said={isFailed ? words.failed : words.loading}>
            <IconButton size="small" hint label={roomText.chat.attach.leaveOut(name)} onClick={() => cancel(key)}>
              <X size={17} aria-hidden />
            </IconButton>
          </PlainRow>
        ))}
      </ul>
      {isFailed && (
        <>
          <p role="alert" className="px-3 text-[0.8125rem] text-soft">
            {words.failedBody}
          </p>
          <TryAgain
            again={() => {
              feature.again()
              for (const one of state.onWay) if (one.state.kind === 'failed') retry(one.key)
            }}
          />
        </>
      )}
    </div>
  )
}

interface PlainRowProps {
  readonly name: string
  readonly mediaType: string
  readonly said: string
  readonly children?: ReactNode
}

function PlainRow({ name, mediaType, said, children }: PlainRowProps) {
  return (
    <FileRow
      name={<FileNameLine name={name} className="text-[0.875rem] font-medium" />}
      type={mediaType}
      said={said}
      isFault={false}
    >
      {children}
    </FileRow>
  )
}

function TryAgain({ again }: { readonly again: () => void }) {
  return (
    <Button size="small" tone="quiet" className="mx-1.5 mb-1.5" onClick={again}>
      {text.common.tryAgain}
    </Button>
  )
}
