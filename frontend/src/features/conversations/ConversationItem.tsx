import { memo } from 'react'
import { BellOff } from 'lucide-react'
import type { ConversationId, ConversationView } from '@p2pigeon/core/chat'
import { cx } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { ConversationAvatar } from './ConversationAvatar.tsx'
import { rowText, rowTime } from './conversation-words.ts'

/** One conversation in the list. There may be thousands: one is built again only when it has changed, and laid out when it is near the screen. */
export const ConversationItem = memo(function ConversationItem({
  conversation,
  name,
  isChosen,
  nowMs,
  open,
}: {
  readonly conversation: ConversationView
  readonly name: string
  readonly isChosen: boolean
  readonly nowMs: number
  readonly open: (id: ConversationId) => void
}) {
  const { unread, muted, last, draft } = conversation
  const { lead, text } = rowText(conversation, isChosen)
  const isDraft = lead === words.row.draft && draft !== ''
  return (
    <li className="[contain-intrinsic-size:auto_4rem] [content-visibility:auto]">
      <button
        type="button"
        data-row
        aria-current={isChosen || undefined}
        onClick={() => open(conversation.id)}
        className={cx(
          'flex w-full items-center gap-3 rounded-control px-2.5 py-2.5 text-left transition-colors duration-100 focus-visible:-outline-offset-2',
          isChosen ? 'bg-accent-soft' : 'hover:bg-hover',
        )}
      >
        <ConversationAvatar conversation={conversation} name={name} className="size-11 text-[0.875rem]" />
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1.5">
            <bdi className={cx('min-w-0 truncate', unread > 0 ? 'font-semibold' : 'font-medium')}>{name}</bdi>
            {muted && (
              <>
                <BellOff size={13} aria-hidden className="shrink-0 text-faint" />
                <span className="sr-only">{words.row.muted}</span>
              </>
            )}
            {last && (
              <span className="ml-auto shrink-0 pl-1 text-[0.75rem] text-faint">{rowTime(last.atMs, nowMs)}</span>
            )}
          </span>
          <span className="mt-0.5 flex items-center gap-2">
            <span dir="auto" className="min-w-0 flex-1 truncate text-[0.8125rem] text-soft">
              {lead && <span className={isDraft ? 'font-medium text-warn-ink' : 'text-faint'}>{lead} </span>}
              {text}
            </span>
            {unread > 0 && (
              <span
                className={cx(
                  'flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full px-1.5 text-[0.75rem] font-semibold tabular-nums',
                  muted ? 'bg-hover text-soft' : 'bg-accent text-on-accent',
                )}
              >
                <span aria-hidden>{unread > mostShown ? `${mostShown}+` : unread}</span>
                <span className="sr-only">{words.row.unread(unread)}</span>
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  )
})

const mostShown = 99
