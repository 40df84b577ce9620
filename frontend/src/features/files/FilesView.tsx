import { useEffect, useId, useRef, useState, type DragEvent, type ReactNode } from 'react'
import { ChevronRight, CopyPlus, FolderPlus, FolderUp, MoreVertical, Search, Trash2, Upload, X } from 'lucide-react'
import { rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'
import { keepsNoFiles, useSession, type RoomFiles } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Banner, Button, cx, droppedEntries, IconButton, Spinner } from '../../ui/index.ts'
import { ActionMenu } from '../../ui/overlays/index.ts'
import { bytesText } from '../../text/index.ts'
import { fileFault, filesText as words } from '../../text/files/index.ts'
import { FileDialogs } from './FileDialogs.tsx'
import { chosenFiles, filesWithin } from './dropped.ts'
import { FileList } from './FileList.tsx'
import { FilesViewModel, type FilesUiState } from './files-view-model.ts'
import { pathTo } from './list-model.ts'
import { countText, nothingText, whyNotWritten } from './list-text.ts'
import { TransferTray } from './TransferTray.tsx'

/** Nearer to the quota than this share, it is shown. */
const quotaShownFrom = 0.8

export interface FilesViewProps {
  readonly files: RoomFiles
  readonly now: () => number
  /** What was dropped elsewhere and belongs here; `taken` is called as soon as it is. */
  readonly dropped?: readonly FileSystemEntry[]
  readonly taken?: () => void
}

const nothing: readonly FileSystemEntry[] = []

/** The files of a room, as the panel of a call shows them. It fills what is around it. */
export function FilesView({ files, now, dropped = nothing, taken }: FilesViewProps) {
  const { notices } = useSession()
  const [model] = useState(
    () =>
      new FilesViewModel({
        files,
        toast: (said, options) => notices.toast(said, options),
        announce: (said) => notices.announce(said),
        copy: (text) => navigator.clipboard.writeText(text),
      }),
  )
  useEffect(() => model.start(), [model])
  useEffect(() => {
    if (dropped.length === 0) return
    taken?.()
    if (files.view.get().mayWrite) void model.uploadFound(filesWithin(dropped))
    else notices.toast(whyNotWritten(files.view.get().node), { tone: 'fault' })
  }, [dropped, taken, files, model, notices])
  const view = useReadable(files.view)
  const state = useReadable(model.state)
  const rows = model.rows()
  const [isOver, setOver] = useState(false)
  const canDrop = view.mayWrite && state.place === 'files'
  const folder = view.entry(state.folder)
  const label = words.list(state.place === 'deleted' ? words.deletedTitle : (folder?.name ?? words.top))
  const drop = (event: DragEvent): void => {
    event.preventDefault()
    setOver(false)
    if (!canDrop) return
    void model.uploadFound(filesWithin(droppedEntries(event.dataTransfer.items)))
  }
  return (
    <div
      className="@container/files relative flex min-h-0 flex-1 flex-col bg-surface"
      data-testid="files"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.dataTransfer.dropEffect = canDrop ? 'copy' : 'none'
        setOver(canDrop)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={drop}
    >
      <Toolbar model={model} view={view} state={state} rows={rows} />
      <Notes files={files} view={view} showsUsed={state.place === 'deleted'} />
      {rows.length === 0 && state.naming !== 'new' ? (
        <Nothing model={model} view={view} state={state} />
      ) : (
        <FileList model={model} view={view} state={state} rows={rows} label={label} nowMs={now()} />
      )}
      <TransferTray files={files} chooseAgain={(id, file) => void model.chooseAgain(id, file)} />
      {isOver && (
        <div className="pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center rounded-card border-2 border-dashed border-accent bg-accent-soft/90 text-accent">
          <Upload size={28} aria-hidden />
          <p className="mt-2 font-semibold">{words.drop}</p>
          <p className="text-[0.875rem]">{words.dropInto(folder?.name ?? words.top)}</p>
        </div>
      )}
      {state.dialog && <FileDialogs model={model} view={view} dialog={state.dialog} rows={rows} nowMs={now()} />}
    </div>
  )
}

interface PartProps {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly state: FilesUiState
  readonly rows: readonly EntryView[]
}

