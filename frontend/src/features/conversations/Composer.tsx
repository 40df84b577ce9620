import { useState, type KeyboardEvent, type RefObject } from 'react'
import { Check, Pencil, Reply, SendHorizontal, X } from 'lucide-react'
import { maxTextBytes, type ConversationId, type MessageView, type ParcelView } from '@p2pigeon/core/chat'
import { Fault, type Chats } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { AttachButton, pastedFiles } from '../../ui/files/index.ts'
import { cx, IconButton } from '../../ui/index.ts'
import { chatsText as words, filesText } from '../../text/conversations/index.ts'
import { count } from '../../text/index.ts'
import { bytesLeft, lineOf } from './conversation-words.ts'
import { FilesTray, type Staging } from './files/index.ts'
import { cleanText } from '../../ui/messages/index.ts'

/** What the next text is: an answer, or other words for a message that is there already. */
export type Mode =
  | { readonly kind: 'reply'; readonly message: MessageView }
  | { readonly kind: 'edit'; readonly message: MessageView }
  | undefined

/** From here on it is said how much room is left, in bytes. */
const nearEndBytes = 1_000
const none: ReadonlyMap<string, string> = new Map()

export interface ComposerProps {
  readonly chats: Chats
  readonly id: ConversationId
  /** What was written before and not sent. */
  readonly draft: string
  /** Files on their way, and those that go with the next message. */
  readonly parcels: readonly ParcelView[]
  readonly staging: Staging
  readonly stage: (files: readonly File[]) => void
  readonly mode: Mode
  readonly nameOf: (key: string) => string
  readonly setMode: (mode: Mode) => void
  readonly lastOwn: () => MessageView | undefined
  readonly complain: (error: unknown) => void
  readonly field: RefObject<HTMLTextAreaElement | null>
}

/** Where a message is written. */
export function Composer(props: ComposerProps) {
  const { chats, id, draft, parcels, staging, stage, mode, nameOf, setMode, lastOwn, complain, field } = props
  const staged = useReadable(staging.state)
  const [written, setWritten] = useState(draft)
  const [edited, setEdited] = useState<ReadonlyMap<string, string>>(none)
  const editing = mode?.kind === 'edit' ? mode.message : undefined
  const content = editing ? (edited.get(editing.id) ?? editing.content) : written
  const left = bytesLeft(content, maxTextBytes)
  const isEmpty = cleanText(content).trim() === '' && (editing !== undefined || staged.length === 0)
  const isUnchanged = editing?.content === content
  const write = (next: string): void => {
    if (editing) {
      setEdited(new Map([[editing.id, next]]))
      return
    }
    setWritten(next)
    chats.setDraft(id, next)
    if (next.trim() !== '') chats.typing(id)
  }
  const leave = (): void => {
    setMode(undefined)
    setEdited(none)
    field.current?.focus()
  }
  const send = async (): Promise<void> => {
    const sent = cleanText(content).trim()
    if (isEmpty || left < 0) return
    if (editing) {
      leave()
      if (isUnchanged) return
      await chats.edit(id, editing.id, sent).catch(complain)
      return
    }
    leave()
    // Words answer for the files that go with them.
    const answered = sent === '' ? mode?.message.id : undefined
    void staging.send((file) => chats.files.send(id, file, answered))
    if (sent === '') return
    setWritten('')
    chats.setDraft(id, '')
    try {
      await chats.send(id, sent, mode?.message.id)
    } catch (error) {
      // What was not taken comes back, unless something else is being written by now.
      setWritten((now) => (now === '' ? sent : now))
      const since = field.current?.value ?? ''
      chats.setDraft(id, since === '' ? sent : since)
      setMode(mode)
      complain(error)
    }
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // While an input method composes, Enter chooses a word.
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void send()
    } else if (event.key === 'Escape' && mode) {
      event.preventDefault()
      leave()
    } else if (event.key === 'ArrowUp' && content === '' && !mode) {
      const last = lastOwn()
      if (!last) return
      event.preventDefault()
      setMode({ kind: 'edit', message: last })
    }
  }
  return (
    <form
      className="shrink-0 px-3 pb-3"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <div className="mx-auto max-w-3xl">
        <FilesTray files={chats.files} staging={staging} staged={staged} parcels={parcels} complain={complain} />
        {mode && <ModeBar mode={mode} nameOf={nameOf} leave={leave} />}
        <div className="flex items-end gap-2">
          {!editing && (
            <AttachButton
              label={filesText.attach}
              off={chats.files.maxBytes === undefined ? filesText.off : undefined}
              add={stage}
              refused={() => complain(new Fault('no-file-store'))}
            />
          )}
          <textarea
            ref={field}
            aria-label={words.composer.field}
            aria-describedby="message-said"
            aria-invalid={left < 0 || undefined}
            rows={1}
            enterKeyHint="send"
            value={content}
            placeholder={words.composer.placeholder}
            onChange={(event) => write(event.currentTarget.value)}
            onKeyDown={keys}
            onPaste={(event) => {
              const pasted = pastedFiles(event.clipboardData)
              if (editing || pasted.length === 0) return
              event.preventDefault()
              stage(pasted)
            }}
            className="field-sizing-content max-h-40 min-h-11 min-w-0 flex-1 resize-none rounded-control bg-surface px-3.5 py-2.5 leading-normal inset-ring inset-ring-edge placeholder:text-faint focus-visible:-outline-offset-1 aria-invalid:inset-ring-danger"
          />
          <IconButton
            type="submit"
            label={editing ? words.composer.save : words.composer.send}
            tone="on"
            disabled={isEmpty || left < 0}
            className="disabled:bg-hover disabled:text-faint"
          >
            {editing ? <Check size={20} aria-hidden /> : <SendHorizontal size={19} aria-hidden />}
          </IconButton>
        </div>
        <p
          id="message-said"
          role={left < 0 ? 'alert' : undefined}
          className={cx(
            'text-[0.8125rem]',
            left < nearEndBytes && 'mt-1.5',
            left < 0 ? 'text-danger-ink' : 'text-faint',
          )}
        >
          {left < 0 ? words.composer.tooLong(count(-left)) : left < nearEndBytes && words.composer.left(count(left))}
        </p>
      </div>
    </form>
  )
}

function ModeBar({
  mode,
  nameOf,
  leave,
}: {
  readonly mode: NonNullable<Mode>
  readonly nameOf: (key: string) => string
  readonly leave: () => void
}) {
  const { kind, message } = mode
  const isEdit = kind === 'edit'
  const Icon = isEdit ? Pencil : Reply
  return (
    <div className="appear mb-2 flex items-center gap-3 rounded-control bg-sunken py-1 pr-1 pl-3">
      <Icon size={17} aria-hidden className="shrink-0 text-accent" />
      <div className="min-w-0 flex-1 text-[0.8125rem]">
        <p className="truncate font-medium">
          {isEdit
            ? words.composer.editing
            : words.composer.replying(message.own ? words.you.toLocaleLowerCase() : nameOf(message.from))}
        </p>
        <p dir="auto" className="truncate text-faint">
          {lineOf(message)}
        </p>
      </div>
      <IconButton size="small" label={isEdit ? words.composer.cancelEdit : words.composer.cancel} onClick={leave}>
        <X size={17} aria-hidden />
      </IconButton>
    </div>
  )
}
