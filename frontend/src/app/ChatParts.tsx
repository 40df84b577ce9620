import { lazy } from 'react'
import { MessagesSquare } from 'lucide-react'
import { useReadable } from '../state/index.ts'
import { useSession, type Chats } from '../session/index.ts'
import { IconButton } from '../ui/index.ts'
import { text } from '../text/index.ts'

export const ConversationsView = lazy(() =>
  import('../features/conversations/index.ts').then(({ ConversationsView: view }) => ({ default: view })),
)

/** A larger count says no more, and takes room. */
const mostShown = 99

/** The way to the conversations, with what is unread there. */
export function ConversationsLink({ open }: { readonly open: () => void }) {
  const state = useReadable(useSession().chats.state)
  return state.kind === 'open' ? <Counted chats={state.chats} open={open} /> : <Link count={0} open={open} />
}

function Counted({ chats, open }: { readonly chats: Chats; readonly open: () => void }) {
  return <Link count={useReadable(chats.unread)} open={open} />
}

function Link({ count, open }: { readonly count: number; readonly open: () => void }) {
  const words = text.chats
  return (
    <IconButton hint label={count > 0 ? words.unread(count) : words.label} onClick={open} data-testid="chats-link">
      <MessagesSquare size={20} aria-hidden />
      {count > 0 && (
        <span
          aria-hidden
          className="absolute top-0.5 right-0.5 flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] font-semibold text-on-accent tabular-nums"
        >
          {count > mostShown ? `${mostShown}+` : count}
        </span>
      )}
    </IconButton>
  )
}