function Toolbar({ model, view, state, rows }: PartProps) {
  const chosen = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const { selection, place, query } = state
  const take = (input: HTMLInputElement): void => {
    void model.uploadFound(chosenFiles(input.files ?? []))
    input.value = ''
  }
  const canWrite = view.mayWrite && place === 'files'
  return (
    <div className="shrink-0 border-b border-line">
      <div className="flex items-center gap-1.5 px-2 pt-2">
        <SearchField model={model} query={query} isHidden={place === 'deleted'} />
        {canWrite && (
          <>
            <input
              ref={chosen}
              type="file"
              multiple
              hidden
              aria-label={words.uploadFiles}
              data-testid="choose-files"
              onChange={(event) => take(event.currentTarget)}
            />
            <input
              ref={folder}
              type="file"
              hidden
              aria-label={words.uploadFolder}
              data-testid="choose-folder"
              {...{ webkitdirectory: '' }}
              onChange={(event) => take(event.currentTarget)}
            />
            <IconButton size="small" hint label={words.newFolder} onClick={() => model.name('new')}>
              <FolderPlus size={18} aria-hidden />
            </IconButton>
            <ActionMenu
              trigger={
                <Button size="small" tone="primary" aria-label={words.upload}>
                  <Upload size={16} aria-hidden />
                  <span className="hidden @md/files:inline">{words.upload}</span>
                </Button>
              }
              actions={[
                {
                  id: 'files',
                  label: words.uploadFiles,
                  icon: <Upload size={17} aria-hidden />,
                  run: () => chosen.current?.click(),
                },
                {
                  id: 'folder',
                  label: words.uploadFolder,
                  icon: <FolderUp size={17} aria-hidden />,
                  run: () => folder.current?.click(),
                },
              ]}
            />
          </>
        )}
        {place === 'deleted' ? (
          <Button size="small" onClick={() => model.goTo(rootFolder)}>
            {words.toFiles}
          </Button>
        ) : (
          <ActionMenu
            trigger={
              <IconButton size="small" hint label={words.more}>
                <MoreVertical size={18} aria-hidden />
              </IconButton>
            }
            actions={[
              {
                id: 'deleted',
                label: words.toDeleted,
                icon: <Trash2 size={17} aria-hidden />,
                run: () => model.showDeleted(),
              },
              {
                id: 'copies',
                label: words.copies.open,
                icon: <CopyPlus size={17} aria-hidden />,
                run: () => model.ask({ kind: 'copies' }),
              },
            ]}
          />
        )}
      </div>
      <div className="flex h-10 items-center gap-2 px-3">
        {selection.ids.size > (place === 'deleted' ? 0 : 1) ? (
          <SelectionBar model={model} view={view} isDeleted={place === 'deleted'} ids={[...selection.ids]} />
        ) : (
          <>
            <Crumbs model={model} view={view} state={state} />
            {place === 'deleted' && view.mayWrite && rows.some((row) => model.purging.mayPurge(row)) && (
              <SmallAction run={() => model.askToPurgeAll()}>{words.purge.all}</SmallAction>
            )}
            <p className="ml-auto shrink-0 text-[0.75rem] text-faint tabular-nums">
              {countText(view.node, query, rows.length)}
            </p>
          </>
        )}
      </div>
    </div>
  )
}

function SearchField({
  model,
  query,
  isHidden,
}: {
  readonly model: FilesViewModel
  readonly query: string
  readonly isHidden: boolean
}) {
  const id = useId()
  if (isHidden) return <p className="min-w-0 flex-1 truncate px-1 font-semibold">{words.deletedTitle}</p>
  return (
    <div className="relative min-w-0 flex-1">
      <label htmlFor={id} className="sr-only">
        {words.search}
      </label>
      <Search size={16} aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 text-faint" />
      <input
        id={id}
        type="text"
        value={query}
        placeholder={words.searchPlaceholder}
        autoComplete="off"
        onChange={(event) => model.search(event.currentTarget.value)}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') model.search('')
        }}
        className="h-9 w-full rounded-control bg-surface pr-8 pl-8 text-[0.875rem] inset-ring inset-ring-edge/60"
      />
      {query !== '' && (
        <button
          type="button"
          aria-label={words.clearSearch}
          onClick={() => model.search('')}
          className="absolute top-0 right-0 flex size-9 items-center justify-center text-faint hover:text-ink"
        >
          <X size={15} aria-hidden />
        </button>
      )}
    </div>
  )
}

