import { useEffect, useRef, type PointerEvent } from 'react'
import {
  Download,
  Eye,
  File,
  FileAudio,
  FileImage,
  FileText,
  FileVideo,
  Folder,
  FolderInput,
  History,
  MoreHorizontal,
  Pencil,
  RotateCcw,
  Trash2,
} from 'lucide-react'
import type { EntryView } from '@p2pigeon/core/files'
import { cx, IconButton } from '../../ui/index.ts'
import { ActionMenu, type Action } from '../../ui/overlays/index.ts'
import { bytesText, day, timeAgo } from '../../text/index.ts'
import { filesText as words } from '../../text/files/index.ts'
import { previewOf } from './preview-kind.ts'

const icons = {
  ...{ image: FileImage, audio: FileAudio, video: FileVideo, text: FileText, pdf: FileText, none: File },
} as const

export interface RowActions {
  readonly open: (id: string) => void
  readonly download: (id: string) => void
  readonly rename: (id: string) => void
  readonly move: (id: string) => void
  readonly versions: (id: string) => void
  readonly remove: (id: string) => void
  readonly restore: (id: string) => void
  readonly purge: (id: string) => void
  /** Takes the name that was written, or none when the user gave up. */
  readonly named: (name: string | undefined) => void
}

export interface FileRowProps {
  readonly entry: EntryView
  readonly index: number
  readonly domId: string
  readonly isSelected: boolean
  readonly isCursor: boolean
  readonly isNaming: boolean
  readonly isDeleted: boolean
  readonly mayWrite: boolean
  /** Whether it can be deleted for good here, as far as that is known. */
  readonly mayPurge: boolean
  /** The folder it is in; shown among what was found. */
  readonly place: string | undefined
  readonly by: string
  readonly nowMs: number
  readonly actions: RowActions
  readonly press: (event: PointerEvent<HTMLElement>) => void
}

/** One file or folder. */
export function FileRow(props: FileRowProps) {
  const { entry, index, domId, isSelected, isCursor, isNaming, isDeleted, place, by, nowMs, actions, press } = props
  const isFolder = entry.kind === 'folder'
  const Icon = isFolder ? Folder : icons[previewOf(entry.name).kind]
  const offered = isDeleted ? deletedActions(props) : actionsOf(props)
  const changed = isFolder ? '' : timeAgo(entry.modifiedAtMs, nowMs)
  return (
    // eslint-disable-next-line jsx-a11y/interactive-supports-focus -- focus stays on the grid, which names the row (aria-activedescendant)
    <div
      id={domId}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      className={cx(
        'flex h-full items-center gap-3 border-b border-line pr-1.5 pl-3 text-[0.875rem] select-none',
        isSelected ? 'bg-accent-soft' : 'hover:bg-hover/60',
        isCursor && 'outline-2 -outline-offset-2 outline-accent/0 group-focus-visible/grid:outline-accent',
      )}
      onPointerUp={press}
      onDoubleClick={() => actions.open(entry.id)}
    >
      <Icon
        size={19}
        aria-hidden
        className={cx('shrink-0', isFolder ? 'fill-accent-soft text-accent' : 'text-faint')}
      />
      <div role="gridcell" className="min-w-0 flex-1">
        {isNaming ? (
          <NameField name={entry.name} isFile={!isFolder} named={actions.named} />
        ) : (
          <>
            <span className="block truncate font-medium" title={entry.name}>
              {entry.name}
            </span>
            <span className="block truncate text-[0.75rem] text-faint">
              {place === undefined ? (
                <span className="@xl/files:hidden">
                  {isFolder ? words.folder : `${bytesText(entry.sizeBytes)} · ${changed}`}
                </span>
              ) : (
                words.inFolder(place)
              )}
            </span>
          </>
        )}
      </div>
      <div role="gridcell" className="hidden w-20 shrink-0 text-right text-soft tabular-nums @xl/files:block">
        {isFolder ? '' : bytesText(entry.sizeBytes)}
      </div>
      <div
        role="gridcell"
        className="hidden w-28 shrink-0 truncate text-soft @xl/files:block"
        title={isFolder ? undefined : day(entry.modifiedAtMs)}
      >
        {changed}
      </div>
      <div role="gridcell" className="hidden w-28 shrink-0 truncate text-soft @3xl/files:block">
        {by}
      </div>
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus -- the same; what is heard here only keeps presses of the menu from the row */}
      <div
        role="gridcell"
        className="shrink-0"
        onPointerUp={(event) => event.stopPropagation()}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        {offered.length > 0 && (
          <ActionMenu
            trigger={
              <IconButton size="small" tabIndex={-1} label={words.row.actions(entry.name)}>
                <MoreHorizontal size={18} aria-hidden />
              </IconButton>
            }
            actions={offered}
          />
        )}
      </div>
    </div>
  )
}

