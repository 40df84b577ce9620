import { useCallback, useEffect, useMemo, useState, type RefObject, useRef } from 'react'
import { Timer } from 'lucide-react'
import type { ConversationId, MessageView, Passage } from '@p2pigeon/core/chat'
import { Fault, type Chats, type ChatView } from '../../session/index.ts'
import { useReadable } from '../../state/index.ts'
import { DropGround } from '../../ui/files/index.ts'
import { Button } from '../../ui/index.ts'
import { chatsText as words, filesText } from '../../text/conversations/index.ts'
import { Composer, type Mode } from './Composer.tsx'
import { ConversationHeader } from './ConversationHeader.tsx'
import { conversationName, lifetimeWords, lineOf } from './conversation-words.ts'
import { Staging } from './files/index.ts'
import { MessageList } from './MessageList.tsx'
import { RequestBar } from './RequestBar.tsx'

export interface ConversationProps {
  readonly chats: Chats
  readonly id: ConversationId
  /** A message to be looked at first. */
  readonly goal: string | undefined
  readonly close: () => void
  readonly complain: (error: unknown) => void
  readonly now: () => number
}

/** A message that somebody wants to see is looked for in so many pages. */
const maxPagesBack = 100

/** The chosen conversation. The same component for one conversation only: give it a key. */
export function Conversation(props: ConversationProps) {
  const { chats, id, close } = props
  const readable = useMemo(() => chats.view(id), [chats, id])
  const view = useReadable(readable)
  useEffect(() => chats.show(id), [chats, id])
  if (!view) {
    return (
      <div className="flex h-full flex-col items-center justify-center p-8 text-center">
        <p className="font-medium">{words.gone.title}</p>
        <p className="mt-1 text-[0.875rem] text-faint">{words.gone.body}</p>
        <Button className="mt-5" onClick={close}>
          {words.backToList}
        </Button>
      </div>
    )
  }
  return <Opened {...props} view={view} />
}

function Opened({ chats, id, goal, close, complain, now, view }: ConversationProps & { readonly view: ChatView }) {
  const { conversation, messages, parcels, typing } = view
  const { files } = chats
  const nameOf = useCallback((key: string) => chats.nameOf(key), [chats])
  const name = conversationName(conversation, nameOf)
  const [mode, setMode] = useState<Mode>()
  const [sought, setSought] = useState<string>()
  const field = useRef<HTMLTextAreaElement>(null)
  const [staging] = useState(() => new Staging())
  const stage = useCallback(
    (chosen: readonly File[]): void => {
      field.current?.focus()
      try {
        if (files.maxBytes === undefined) throw new Fault('no-file-store')
        staging.add(chosen, files.maxBytes)
      } catch (error) {
        complain(error)
      }
    },
    [files, staging, complain],
  )
  const isRequest = conversation.state === 'request'
  useEffect(() => {
    // On a phone the keyboard would cover what was opened to be read.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [isRequest])
  const load = useCallback(
    async (message: string): Promise<void> => {
      for (let page = 0; page < maxPagesBack; page++) {
        const seen = chats.view(id).get()
        if (!seen || seen.messages.some((one) => one.id === message) || !seen.hasEarlier) break
        await chats.loadEarlier(id)
      }
    },
    [chats, id],
  )
  const goTo = useCallback(
    (message: string) => void load(message).then(() => setSought(message), complain),
    [load, complain],
  )
  useEffect(() => {
    if (goal !== undefined) goTo(goal)
  }, [goal, goTo])
  const settled = useCallback(() => setSought(undefined), [])
  const actions = useMemo(
    () => ({
      reply: (message: MessageView) => {
        setMode({ kind: 'reply', message })
        focusSoon(field)
      },
      edit: (message: MessageView) => {
        setMode({ kind: 'edit', message })
        focusSoon(field)
      },
      remove: (message: MessageView) => {
        setMode((before) => (before?.message.id === message.id ? undefined : before))
        void chats.remove(id, message.id).catch(complain)
      },
      react: (message: MessageView, emoji: string) => void chats.react(id, message.id, emoji).catch(complain),
      copy: (message: MessageView) => void copy(message.content).catch(complain),
      goTo,
      isNear: (message: MessageView) => files.isNear(id, message.id),
      open: (message: MessageView, passage: Passage) => files.open(id, message.id, passage),
    }),
    [chats, files, id, complain, goTo],
  )
  const loadEarlier = useCallback(() => chats.loadEarlier(id).catch(complain), [chats, id, complain])
  const canAttach = !isRequest && files.maxBytes !== undefined
  return (
    <DropGround
      add={canAttach ? stage : undefined}
      said={canAttach ? filesText.drop : filesText.off}
      className="flex h-full flex-col"
    >
      <ConversationHeader chats={chats} view={view} name={name} close={close} complain={complain} now={now} />
      <MessageList
        view={view}
        name={name}
        nameOf={nameOf}
        sought={sought}
        settled={settled}
        loadEarlier={loadEarlier}
        actions={isRequest ? undefined : actions}
        now={now}
      />
      <Announcer messages={messages} nameOf={nameOf} />
      {conversation.lifetimeSeconds !== undefined && (
        <p className="flex shrink-0 items-center justify-center gap-1.5 px-4 pb-1 text-[0.75rem] text-faint">
          <Timer size={13} aria-hidden />
          {words.header.disappearing(lifetimeWords(conversation.lifetimeSeconds) ?? '')}
        </p>
      )}
      {isRequest ? (
        <RequestBar chats={chats} id={id} name={name} close={close} complain={complain} />
      ) : (
        <>
          <div className="shrink-0 px-4">
            <p role="status" className="mx-auto h-6 max-w-3xl truncate text-[0.8125rem] text-faint">
              {typing.length > 0 && words.typing(typing)}
            </p>
          </div>
          <Composer
            chats={chats}
            id={id}
            draft={conversation.draft}
            parcels={parcels}
            staging={staging}
            stage={stage}
            mode={mode}
            nameOf={nameOf}
            setMode={setMode}
            lastOwn={() => messages.findLast((message) => message.own && !message.deleted && !message.file)}
            complain={complain}
            field={field}
          />
        </>
      )}
    </DropGround>
  )
}

/** Browsers offer no clipboard on addresses that are not secure: that is a failure like others. */
async function copy(content: string): Promise<void> {
  await navigator.clipboard.writeText(content)
}

/** A menu that closes gives the focus back first. */
function focusSoon(field: RefObject<HTMLTextAreaElement | null>): void {
  setTimeout(() => field.current?.focus(), 30)
}

/** What comes while the conversation is open is spoken once. The list itself is silent: scrolling brings rows in that are not new. */
function Announcer({
  messages,
  nameOf,
}: {
  readonly messages: readonly MessageView[]
  readonly nameOf: (key: string) => string
}) {
  const last = messages.at(-1)
  const [first] = useState(last?.id)
  const isNew = last && !last.own && last.id !== first
  return (
    <p role="status" className="sr-only">
      {isNew && words.incoming(nameOf(last.from), lineOf(last))}
    </p>
  )
}
