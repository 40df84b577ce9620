import { useLayoutEffect, useState } from 'react'
import { Download, Image as ImageIcon, X } from 'lucide-react'
import type { FileView, MessageView, Passage } from '@p2pigeon/core/chat'
import { useReadable } from '../../../state/index.ts'
import { FileIcon, percent, Progress } from '../../../ui/files/index.ts'
import { Button, IconButton, saveBytes, Spinner } from '../../../ui/index.ts'
import { filesText as words } from '../../../text/conversations/index.ts'
import { FileName } from './FileName.tsx'
import { fileFault, fileSize } from './file-words.ts'
import { Opening } from './opening.ts'
import { isSaidPicture, pictureBox, pictureUrl } from './picture.ts'

/** What can be done with the file of a message. */
export interface FileActions {
  /** True where nobody but the user's own node learns that it is looked at. */
  readonly isNear: (message: MessageView) => boolean
  readonly open: (message: MessageView, passage: Passage) => Promise<Uint8Array<ArrayBuffer>>
}

/** A larger picture is shown when somebody asks for it. */
const maxUnaskedBytes = 10_000_000

/** The file of a message: what it is said to be, and once it is asked for what it is. */
export function FileCard({
  message,
  file,
  actions,
}: {
  readonly message: MessageView
  readonly file: FileView
  /** Undefined where it cannot be fetched, and is only spoken of. */
  readonly actions: FileActions | undefined
}) {
  return (
    <div className="w-72 max-w-full">
      {actions ? <Openable message={message} file={file} actions={actions} /> : <Said file={file} />}
    </div>
  )
}

function Said({ file: { name, type, bytes } }: { readonly file: FileView }) {
  return (
    <div className="flex items-center gap-3">
      <FileIcon type={type} size={28} />
      <div className="min-w-0 flex-1">
        <FileName name={name} className="text-[0.9375rem] font-medium" />
        <p className="text-[0.8125rem] text-faint">{fileSize(bytes)}</p>
      </div>
    </div>
  )
}

function Openable({
  message,
  file,
  actions,
}: {
  readonly message: MessageView
  readonly file: FileView
  readonly actions: FileActions
}) {
  const { name, type, bytes } = file
  const shown = name || words.unnamed
  const [opening] = useState(
    () =>
      new Opening({
        open: (passage) => actions.open(message, passage),
        save: (content) => saveBytes(content, name || words.saveAs),
        pictureUrl,
        release: (url) => URL.revokeObjectURL(url),
      }),
  )
  const isPicture = isSaidPicture(type)
  const [isUnasked] = useState(() => isPicture && (bytes ?? Infinity) <= maxUnaskedBytes && actions.isNear(message))
  // Before anything is painted: its room is there from the start.
  useLayoutEffect(() => {
    if (isUnasked) void opening.show()
    return () => opening.end()
  }, [opening, isUnasked])
  const { work, picture } = useReadable(opening.state)
  const isLoading = work.kind === 'loading'
  const isNone = work.kind === 'failed' && work.code === 'no-picture'
  const canShow = isPicture && picture === undefined && !isLoading && !isNone
  const box = pictureBox(file)
  const hasRoom = picture !== undefined || (isLoading && work.purpose === 'show')
  return (
    <>
      {hasRoom && (
        <div
          className="-mx-2 -mt-0.5 mb-2 flex max-w-[calc(100%+1rem)] items-center justify-center overflow-hidden rounded-xl bg-sunken text-faint"
          style={{ width: box.width, aspectRatio: `${box.width} / ${box.height}` }}
        >
          {picture === undefined ? (
            <Spinner />
          ) : (
            <img
              src={picture}
              alt={words.picture(shown)}
              draggable={false}
              className="size-full object-contain"
              onError={() => opening.broken()}
            />
          )}
        </div>
      )}
      <div className="flex items-center gap-3">
        <FileIcon type={type} size={28} />
        <div className="min-w-0 flex-1">
          <FileName name={name} className="text-[0.9375rem] font-medium" />
          <p className="text-[0.8125rem] text-faint">
            {isLoading ? words.loading(percent(work.part)) : fileSize(bytes)}
          </p>
        </div>
        {isLoading ? (
          <IconButton size="small" hint label={words.stop(shown)} onClick={() => opening.stop()}>
            <X size={18} aria-hidden />
          </IconButton>
        ) : (
          <IconButton size="small" hint label={words.save(shown)} onClick={() => void opening.save()}>
            <Download size={18} aria-hidden />
          </IconButton>
        )}
      </div>
      {isLoading && <Progress label={words.loadingName(shown)} part={work.part} />}
      {work.kind === 'failed' && <Failure code={work.code} />}
      {canShow && (
        <Button size="small" aria-label={words.show(shown)} className="mt-2 w-full" onClick={() => void opening.show()}>
          <ImageIcon size={16} aria-hidden />
          {words.showShort}
        </Button>
      )}
    </>
  )
}

function Failure({ code }: { readonly code: string }) {
  const { title, body } = fileFault(code)
  return (
    <p role="alert" className="mt-1.5 text-[0.8125rem] text-danger-ink">
      <span className="font-medium">{title}.</span> {body}
    </p>
  )
}
