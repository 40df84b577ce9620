import { useCallback, useState, type ReactNode } from 'react'
import { MessagesSquare, X } from 'lucide-react'
import type { ConversationId, LegacyId } from '@p2pigeon/core/chat'
import { faultCode, type Chats } from '../../session/index.ts'
import { Banner, cx, IconButton } from '../../ui/index.ts'
import { chatsText as words, filesText } from '../../text/conversations/index.ts'
import { faultText, type FaultText } from '../../text/index.ts'
import { Conversation } from './Conversation.tsx'
import { ConversationList } from './ConversationList.tsx'
import { isLegacy, LegacyConversation, LegacyDialog } from './legacy/index.ts'
import { NewDialog } from './NewDialog.tsx'
import { SettingsDialog } from './SettingsDialog.tsx'

export interface ConversationsViewProps {
  readonly chats: Chats
  readonly chosen: ConversationId | LegacyId | undefined
  readonly choose: (id: ConversationId | LegacyId | undefined) => void
  readonly goHome: () => void
  readonly goToContacts: () => void
  /** What stands at the right of the header of the list. */
  readonly corner: ReactNode
  /** Unix milliseconds. */
  readonly now: () => number
}

/** A message to be looked at, once its conversation is open. */
interface Goal {
  readonly conversation: ConversationId
  readonly message: string
}

/** Conversations: the list and the chosen one beside each other, or one at a time on a narrow page. */
export function ConversationsView({
  chats,
  chosen,
  choose,
  goHome,
  goToContacts,
  corner,
  now,
}: ConversationsViewProps) {
  const [dialog, setDialog] = useState<'new' | 'old' | 'settings'>()
  const [fault, setFault] = useState<FaultText>()
  const [goal, setGoal] = useState<Goal>()
  const complain = useCallback((error: unknown) => {
    const code = faultCode(error)
    setFault(filesText.fault(code) ?? faultText(code))
  }, [])
  const open = useCallback(
    (id: ConversationId | LegacyId | undefined, message?: string): void => {
      setFault(undefined)
      setGoal(id !== undefined && !isLegacy(id) && message !== undefined ? { conversation: id, message } : undefined)
      choose(id)
    },
    [choose],
  )
  return (
    <main id="main" className="flex h-dvh overflow-hidden">
      {chosen !== undefined && <h1 className="sr-only md:hidden">{words.title}</h1>}
      <section
        aria-label={words.list}
        className={cx(
          'flex w-full min-w-0 flex-col border-line bg-surface md:w-80 md:shrink-0 md:border-r',
          chosen !== undefined && 'max-md:hidden',
        )}
      >
        <ConversationList
          chats={chats}
          chosen={chosen}
          open={open}
          openDialog={setDialog}
          goHome={goHome}
          goToContacts={goToContacts}
          corner={corner}
          now={now}
        />
      </section>
      <div className={cx('relative min-w-0 flex-1', chosen === undefined && 'max-md:hidden')}>
        {chosen === undefined ? (
          <div className="flex h-full flex-col items-center justify-center p-8 text-center">
            <MessagesSquare size={44} strokeWidth={1.5} aria-hidden className="mb-4 text-edge" />
            <p className="font-medium">{words.pick.title}</p>
            <p className="mt-1 text-[0.875rem] text-faint">{words.pick.body}</p>
          </div>
        ) : isLegacy(chosen) ? (
          <LegacyConversation
            key={chosen}
            chats={chats.legacy}
            id={chosen}
            close={() => open(undefined)}
            complain={complain}
            now={now}
          />
        ) : (
          <Conversation
            key={chosen}
            chats={chats}
            id={chosen}
            goal={goal?.conversation === chosen ? goal.message : undefined}
            close={() => open(undefined)}
            complain={complain}
            now={now}
          />
        )}
      </div>
      {fault && (
        <div role="alert" className="fixed inset-x-3 top-3 z-50 mx-auto max-w-md rounded-control shadow-float">
          <Banner tone="fault" title={fault.title}>
            <p className="pr-8">{fault.body}</p>
          </Banner>
          <IconButton
            size="small"
            label={words.dismiss}
            className="absolute! top-1 right-1 text-danger-ink"
            onClick={() => setFault(undefined)}
          >
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      )}
      {dialog === 'new' && (
        <NewDialog
          chats={chats}
          open={open}
          openLegacy={() => setDialog('old')}
          complain={complain}
          close={() => setDialog((before) => (before === 'new' ? undefined : before))}
        />
      )}
      {dialog === 'old' && <LegacyDialog chats={chats} open={open} close={() => setDialog(undefined)} />}
      {dialog === 'settings' && (
        <SettingsDialog chats={chats} complain={complain} close={() => setDialog(undefined)} now={now} />
      )}
    </main>
  )
}