function Crumbs({ model, view, state }: Omit<PartProps, 'rows'>) {
  if (state.place === 'deleted') return null
  const path = pathTo(view, state.folder)
  const steps = [{ id: rootFolder, name: words.top }, ...path]
  return (
    <nav aria-label={words.path} className="min-w-0 flex-1 overflow-hidden">
      <ol className="flex min-w-0 items-center">
        {steps.map(({ id, name }, index) => {
          const isLast = index === steps.length - 1
          return (
            <li key={id} className={cx('flex min-w-0 items-center', isLast ? 'shrink' : 'max-w-32 shrink-2')}>
              {index > 0 && <ChevronRight size={14} aria-hidden className="shrink-0 text-faint" />}
              <button
                type="button"
                aria-current={isLast ? 'location' : undefined}
                title={name}
                onClick={() => model.goTo(id)}
                className={cx(
                  'min-w-0 truncate rounded-md px-1.5 py-1 text-[0.875rem] focus-visible:-outline-offset-2',
                  isLast ? 'font-semibold' : 'text-soft hover:text-ink',
                )}
              >
                {name}
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

function SelectionBar({
  model,
  view,
  isDeleted,
  ids,
}: {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly isDeleted: boolean
  readonly ids: readonly string[]
}) {
  return (
    <div className="flex min-w-0 flex-1 items-center gap-1">
      <p className="mr-auto truncate text-[0.8125rem] font-medium">{words.selected(ids.length)}</p>
      {isDeleted ? (
        view.mayWrite && (
          <>
            <SmallAction run={() => void model.restore(ids)}>{words.row.restore}</SmallAction>
            {view.deleted().some((entry) => ids.includes(entry.id) && model.purging.mayPurge(entry)) && (
              <SmallAction run={() => model.askToPurge(ids)}>{words.row.purge}</SmallAction>
            )}
          </>
        )
      ) : (
        <>
          {ids.some((id) => view.entry(id)?.kind === 'file') && (
            <SmallAction run={() => void model.download(ids)}>{words.row.download}</SmallAction>
          )}
          {view.mayWrite && (
            <>
              <SmallAction run={() => model.ask({ kind: 'move', ids })}>{words.row.move}</SmallAction>
              <SmallAction run={() => void model.remove(ids)}>{words.row.remove}</SmallAction>
            </>
          )}
        </>
      )}
    </div>
  )
}

function SmallAction({ run, children }: { readonly run: () => void; readonly children: ReactNode }) {
  return (
    <Button size="small" tone="quiet" className="h-8! px-2!" onClick={run}>
      {children}
    </Button>
  )
}

/** What must be said of the node and of others' drives. */
function Notes({
  files,
  view,
  showsUsed,
}: {
  readonly files: RoomFiles
  readonly view: DataRoomView
  readonly showsUsed: boolean
}) {
  const { node, problems, pendingDrives } = view
  const whoOf = (by: string): string => (files.isOwn(by) ? words.you : (files.nameOf(by) ?? words.somebody))
  const isUsedShown = node.kind === 'ready' && (showsUsed || node.usedBytes > quotaShownFrom * node.quotaBytes)
  if (node.kind !== 'unreachable' && problems.length === 0 && pendingDrives === 0 && view.mayWrite && !isUsedShown) {
    return null
  }
  return (
    <div className="grid shrink-0 gap-2 border-b border-line p-2 empty:hidden" data-testid="file-notes">
      {node.kind === 'unreachable' && (
        <Banner
          tone="warn"
          title={node.code === 'node-unreachable' ? words.node.unreachable : fileFault(node.code).title}
        >
          {node.code === 'node-unreachable' ? words.node.unreachableBody : fileFault(node.code).body}
        </Banner>
      )}
      {problems.map(({ by, kind }) => (
        <Banner key={by + kind} tone="fault" title={words.problems[kind](whoOf(by))}>
          {words.problems.body}
        </Banner>
      ))}
      {!view.mayWrite && node.kind !== 'opening' && !keepsNoFiles(node) && (
        <p className="px-1 text-[0.8125rem] text-soft">{words.noRight}</p>
      )}
      {pendingDrives > 0 && (
        <p className="flex items-center gap-2 px-1 text-[0.8125rem] text-soft">
          <Spinner /> {words.node.pending(pendingDrives)}
        </p>
      )}
      {isUsedShown && (
        <p className="px-1 text-[0.8125rem] text-soft">
          {words.node.quota(bytesText(node.usedBytes), bytesText(node.quotaBytes))}
        </p>
      )}
    </div>
  )
}

function Nothing({ model, view, state }: Omit<PartProps, 'rows'>) {
  const chosen = useRef<HTMLInputElement>(null)
  if (view.node.kind === 'opening' && state.place === 'files') {
    return (
      <p className="flex flex-1 items-center justify-center gap-3 p-6 text-soft">
        <Spinner /> {words.opening}
      </p>
    )
  }
  const { title, body } = nothingText(view, state)
  const mayBegin = view.mayWrite && state.place === 'files' && state.query.trim() === ''
  return (
    <div className="flex flex-1 flex-col items-center justify-center p-6 text-center">
      {mayBegin && <FolderUp size={28} aria-hidden className="mb-3 text-faint" />}
      <p className="font-semibold">{title}</p>
      {body && <p className="mt-1 max-w-80 text-[0.875rem] text-soft">{body}</p>}
      {mayBegin && (
        <>
          <input
            ref={chosen}
            type="file"
            multiple
            hidden
            aria-label={words.empty.choose}
            onChange={(event) => {
              void model.uploadFound(chosenFiles(event.currentTarget.files ?? []))
              event.currentTarget.value = ''
            }}
          />
          <Button className="mt-4" onClick={() => chosen.current?.click()}>
            {words.empty.choose}
          </Button>
        </>
      )}
    </div>
  )
}
