import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react'
import type { DataRoomView, EntryView, OpenedFile } from '@p2pigeon/core/files'
import { faultCode } from '../../session/index.ts'
import { Button, IconButton, Spinner } from '../../ui/index.ts'
import { bytesText } from '../../text/index.ts'
import { fileFault, filesText } from '../../text/files/index.ts'
import type { FilesViewModel } from './files-view-model.ts'
import { fetchPreview, maxPreviewBytes, type Content } from './preview-content.ts'
import { PreviewFrame, StreamedFrame } from './PreviewFrame.tsx'
import { previewOf } from './preview-kind.ts'

const words = filesText.preview

export interface PreviewDialogProps {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly id: string
  readonly rows: readonly EntryView[]
}

/** One file, shown. Letters are shown here as letters; everything else within a frame that can reach nothing. */
export function PreviewDialog({ model, view, id, rows }: PreviewDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  const entry = view.entry(id)
  const shown = useMemo(() => rows.filter(({ kind }) => kind === 'file'), [rows])
  const at = shown.findIndex((row) => row.id === id)
  const go = (step: number): void => {
    const next = shown[at + step]
    if (at < 0 || !next) return
    model.select(next.id, 'only')
    model.ask({ kind: 'preview', id: next.id })
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      onClose={(event) => {
        // A dialog that gives way to the next file is closed by its going, not by the user.
        if (event.currentTarget.isConnected) model.closeDialog()
      }}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'ArrowRight') go(1)
        if (event.key === 'ArrowLeft') go(-1)
      }}
      className="m-auto flex h-[min(56rem,calc(100dvh-1.5rem))] w-[min(72rem,calc(100vw-1.5rem))] max-w-none flex-col overflow-hidden rounded-card bg-surface text-ink outline-none shadow-float inset-ring inset-ring-line backdrop:bg-black/60"
    >
      <div className="flex h-13 shrink-0 items-center gap-1 border-b border-line pr-1.5 pl-4">
        <h2 id={heading} className="min-w-0 flex-1 truncate font-semibold">
          {entry?.name}
        </h2>
        <IconButton size="small" hint label={words.previous} disabled={at <= 0} onClick={() => go(-1)}>
          <ChevronLeft size={19} aria-hidden />
        </IconButton>
        <IconButton size="small" hint label={words.next} disabled={at >= shown.length - 1} onClick={() => go(1)}>
          <ChevronRight size={19} aria-hidden />
        </IconButton>
        <IconButton size="small" hint label={words.download} onClick={() => void model.save(id)}>
          <Download size={18} aria-hidden />
        </IconButton>
        <IconButton size="small" hint label={words.close} onClick={() => model.closeDialog()}>
          <X size={19} aria-hidden />
        </IconButton>
      </div>
      {entry ? <Body key={id} model={model} entry={entry} /> : <Gone />}
    </dialog>
  )
}

/** Somebody has deleted it while it was shown. */
function Gone() {
  const { title, body } = fileFault('file-unknown')
  return (
    <div role="alert" className="flex flex-1 flex-col items-center justify-center gap-1 p-6 text-center">
      <p className="font-semibold">{title}</p>
      <p className="max-w-96 text-soft">{body}</p>
    </div>
  )
}

type Fetched =
  | { readonly kind: 'busy'; readonly doneBytes: number }
  | { readonly kind: 'ready'; readonly content: Content }
  | { readonly kind: 'failed'; readonly code: string }

/** A film that does not play in parts is fetched whole unasked up to this; most connections bring it in seconds. */
const unaskedBytes = 20_000_000

function Body({ model, entry }: { readonly model: FilesViewModel; readonly entry: EntryView }) {
  const [isWhole, setWhole] = useState(false)
  const [isAskedFor, setAskedFor] = useState(false)
  const { id, sizeBytes } = entry
  const { kind } = previewOf(entry.name)
  if (kind === 'none') return <NoPreview model={model} id={id} said={words.none} />
  // A film that does not come in parts may still play whole.
  if (kind === 'video' && !isWhole) return <Streaming model={model} id={id} kind={kind} failed={() => setWhole(true)} />
  if (kind === 'pdf') return <Book model={model} id={id} />
  const most = maxPreviewBytes(kind)
  if (sizeBytes > most) return <NoPreview model={model} id={id} said={words.tooLarge(bytesText(most))} />
  if (isWhole && !isAskedFor && sizeBytes > unaskedBytes) {
    const all = bytesText(sizeBytes)
    return (
      <NoPreview model={model} id={id} title={words.wholeTitle} said={words.wholeBody(all)}>
        <Button tone="primary" onClick={() => setAskedFor(true)}>
          {words.loadWhole(all)}
        </Button>
      </NoPreview>
    )
  }
  return (
    <>
      {isWhole && <p className="border-b border-line px-4 py-2 text-[0.8125rem] text-soft">{words.whole}</p>}
      <Fetching model={model} entry={entry} />
    </>
  )
}

