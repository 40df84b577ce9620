import { useEffect, useMemo, useState } from 'react'
import { ArrowLeft, EllipsisVertical, LockOpen, Trash2 } from 'lucide-react'
import type { LegacyId, LegacyMessage } from '@p2pigeon/core/chat'
import type { LegacyChats, LegacyView } from '../../../session/index.ts'
import { useReadable } from '../../../state/index.ts'
import { Button, IconButton, Modal } from '../../../ui/index.ts'
import { ActionMenu } from '../../../ui/overlays/index.ts'
import { chatsText, legacyText as words } from '../../../text/conversations/index.ts'
import { text } from '../../../text/index.ts'
import { cleanText, oneLine } from '../../../ui/messages/index.ts'
import { useNow } from '../use-now.ts'
import { LegacyComposer } from './LegacyComposer.tsx'
import { LegacyLog } from './LegacyLog.tsx'
import { LegacySign } from './LegacyMark.tsx'
import { LegacyRisks } from './LegacyRisks.tsx'

export interface LegacyConversationProps {
  readonly chats: LegacyChats
  readonly id: LegacyId
  readonly close: () => void
  readonly complain: (error: unknown) => void
  readonly now: () => number
}

/** A conversation with an old client. The same component for one conversation only: give it a key. */
export function LegacyConversation(props: LegacyConversationProps) {
  const { chats, id, close } = props
  const readable = useMemo(() => chats.view(id), [chats, id])
  const view = useReadable(readable)
  useEffect(() => chats.show(id), [chats, id])
  if (view) return <Opened {...props} view={view} />
  return (
    <div className="flex h-full flex-col items-center justify-center p-8 text-center">
      <p className="font-medium">{chatsText.gone.title}</p>
      <p className="mt-1 text-[0.875rem] text-faint">{chatsText.gone.body}</p>
      <Button className="mt-5" onClick={close}>
        {chatsText.backToList}
      </Button>
    </div>
  )
}

function Opened({ chats, id, close, complain, now, view }: LegacyConversationProps & { readonly view: LegacyView }) {
  const { conversation, messages } = view
  const nowMs = useNow(now)
  const name = cleanText(chats.nameOf(conversation.peer))
  const [ending, setEnding] = useState(false)
  const [hiding, setHiding] = useState<LegacyMessage>()
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-16 shrink-0 items-center gap-3 border-b border-line bg-surface px-2 md:pl-4">
        <IconButton label={chatsText.backToList} className="-mr-2 md:hidden" onClick={close}>
          <ArrowLeft size={20} aria-hidden />
        </IconButton>
        <LegacySign className="size-10" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate leading-tight font-semibold">
            <bdi>{name}</bdi>
          </h2>
          <p className="mt-0.5 truncate text-[0.75rem] leading-tight font-medium text-warn-ink">{words.header}</p>
        </div>
        <ActionMenu
          trigger={
            <IconButton label={words.more(name)}>
              <EllipsisVertical size={20} aria-hidden />
            </IconButton>
          }
          actions={[
            {
              id: 'end',
              label: words.end.action,
              icon: <Trash2 size={18} />,
              danger: true,
              run: () => setEnding(true),
            },
          ]}
        />
      </header>
      <Strip name={name} ownAddress={chats.ownAddress} />
      <LegacyLog
        messages={messages}
        name={name}
        nowMs={nowMs}
        copy={(message) => void copy(message.content).catch(complain)}
        hide={setHiding}
      />
      <Announcer messages={messages} name={name} />
      <LegacyComposer
        send={async (content) => {
          try {
            await chats.send(id, content)
          } catch (error) {
            complain(error)
            throw error
          }
        }}
      />
      {hiding && (
        <Question
          title={words.hide.title}
          body={hiding.own && hiding.standing !== 'sent' ? words.hide.bodyWaiting : words.hide.body}
          confirmLabel={words.hide.confirm}
          confirm={() => void chats.hide(id, hiding.id).catch(complain)}
          close={() => setHiding(undefined)}
        />
      )}
      {ending && (
        <Question
          title={words.end.title}
          body={words.end.body(name)}
          confirmLabel={words.end.confirm}
          confirm={() => void chats.end(id).then(close, complain)}
          close={() => setEnding(false)}
        />
      )}
    </div>
  )
}

/** What stays on the screen as long as the conversation does. */
function Strip({ name, ownAddress }: { readonly name: string; readonly ownAddress: string }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <section
      aria-label={words.strip.title}
      className="shrink-0 border-b-2 border-dashed border-warn-ink bg-warn-soft px-4 py-2 text-[0.8125rem] text-warn-ink"
    >
      <div className="mx-auto max-w-3xl">
        <p className="flex items-center gap-2 font-semibold">
          <LockOpen size={15} aria-hidden className="shrink-0" />
          {words.strip.title}
        </p>
        <p className="mt-0.5">
          {words.strip.body(name)}{' '}
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="font-semibold underline underline-offset-2"
          >
            {isOpen ? words.strip.less : words.strip.more}
          </button>
        </p>
        {isOpen && (
          <div className="max-h-[40dvh] overflow-y-auto pb-1">
            <LegacyRisks />
            <p className="mt-2.5 font-semibold">{words.ownAddress}</p>
            <p className="font-mono text-[0.75rem] break-all select-all">{ownAddress}</p>
          </div>
        )}
      </div>
    </section>
  )
}

function Question({
  title,
  body,
  confirmLabel,
  confirm,
  close,
}: {
  readonly title: string
  readonly body: string
  readonly confirmLabel: string
  readonly confirm: () => void
  readonly close: () => void
}) {
  return (
    <Modal title={title} close={close}>
      <p className="text-soft">{body}</p>
      <div className="mt-5 flex justify-end gap-2.5">
        <Button onClick={close}>{text.common.cancel}</Button>
        <Button
          tone="danger"
          onClick={() => {
            close()
            confirm()
          }}
        >
          {confirmLabel}
        </Button>
      </div>
    </Modal>
  )
}

/** What comes while the conversation is open is spoken once, with the word that it is not protected. */
function Announcer({ messages, name }: { readonly messages: readonly LegacyMessage[]; readonly name: string }) {
  const last = messages.at(-1)
  const [first] = useState(last?.id)
  return (
    <p role="status" className="sr-only">
      {last && !last.own && last.id !== first && words.received(name, oneLine(last.content))}
    </p>
  )
}

/** Browsers offer no clipboard on addresses that are not secure: that is a failure like others. */
async function copy(content: string): Promise<void> {
  await navigator.clipboard.writeText(content)
}
