import { useEffect, useRef, useState } from 'react'
import { ArrowRight, Pencil, X } from 'lucide-react'
import { Avatar, Button, IconButton } from '../../ui/index.ts'
import { text } from '../../text/index.ts'
import type { RoomRow } from './dashboard-view-model.ts'

export interface RecentRoomItemProps {
  readonly row: RoomRow
  readonly maxNameLength: number
  readonly open: () => void
  readonly rename: (name: string) => void
  readonly remove: () => void
}

/** One room of this device: the row opens it, the pencil renames it in place. */
export function RecentRoomItem({ row, maxNameLength, open, rename, remove }: RecentRoomItemProps) {
  const [editing, setEditing] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [editing])
  const pencil = useRef<HTMLButtonElement>(null)
  const done = (): void => {
    setEditing(false)
    requestAnimationFrame(() => pencil.current?.focus())
  }
  if (editing) {
    return (
      <li className="px-3 py-2.5">
        <form
          className="flex items-center gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            rename(field.current?.value ?? '')
            done()
          }}
        >
          <input
            name="name"
            aria-label={text.dashboard.nameField}
            defaultValue={row.name}
            maxLength={maxNameLength}
            ref={field}
            onKeyDown={(event) => {
              if (event.key === 'Escape') done()
            }}
            className="h-9 min-w-0 flex-1 rounded-control bg-surface px-3 inset-ring inset-ring-edge"
          />
          <Button type="submit" tone="primary" size="small">
            {text.common.save}
          </Button>
          <Button tone="quiet" size="small" onClick={done}>
            {text.common.cancel}
          </Button>
        </form>
      </li>
    )
  }
  return (
    <li className="group flex items-center gap-1 pr-2 transition-colors duration-100 hover:bg-hover/60">
      <button
        type="button"
        onClick={open}
        className="flex min-w-0 flex-1 items-center gap-3.5 rounded-control px-3 py-2.5 text-left focus-visible:-outline-offset-2"
      >
        <Avatar name={row.name} seed={row.roomId} className="size-10 rounded-control! text-[0.8125rem]" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{row.name}</span>
          <span className="block truncate text-[0.8125rem] text-faint">
            {row.keepsChat ? text.dashboard.chatKept(row.lastUsed) : row.lastUsed}
          </span>
        </span>
        <ArrowRight
          size={18}
          aria-hidden
          className="shrink-0 text-faint opacity-0 transition-opacity group-hover:opacity-100"
        />
      </button>
      <IconButton
        ref={pencil}
        hint
        size="small"
        label={text.dashboard.rename(row.name)}
        onClick={() => setEditing(true)}
      >
        <Pencil size={16} aria-hidden />
      </IconButton>
      <IconButton hint size="small" label={text.dashboard.remove(row.name)} onClick={remove}>
        <X size={18} aria-hidden />
      </IconButton>
    </li>
  )
}