function Book({ model, id }: { readonly model: FilesViewModel; readonly id: string }) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return <NoPreview model={model} id={id} said={words.broken} />
  return <Streaming model={model} id={id} kind="pdf" failed={() => setBroken(true)} />
}

type Opened =
  | { readonly kind: 'busy' }
  | { readonly kind: 'ready'; readonly file: OpenedFile }
  | { readonly kind: 'failed'; readonly code: string }

/** A file of which the parts that are looked at are fetched, and no others. */
function Streaming({
  model,
  id,
  kind,
  failed,
}: {
  readonly model: FilesViewModel
  readonly id: string
  readonly kind: 'pdf' | 'video'
  readonly failed: () => void
}) {
  const [opened, setOpened] = useState<Opened>({ kind: 'busy' })
  const [isShown, setShown] = useState(false)
  const { files } = model
  useEffect(() => {
    let wanted = true
    files.open(id).then(
      (file) => wanted && setOpened({ kind: 'ready', file }),
      (error: unknown) => wanted && setOpened({ kind: 'failed', code: faultCode(error) }),
    )
    return () => {
      wanted = false
    }
  }, [files, id])
  if (opened.kind === 'failed') {
    const { title, body } = fileFault(opened.code)
    return <NoPreview model={model} id={id} title={title} said={body} />
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {!isShown && (
        <p className="absolute inset-0 flex items-center justify-center gap-3 text-soft">
          <Spinner /> {words.busy}
        </p>
      )}
      {opened.kind === 'ready' && (
        <StreamedFrame
          kind={kind}
          file={opened.file}
          name={opened.file.name}
          shown={() => setShown(true)}
          failed={failed}
        />
      )}
    </div>
  )
}

function Fetching({ model, entry }: { readonly model: FilesViewModel; readonly entry: EntryView }) {
  const [fetched, setFetched] = useState<Fetched>({ kind: 'busy', doneBytes: 0 })
  const [isBroken, setBroken] = useState(false)
  const { id, name, sizeBytes } = entry
  const { files } = model
  useEffect(() => {
    const stop = new AbortController()
    const enter = (next: Fetched): void => {
      if (!stop.signal.aborted) setFetched(next)
    }
    files
      .open(id)
      .then((file) => fetchPreview(file, (doneBytes) => enter({ kind: 'busy', doneBytes }), stop.signal))
      .then(
        (content) => enter({ kind: 'ready', content }),
        (error: unknown) => enter({ kind: 'failed', code: faultCode(error) }),
      )
    return () => stop.abort()
  }, [files, id])
  if (isBroken) return <NoPreview model={model} id={id} said={words.broken} />
  switch (fetched.kind) {
    case 'busy':
      return (
        <div className="flex flex-1 flex-col items-center justify-center gap-3 p-6 text-soft">
          <p className="flex items-center gap-3">
            <Spinner /> {words.busy}
          </p>
          <p className="text-[0.8125rem] text-faint tabular-nums">
            {words.progress(bytesText(fetched.doneBytes), bytesText(sizeBytes))}
          </p>
        </div>
      )
    case 'failed': {
      const { title, body } = fileFault(fetched.code)
      return <NoPreview model={model} id={id} title={title} said={body} />
    }
    case 'ready':
      return fetched.content.kind === 'text' ? (
        <div className="min-h-0 flex-1 overflow-auto">
          {fetched.content.isCut && (
            <p className="border-b border-line px-4 py-2 text-[0.8125rem] text-soft">
              {words.cut(bytesText(fetched.content.shownBytes))}
            </p>
          )}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <pre tabIndex={0} className="p-4 font-mono text-[0.8125rem] break-words whitespace-pre-wrap">
            {fetched.content.text}
          </pre>
        </div>
      ) : (
        <PreviewFrame name={name} content={fetched.content} failed={() => setBroken(true)} />
      )
  }
}

function NoPreview({
  model,
  id,
  title,
  said,
  children,
}: {
  readonly model: FilesViewModel
  readonly id: string
  readonly title?: string
  readonly said: string
  /** What can be done besides saving it. */
  readonly children?: ReactNode
}) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-1 p-6 text-center">
      {title && <p className="font-semibold">{title}</p>}
      <p className="max-w-96 text-soft">{said}</p>
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        {children}
        <Button onClick={() => void model.save(id)}>{words.download}</Button>
      </div>
    </div>
  )
}
