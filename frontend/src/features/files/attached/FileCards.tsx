import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { Download } from 'lucide-react'
import type { MessageFile } from '@p2pigeon/core'
import type { EntryView } from '@p2pigeon/core/files'
import { useSession, type RoomFiles } from '../../../session/index.ts'
import { useReadable } from '../../../state/index.ts'
import { FileIcon, FileNameLine } from '../../../ui/files/index.ts'
import { cx, IconButton } from '../../../ui/index.ts'
import { bytesText } from '../../../text/index.ts'
import { filesText } from '../../../text/files/index.ts'
import { FilesViewModel } from '../files-view-model.ts'
import { PreviewDialog } from '../PreviewDialog.tsx'
import { cardState } from './card-state.ts'

const words = filesText.attached
const none: readonly EntryView[] = []

export interface FileCardsProps {
  readonly files: RoomFiles
  /** What the message says of them. */
  readonly said: readonly MessageFile[]
}

/** The files of one message: what they are, once they are known, and until then what their sender says. */
export function FileCards({ files, said }: FileCardsProps) {
  const { notices } = useSession()
  const [model] = useState(
    () =>
      new FilesViewModel({
        files,
        toast: (toast, options) => notices.toast(toast, options),
        announce: (announced) => notices.announce(announced),
        copy: (text) => navigator.clipboard.writeText(text),
      }),
  )
  const view = useReadable(files.view)
  const { dialog } = useReadable(model.state)
  const isLooking = dialog?.kind === 'preview'
  const opener = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isLooking) return
    opener.current?.focus()
    opener.current = null
  }, [isLooking])
  return (
    <>
      <ul aria-label={words.files} className="my-1 grid gap-1">
        {said.map((file, index) => {
          const state = cardState(view, file)
          return (
            <li key={`${index} ${file.id}`} data-testid="attached" data-state={state.kind}>
              {state.kind === 'there' ? (
                <Card
                  files={files}
                  entry={state.entry}
                  open={(id, from) => {
                    opener.current = from
                    model.open(id)
                  }}
                  save={(id) => void model.save(id)}
                />
              ) : (
                <Missing said={file} isDeleted={state.kind === 'deleted'} />
              )}
            </li>
          )
        })}
      </ul>
      {/* Not within the log of the chat: that would read out how far a preview has come. */}
      {isLooking && createPortal(<PreviewDialog model={model} view={view} id={dialog.id} rows={none} />, document.body)}
    </>
  )
}

const cardClass = 'flex min-h-12 items-center gap-2 rounded-control bg-sunken pr-1'
const nameClass = 'text-[0.875rem] font-medium'

interface CardProps {
  readonly files: RoomFiles
  readonly entry: EntryView
  /** `from` has the focus again afterwards. */
  readonly open: (id: string, from: HTMLElement) => void
  readonly save: (id: string) => void
}

function Card({ files, entry: { id, name, sizeBytes, mediaType, by }, open, save }: CardProps) {
  const who = files.isOwn(by) ? filesText.you : (files.nameOf(by) ?? filesText.somebody)
  return (
    <div className={cardClass}>
      <button
        type="button"
        aria-label={words.open(name)}
        onClick={(event) => open(id, event.currentTarget)}
        className="flex min-w-0 flex-1 items-center gap-3 self-stretch rounded-control py-1.5 pl-3 text-left hover:bg-hover focus-visible:-outline-offset-2"
      >
        <FileIcon type={mediaType} size={22} />
        <span className="min-w-0 flex-1">
          <FileNameLine name={name} className={nameClass} />
          <span className="block truncate text-[0.8125rem] text-faint">
            {bytesText(sizeBytes)} · <bdi>{who}</bdi>
          </span>
        </span>
      </button>
      <IconButton size="small" hint label={words.save(name)} onClick={() => save(id)}>
        <Download size={17} aria-hidden />
      </IconButton>
    </div>
  )
}

function Missing({ said, isDeleted }: { readonly said: MessageFile; readonly isDeleted: boolean }) {
  return (
    <div className={cx(cardClass, 'gap-3 py-1.5 pl-3')}>
      <FileIcon type={said.mediaType} size={22} />
      <div className="min-w-0 flex-1">
        <FileNameLine name={said.name} className={cx(nameClass, 'text-soft')} />
        <p className="text-[0.8125rem] text-faint">
          {bytesText(said.sizeBytes)} · {isDeleted ? words.deleted : words.unknown}
          {!isDeleted && <span className="block">{words.unknownWhy}</span>}
        </p>
      </div>
    </div>
  )
}
