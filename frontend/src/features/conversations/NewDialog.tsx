import { useState } from 'react'
import { LockOpen, Search } from 'lucide-react'
import { maxMembers, maxTitleLength, type AuthorKey, type ConversationId } from '@p2pigeon/core/chat'
import type { Chats } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { Avatar, Button, cx, Modal, TextField } from '../../ui/index.ts'
import { chatsText as words, legacyText } from '../../text/conversations/index.ts'
import { text } from '../../text/index.ts'

/** Chooses who a new conversation is with. */
export function NewDialog({
  chats,
  open,
  openLegacy,
  complain,
  close,
}: {
  readonly chats: Chats
  readonly open: (id: ConversationId) => void
  /** The way to something else: a conversation with an old client. */
  readonly openLegacy: () => void
  readonly complain: (error: unknown) => void
  readonly close: () => void
}) {
  const correspondents = useReadable(chats.correspondents)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<AuthorKey>>(new Set())
  const [title, setTitle] = useState('')
  const [busy, setBusy] = useState(false)
  const wanted = query.trim().toLocaleLowerCase()
  const shown = correspondents.filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
  const isFull = chosen.size >= maxMembers
  const isGroup = chosen.size > 1
  const toggle = (key: AuthorKey, isOn: boolean): void =>
    setChosen((before) => new Set(isOn ? [...before, key] : [...before].filter((one) => one !== key)))
  const start = async (): Promise<void> => {
    if (chosen.size === 0 || busy) return
    setBusy(true)
    try {
      const id = await chats.start([...chosen], (isGroup && title.trim()) || undefined)
      close()
      open(id)
    } catch (error) {
      close()
      complain(error)
    }
  }
  return (
    <Modal title={words.dialog.title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        {correspondents.length === 0 ? (
          <p className="text-soft">{words.dialog.none}</p>
        ) : (
          <>
            <div className="relative">
              <Search size={17} aria-hidden className="pointer-events-none absolute top-3.5 left-3 z-1 text-faint" />
              <input
                type="search"
                aria-label={words.dialog.filter}
                placeholder={words.dialog.filter}
                autoComplete="off"
                value={query}
                onChange={(event) => setQuery(event.currentTarget.value)}
                className="h-11 w-full rounded-control bg-surface pr-3 pl-9.5 text-ink inset-ring inset-ring-edge placeholder:text-faint focus-visible:-outline-offset-1"
              />
            </div>
            <fieldset className="mt-3">
              <legend className="sr-only">{words.dialog.people}</legend>
              <div className="-mx-2 max-h-72 overflow-y-auto px-2">
                {shown.length === 0 && (
                  <p className="py-3 text-[0.875rem] text-faint">{words.dialog.noMatch(query.trim())}</p>
                )}
                {shown.map(({ key, id, name }) => {
                  const isOn = chosen.has(key)
                  const isOff = !isOn && isFull
                  return (
                    <label
                      key={key}
                      className={cx(
                        '-mx-2 flex items-center gap-3 rounded-control px-2 py-2',
                        isOff ? 'opacity-50' : 'cursor-pointer hover:bg-hover',
                      )}
                    >
                      <Avatar name={name} seed={id} className="size-9 text-[0.75rem]" />
                      <bdi className="min-w-0 flex-1 truncate font-medium">{name}</bdi>
                      <input
                        type="checkbox"
                        checked={isOn}
                        disabled={isOff}
                        onChange={(event) => toggle(key, event.currentTarget.checked)}
                        className="size-4.5 shrink-0 accent-accent"
                      />
                    </label>
                  )
                })}
              </div>
            </fieldset>
            {isFull && <p className="mt-2 text-[0.8125rem] text-warn-ink">{words.dialog.full(maxMembers)}</p>}
            {isGroup && (
              <TextField
                className="mt-4"
                label={words.dialog.groupName}
                note={words.dialog.groupNote}
                maxLength={maxTitleLength}
                autoComplete="off"
                value={title}
                onChange={(event) => setTitle(event.currentTarget.value)}
              />
            )}
          </>
        )}
        <Button tone="quiet" size="small" className="mt-4 -ml-2 text-warn-ink" onClick={openLegacy}>
          <LockOpen size={16} aria-hidden />
          {legacyText.dialog.entry}
        </Button>
        <div className="mt-3 flex justify-end gap-2.5">
          <Button onClick={close}>{text.common.cancel}</Button>
          <Button type="submit" tone="primary" disabled={chosen.size === 0 || busy}>
            {isGroup ? words.dialog.startGroup(chosen.size) : words.dialog.start}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
