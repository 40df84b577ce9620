import { useEffect, useId, useMemo, useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, Folder } from 'lucide-react'
import { rootFolder, type DataRoomView, type EntryView } from '@p2pigeon/core/files'
import { cx } from '../../ui/index.ts'
import { filesText as words } from '../../text/files/index.ts'
import { FileRow, NameField, type RowActions } from './FileRow.tsx'
import type { FilesUiState, FilesViewModel } from './files-view-model.ts'
import { pathTo, type SortKey } from './list-model.ts'

/** Every row has the same height: the list of 100,000 knows where each one is without building any. */
const rowPx = 48
const pageRows = 10

export interface FileListProps {
  readonly model: FilesViewModel
  readonly view: DataRoomView
  readonly state: FilesUiState
  readonly rows: readonly EntryView[]
  readonly label: string
  readonly nowMs: number
}

/** The content of a folder. Only what is near the screen is built. */
export function FileList({ model, view, state, rows, label, nowMs }: FileListProps) {
  const { selection, naming, place, query, sorting } = state
  const base = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const isSearching = place === 'files' && query.trim() !== ''
  // eslint-disable-next-line react-hooks/incompatible-library -- rows take plain values only, never functions of the virtualizer
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  })
  const { cursor } = selection
  const at = useMemo(() => rows.findIndex(({ id }) => id === cursor), [rows, cursor])
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [at, virtual])
  const mayWrite = view.mayWrite && place === 'files'
  const actions: RowActions = {
    open: (id) => model.open(id),
    download: (id) => void model.save(id),
    rename: (id) => model.name(id),
    move: (id) => model.ask({ kind: 'move', ids: [id] }),
    versions: (id) => model.ask({ kind: 'versions', id }),
    remove: (id) => void model.remove([id]),
    restore: (id) => void model.restore([id]),
    purge: (id) => model.askToPurge([id]),
    named: (name) => {
      if (name === undefined) model.name(undefined)
      else void model.giveName(name)
      grid.current?.focus()
    },
  }
  const keys = (event: KeyboardEvent): void => {
    if (handleKey(event, model, mayWrite, place === 'deleted')) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  return (
    <div
      ref={grid}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      aria-activedescendant={at >= 0 ? `${base}-${cursor ?? ''}` : undefined}
      tabIndex={0}
      onKeyDown={keys}
      className="group/grid flex min-h-0 flex-1 flex-col outline-none focus-visible:outline-2 focus-visible:-outline-offset-2"
    >
      <div
        role="row"
        aria-rowindex={1}
        className="flex h-9 shrink-0 items-center gap-3 border-b border-line pr-1.5 pl-3"
      >
        <Column by="name" model={model} state={sorting} className="flex-1 pl-8" />
        <Column by="size" model={model} state={sorting} className="hidden w-20 justify-end @xl/files:flex" />
        <Column by="changed" model={model} state={sorting} className="hidden w-28 @xl/files:flex" />
        <div role="columnheader" className="hidden w-28 text-[0.75rem] font-medium text-faint @3xl/files:block">
          {words.column.by}
        </div>
        <div role="columnheader" aria-label={words.more} className="w-9" />
      </div>
      {naming === 'new' && (
        <div role="row" className="flex h-12 shrink-0 items-center gap-3 border-b border-line bg-accent-soft pr-3 pl-3">
          <Folder size={19} aria-hidden className="shrink-0 fill-accent-soft text-accent" />
          <div role="gridcell" className="min-w-0 flex-1">
            <NameField name={words.folderDefault} isFile={false} label={words.folderName} named={actions.named} />
          </div>
        </div>
      )}
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const entry = rows[item.index]
            if (!entry) return null
            const folder = pathTo(view, entry.parent)
            return (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: rowPx, transform: `translateY(${item.start}px)` }}
              >
                <FileRow
                  entry={entry}
                  index={item.index}
                  domId={`${base}-${entry.id}`}
                  isSelected={selection.ids.has(entry.id)}
                  isCursor={entry.id === cursor}
                  isNaming={naming === entry.id}
                  isDeleted={place === 'deleted'}
                  mayWrite={view.mayWrite}
                  mayPurge={place === 'deleted' && model.purging.mayPurge(entry)}
                  place={isSearching ? (folder.at(-1)?.name ?? words.top) : undefined}
                  by={byOf(model, entry)}
                  nowMs={nowMs}
                  actions={actions}
                  press={(event) => {
                    grid.current?.focus()
                    pressed(event, model, entry.id)
                  }}
                />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function byOf(model: FilesViewModel, entry: EntryView): string {
  if (entry.kind === 'folder') return ''
  return model.files.isOwn(entry.by) ? words.you : (model.files.nameOf(entry.by) ?? words.somebody)
}

/** A finger opens, as everywhere on a phone; a mouse selects, and opens with the second click. */
function pressed(event: PointerEvent, model: FilesViewModel, id: string): void {
  if (event.button !== 0) return
  if (event.pointerType === 'touch') {
    model.select(id, 'only')
    model.open(id)
  } else model.select(id, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
}

/** True when the key meant something here. */
function handleKey(event: KeyboardEvent, model: FilesViewModel, mayWrite: boolean, isDeleted: boolean): boolean {
  const { selection, folder, place } = model.state.get()
  const way = event.shiftKey ? 'range' : 'only'
  const rows = model.rows().length
  const mayDelete = model.files.view.get().mayWrite
  switch (event.key) {
    case 'ArrowDown':
      model.step(1, way)
      return true
    case 'ArrowUp':
      if (event.altKey) return goUp(model, folder, place)
      model.step(-1, way)
      return true
    case 'PageDown':
      model.step(pageRows, way)
      return true
    case 'PageUp':
      model.step(-pageRows, way)
      return true
    case 'Home':
      model.step(-rows, way)
      return true
    case 'End':
      model.step(rows, way)
      return true
    case 'Enter':
      if (selection.cursor === undefined) return false
      model.open(selection.cursor)
      return true
    case ' ':
      if (selection.cursor === undefined) return false
      model.select(selection.cursor, 'toggle')
      return true
    case 'Backspace':
      return goUp(model, folder, place)
    case 'F2':
      if (!mayWrite || selection.cursor === undefined) return false
      model.name(selection.cursor)
      return true
    case 'Delete':
      if (!mayDelete || selection.ids.size === 0) return false
      if (isDeleted) model.askToPurge([...selection.ids])
      else void model.remove([...selection.ids])
      return true
    case 'a':
      if (!event.ctrlKey && !event.metaKey) return isLetter(event, isDeleted)
      model.selectAll()
      return true
    case 'z':
      if (!event.ctrlKey && !event.metaKey) return isLetter(event, isDeleted)
      return mayWrite && model.undo()
    case 'Escape':
      if (selection.ids.size === 0) return false
      model.selectNone()
      return true
    default:
      return isLetter(event, isDeleted)
  }
}

/** Letters typed into the list are no shortcuts of the call around it. */
function isLetter(event: KeyboardEvent, isDeleted: boolean): boolean {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && !isDeleted
}

function goUp(model: FilesViewModel, folder: string, place: FilesUiState['place']): boolean {
  if (place === 'deleted') model.goTo(rootFolder)
  else if (folder !== rootFolder) model.goTo(model.files.view.get().entry(folder)?.parent ?? rootFolder)
  return true
}

function Column({
  by,
  model,
  state,
  className,
}: {
  readonly by: SortKey
  readonly model: FilesViewModel
  readonly state: FilesUiState['sorting']
  readonly className: string
}) {
  const isChosen = state.by === by
  const Arrow = state.isDown ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={isChosen ? (state.isDown ? 'descending' : 'ascending') : undefined}
      className={cx('flex shrink-0 items-center', className)}
    >
      <button
        type="button"
        aria-label={words.sortBy(words.column[by])}
        onClick={() => model.sort(by)}
        onKeyDown={(event) => event.stopPropagation()}
        className="flex h-8 items-center gap-1 rounded-md text-[0.75rem] font-medium text-faint hover:text-ink"
      >
        {words.column[by]}
        {isChosen && <Arrow size={13} aria-hidden />}
      </button>
    </div>
  )
}
