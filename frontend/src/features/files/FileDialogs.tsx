import { useState } from 'react'
import { ArrowLeft, ChevronRight, Folder } from 'lucide-react'
import { rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'
import { Button, IconButton, Modal } from '../../ui/index.ts'
import { filesText as words } from '../../text/files/index.ts'
import { CopiesDialog } from './CopiesDialog.tsx'
import type { FilesDialog, FilesViewModel } from './files-view-model.ts'
import { sorted } from './list-model.ts'
import { PreviewDialog } from './PreviewDialog.tsx'
import { PurgeDialog } from './PurgeDialog.tsx'
import { VersionList } from './VersionList.tsx'

export interface FileDialogsProps {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly dialog: FilesDialog
  readonly rows: readonly EntryView[]
  readonly nowMs: number
}

/** The question that is open. */
export function FileDialogs({ model, view, dialog, rows, nowMs }: FileDialogsProps) {
  switch (dialog.kind) {
    case 'move':
      return <MoveDialog model={model} view={view} ids={dialog.ids} />
    case 'versions':
      return <VersionsDialog model={model} view={view} id={dialog.id} nowMs={nowMs} />
    case 'preview':
      return <PreviewDialog key={dialog.id} model={model} view={view} id={dialog.id} rows={rows} />
    case 'copies':
      return <CopiesDialog model={model} />
    case 'purge':
      return <PurgeDialog purging={model.purging} question={dialog} close={() => model.closeDialog()} />
    case 'details':
      return (
        <Modal wide title={words.metadata.title} close={() => model.closeDialog()}>
          <p className="text-[0.9375rem] text-soft">{words.metadata.body(dialog.telling.size)}</p>
          {dialog.unread > 0 && (
            <p className="mt-2 text-[0.9375rem] text-soft">{words.metadata.unread(dialog.unread)}</p>
          )}
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button tone="quiet" onClick={() => model.closeDialog()}>
              {words.metadata.cancel}
            </Button>
            <Button onClick={() => void model.answerDetails('keep')}>{words.metadata.keep}</Button>
            <Button tone="primary" onClick={() => void model.answerDetails('strip')}>
              {words.metadata.strip}
            </Button>
          </div>
        </Modal>
      )
  }
}

function MoveDialog({
  model,
  view,
  ids,
}: {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly ids: readonly string[]
}) {
  const first = view.entry(ids[0] ?? '')
  const [folder, setFolder] = useState(first?.parent ?? rootFolder)
  const here = view.entry(folder)
  // A folder goes neither into itself nor below: what is being moved is not on the list.
  const folders = sorted(
    view.list(folder).filter(({ kind, id }) => kind === 'folder' && !ids.includes(id)),
    { by: 'name', isDown: false },
  )
  return (
    <Modal title={words.move.title(ids.length, first?.name ?? '')} close={() => model.closeDialog()}>
      <div className="flex items-center gap-1">
        {folder !== rootFolder && (
          <IconButton size="small" label={words.move.up} onClick={() => setFolder(here?.parent ?? rootFolder)}>
            <ArrowLeft size={17} aria-hidden />
          </IconButton>
        )}
        <p className="min-w-0 truncate py-1.5 font-medium">{here?.name ?? words.top}</p>
      </div>
      <ul className="mt-1 h-56 overflow-y-auto rounded-control inset-ring inset-ring-line">
        {folders.map(({ id, name }) => (
          <li key={id} className="border-b border-line">
            <button
              type="button"
              aria-label={words.move.into(name)}
              onClick={() => setFolder(id)}
              className="flex h-11 w-full items-center gap-2.5 px-3 text-left hover:bg-hover focus-visible:-outline-offset-2"
            >
              <Folder size={18} aria-hidden className="shrink-0 fill-accent-soft text-accent" />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <ChevronRight size={16} aria-hidden className="text-faint" />
            </button>
          </li>
        ))}
        {folders.length === 0 && <li className="p-3 text-[0.875rem] text-faint">{words.move.none}</li>}
      </ul>
      <div className="mt-5 flex justify-end gap-2">
        <Button tone="quiet" onClick={() => model.closeDialog()}>
          {words.move.cancel}
        </Button>
        <Button tone="primary" disabled={folder === first?.parent} onClick={() => void model.move(ids, folder)}>
          {words.move.here}
        </Button>
      </div>
    </Modal>
  )
}

function VersionsDialog({
  model,
  view,
  id,
  nowMs,
}: {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly id: string
  readonly nowMs: number
}) {
  const { files } = model
  const whoOf = (by: string): string => (files.isOwn(by) ? words.you : (files.nameOf(by) ?? words.somebody))
  return (
    <Modal wide title={words.versions.title(view.entry(id)?.name ?? '')} close={() => model.closeDialog()}>
      <p className="text-[0.875rem] text-soft">{words.versions.note}</p>
      <VersionList
        versions={view.versions(id)}
        mayWrite={view.mayWrite}
        whoOf={whoOf}
        nowMs={nowMs}
        save={(object) => void model.save(id, object)}
        restore={(object) => void model.restoreVersion(id, object)}
        mayPurge={({ object, by }) => files.isOwn(by) && files.purgeable(id, object).versions > 0}
        purge={(object) => model.askToPurgeVersion(id, object)}
      />
      <div className="mt-4 flex justify-end">
        <Button onClick={() => model.closeDialog()}>{words.versions.close}</Button>
      </div>
    </Modal>
  )
}
