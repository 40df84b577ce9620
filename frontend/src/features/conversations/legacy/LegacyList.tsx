import type { ConversationId, LegacyId } from '@p2pigeon/core/chat'
import type { LegacyChats } from '../../../session/index.ts'
import { useReadable } from '../../../state/index.ts'
import { cx } from '../../../ui/index.ts'
import { chatsText, legacyText as words } from '../../../text/conversations/index.ts'
import { rowTime } from '../conversation-words.ts'
import { cleanText, oneLine } from '../../../ui/messages/index.ts'
import { LegacyLabel, LegacySign } from './LegacyMark.tsx'

/** Conversations with old clients, in a part of the list of their own; nothing while there are none. */
export function LegacyList({
  chats,
  chosen,
  query,
  nowMs,
  open,
}: {
  readonly chats: LegacyChats
  readonly chosen: ConversationId | LegacyId | undefined
  readonly query: string
  readonly nowMs: number
  readonly open: (id: LegacyId) => void
}) {
  const wanted = query.trim().toLocaleLowerCase()
  const shown = useReadable(chats.conversations).flatMap((conversation) => {
    const name = cleanText(chats.nameOf(conversation.peer))
    return name.toLocaleLowerCase().includes(wanted) ? [{ ...conversation, name }] : []
  })
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="old-clients" className="mt-4 border-t border-line pt-3">
      <h2 id="old-clients" className="px-2.5 text-[0.8125rem] font-medium text-warn-ink">
        {words.heading}
      </h2>
      <ul aria-label={words.heading} className="space-y-0.5 pt-1">
        {shown.map(({ id, name, last, unread }) => (
          <li key={id}>
            <button
              type="button"
              aria-current={id === chosen || undefined}
              onClick={() => open(id)}
              className={cx(
                'flex w-full items-center gap-3 rounded-control px-2.5 py-2.5 text-left transition-colors duration-100 focus-visible:-outline-offset-2',
                id === chosen ? 'bg-warn-soft' : 'hover:bg-hover',
              )}
            >
              <LegacySign className="size-11" />
              <span className="min-w-0 flex-1">
                <span className="flex items-center gap-1.5">
                  <bdi className={cx('min-w-0 truncate', unread > 0 ? 'font-semibold' : 'font-medium')}>{name}</bdi>
                  {last && (
                    <span className="ml-auto shrink-0 pl-1 text-[0.75rem] text-faint">{rowTime(last.atMs, nowMs)}</span>
                  )}
                </span>
                <span className="mt-0.5 flex items-center gap-2">
                  <LegacyLabel />
                  <span dir="auto" className="min-w-0 flex-1 truncate text-[0.8125rem] text-soft">
                    {last?.own && <span className="text-faint">{words.you} </span>}
                    {last ? oneLine(last.text) : words.nothing}
                  </span>
                  {unread > 0 && (
                    <span className="flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-accent px-1.5 text-[0.75rem] font-semibold text-on-accent tabular-nums">
                      <span aria-hidden>{Math.min(unread, mostShown)}</span>
                      <span className="sr-only">{chatsText.row.unread(unread)}</span>
                    </span>
                  )}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const mostShown = 99
