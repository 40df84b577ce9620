import { useState } from 'react'
import { ArrowLeft, Bell, BellOff, Download, EllipsisVertical, Timer, Trash2 } from 'lucide-react'
import type { Chats, ChatView } from '../../session/index.ts'
import { Button, cx, IconButton, Modal, RadioGroup, saveText } from '../../ui/index.ts'
import { ActionMenu } from '../../ui/overlays/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { text } from '../../text/index.ts'
import { ConversationAvatar } from './ConversationAvatar.tsx'
import { presenceWords } from './conversation-words.ts'

/** Who the conversation is with, which way messages go, and what can be done with all of it. */
export function ConversationHeader({
  chats,
  view,
  name,
  close,
  complain,
  now,
}: {
  readonly chats: Chats
  readonly view: ChatView
  readonly name: string
  readonly close: () => void
  readonly complain: (error: unknown) => void
  readonly now: () => number
}) {
  const { conversation, online } = view
  const { id, muted, others, state } = conversation
  const [dialog, setDialog] = useState<'lifetime' | 'delete'>()
  const save = async (): Promise<void> =>
    saveText(await chats.export(id), words.exportFile(new Date(now()).toISOString().slice(0, 10)))
  const isRequest = state === 'request'
  return (
    <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line bg-surface px-2 md:pl-4">
      <IconButton label={words.backToList} className="-mr-2 md:hidden" onClick={close}>
        <ArrowLeft size={20} aria-hidden />
      </IconButton>
      <ConversationAvatar conversation={conversation} name={name} className="size-10 text-[0.8125rem]" />
      <div className="min-w-0 flex-1">
        <h2 className="truncate leading-tight font-semibold">
          <bdi>{name}</bdi>
        </h2>
        <p className="mt-0.5 flex items-center gap-1.5 text-[0.75rem] leading-tight text-faint">
          {isRequest ? (
            <span className="truncate">{words.row.request}</span>
          ) : (
            <>
              <span aria-hidden className={cx('size-2 shrink-0 rounded-full', online ? 'bg-good' : 'bg-edge')} />
              <span className="line-clamp-2 sm:truncate">
                {others.length > 1 && `${words.header.members(others.length)} · `}
                {presenceWords(view)}
              </span>
            </>
          )}
        </p>
      </div>
      {!isRequest && (
        <ActionMenu
          trigger={
            <IconButton label={words.header.more(name)}>
              <EllipsisVertical size={20} aria-hidden />
            </IconButton>
          }
          actions={[
            {
              id: 'mute',
              label: muted ? words.header.unmute : words.header.mute,
              icon: muted ? <Bell size={18} /> : <BellOff size={18} />,
              run: () => void chats.setMuted(id, !muted).catch(complain),
            },
            {
              id: 'lifetime',
              label: words.header.lifetime,
              icon: <Timer size={18} />,
              run: () => setDialog('lifetime'),
            },
            {
              id: 'export',
              label: words.header.export,
              icon: <Download size={18} />,
              run: () => void save().catch(complain),
            },
            {
              id: 'delete',
              label: words.header.delete,
              icon: <Trash2 size={18} />,
              danger: true,
              run: () => setDialog('delete'),
            },
          ]}
        />
      )}
      {dialog === 'lifetime' && (
        <LifetimeDialog
          seconds={conversation.lifetimeSeconds}
          choose={(seconds) => void chats.setLifetime(id, seconds).catch(complain)}
          close={() => setDialog(undefined)}
        />
      )}
      {dialog === 'delete' && (
        <DeleteDialog
          name={name}
          confirm={() => void chats.delete(id).then(close, complain)}
          close={() => setDialog(undefined)}
        />
      )}
    </header>
  )
}

const forGood = 'off'

function LifetimeDialog({
  seconds,
  choose,
  close,
}: {
  readonly seconds: number | undefined
  readonly choose: (seconds: number | undefined) => void
  readonly close: () => void
}) {
  const [chosen, setChosen] = useState(seconds === undefined ? forGood : String(seconds))
  return (
    <Modal title={words.lifetime.title} close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          choose(chosen === forGood ? undefined : Number(chosen))
          close()
        }}
      >
        <p className="mb-3 text-[0.875rem] text-soft">{words.lifetime.body}</p>
        <RadioGroup
          legend={words.lifetime.legend}
          choices={[
            { id: forGood, label: words.lifetime.off, note: words.lifetime.offNote },
            ...words.lifetime.choices.map(({ seconds: after, label, note }) => ({ id: String(after), label, note })),
          ]}
          chosen={chosen}
          choose={setChosen}
        />
        <div className="mt-5 flex justify-end gap-2.5">
          <Button onClick={close}>{text.common.cancel}</Button>
          <Button type="submit" tone="primary">
            {text.common.save}
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function DeleteDialog({
  name,
  confirm,
  close,
}: {
  readonly name: string
  readonly confirm: () => void
  readonly close: () => void
}) {
  return (
    <Modal title={words.remove.title} close={close}>
      <p className="text-soft">{words.remove.body(name)}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2.5">
        <Button onClick={close}>{text.common.cancel}</Button>
        <Button
          tone="danger"
          onClick={() => {
            close()
            confirm()
          }}
        >
          {words.remove.confirm}
        </Button>
      </div>
    </Modal>
  )
}