function actionsOf({ entry, mayWrite, actions }: FileRowProps): readonly Action[] {
  const { id } = entry
  const isFile = entry.kind === 'file'
  const icon = { size: 17, 'aria-hidden': true } as const
  const reading: readonly Action[] = isFile
    ? [
        { id: 'open', label: words.row.preview, icon: <Eye {...icon} />, run: () => actions.open(id) },
        { id: 'download', label: words.row.download, icon: <Download {...icon} />, run: () => actions.download(id) },
        { id: 'versions', label: words.row.versions, icon: <History {...icon} />, run: () => actions.versions(id) },
      ]
    : [{ id: 'open', label: words.row.open, icon: <Folder {...icon} />, run: () => actions.open(id) }]
  if (!mayWrite) return reading
  return [
    ...reading,
    { id: 'rename', label: words.row.rename, icon: <Pencil {...icon} />, run: () => actions.rename(id) },
    { id: 'move', label: words.row.move, icon: <FolderInput {...icon} />, run: () => actions.move(id) },
    { id: 'remove', label: words.row.remove, icon: <Trash2 {...icon} />, danger: true, run: () => actions.remove(id) },
  ]
}

function deletedActions({ entry, mayWrite, mayPurge, actions }: FileRowProps): readonly Action[] {
  if (!mayWrite) return []
  const restoring: readonly Action[] = [
    {
      id: 'restore',
      label: words.row.restore,
      icon: <RotateCcw size={17} aria-hidden />,
      run: () => actions.restore(entry.id),
    },
  ]
  if (!mayPurge) return restoring
  return [
    ...restoring,
    {
      id: 'purge',
      label: words.row.purge,
      icon: <Trash2 size={17} aria-hidden />,
      danger: true,
      run: () => actions.purge(entry.id),
    },
  ]
}

/** A name being written in its place. Of a file, the part before the suffix is selected. */
export function NameField({
  name,
  isFile,
  label,
  named,
}: {
  readonly name: string
  readonly isFile: boolean
  readonly label?: string
  readonly named: (name: string | undefined) => void
}) {
  const field = useRef<HTMLInputElement>(null)
  const isOver = useRef(false)
  useEffect(() => {
    const dot = name.lastIndexOf('.')
    field.current?.focus()
    field.current?.setSelectionRange(0, isFile && dot > 0 ? dot : name.length)
  }, [name, isFile])
  const end = (given: string | undefined): void => {
    if (isOver.current) return
    isOver.current = true
    named(given)
  }
  return (
    <input
      ref={field}
      aria-label={label ?? words.renaming(name)}
      defaultValue={name}
      maxLength={255}
      autoComplete="off"
      spellCheck={false}
      className="h-8 w-full rounded-md bg-surface px-2 text-ink inset-ring inset-ring-edge"
      onPointerUp={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') end(event.currentTarget.value)
        if (event.key === 'Escape') end(undefined)
      }}
    />
  )
}
