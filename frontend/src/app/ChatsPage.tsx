import { useEffect, type ReactNode } from 'react'
import { MessageSquare } from 'lucide-react'
import { useReadable } from '../state/index.ts'
import { useSession, type ChatsState } from '../session/index.ts'
import { Button, MessagePage, Spinner } from '../ui/index.ts'
import { faultText, text } from '../text/index.ts'
import { ConversationsView } from './ChatParts.tsx'
import type { ChatId } from './route.ts'

export interface ChatsPageProps {
  readonly chosen: ChatId | undefined
  readonly choose: (id?: ChatId) => void
  readonly goHome: () => void
  readonly goToContacts: () => void
  /** What stands at the right of the header. */
  readonly corner: ReactNode
}

/** Conversations, as soon as this tab has them. */
export function ChatsPage(props: ChatsPageProps) {
  const { chats } = useSession()
  const state = useReadable(chats.state)
  useEffect(() => chats.open(), [chats])
  if (state.kind === 'open') return <ConversationsView {...props} chats={state.chats} now={() => Date.now()} />
  return <NotHere state={state} takeOver={() => chats.takeOver()} goHome={props.goHome} />
}

function NotHere({
  state,
  takeOver,
  goHome,
}: {
  readonly state: Exclude<ChatsState, { kind: 'open' }>
  readonly takeOver: () => void
  readonly goHome: () => void
}) {
  const session = useSession()
  const words = text.chats
  const home = <Button onClick={goHome}>{words.home}</Button>
  const icon = <MessageSquare size={40} aria-hidden />
  switch (state.kind) {
    case 'idle':
    case 'opening':
      return (
        <p className="flex min-h-dvh items-center justify-center gap-3 text-soft">
          <Spinner /> {words.opening}
        </p>
      )
    case 'elsewhere':
      return (
        <MessagePage
          icon={icon}
          title={words.elsewhere}
          actions={
            <>
              <Button tone="primary" onClick={takeOver}>
                {words.takeOver}
              </Button>
              {home}
            </>
          }
        >
          {words.elsewhereBody}
        </MessagePage>
      )
    case 'unable':
      return (
        <MessagePage icon={icon} title={words.unable} actions={home}>
          {words.unableBody}
        </MessagePage>
      )
    case 'failed':
      return (
        <MessagePage
          icon={icon}
          title={faultText(state.code).title}
          actions={
            <>
              <Button tone="primary" onClick={() => session.reload()}>
                {text.crash.reload}
              </Button>
              {home}
            </>
          }
        >
          {faultText(state.code).body}
        </MessagePage>
      )
  }
}
