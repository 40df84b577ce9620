import { useLayoutEffect, useRef, useState } from 'react'
import { Check, Clock, CloudOff, Copy, EllipsisVertical, Trash2 } from 'lucide-react'
import type { LegacyMessage } from '@p2pigeon/core/chat'
import { Button, cx, IconButton } from '../../../ui/index.ts'
import { ActionMenu } from '../../../ui/overlays/index.ts'
import { chatsText, legacyText as words } from '../../../text/conversations/index.ts'
import { clockTime } from '../../../text/index.ts'
import { cleanText } from '../../../ui/messages/index.ts'
import { dayLabel } from '../timeline.ts'

/** Messages that are built at once: there are few, and a thousand at most. */
const pageSize = 100
/** Nearer to the end than this counts as being there. */
const nearEndPx = 80

export interface LegacyLogProps {
  readonly messages: readonly LegacyMessage[]
  readonly name: string
  readonly nowMs: number
  readonly copy: (message: LegacyMessage) => void
  readonly hide: (message: LegacyMessage) => void
}

/** What was said with an old client: plain words, nothing to click. */
export function LegacyLog({ messages, name, nowMs, copy, hide }: LegacyLogProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const wasAtEnd = useRef(true)
  const [most, setMost] = useState(pageSize)
  const shown = messages.slice(-most)
  const last = messages.at(-1)
  useLayoutEffect(() => {
    const { current } = scroller
    if (current && (wasAtEnd.current || last?.own)) current.scrollTop = current.scrollHeight
  }, [last?.id, last?.own])
  return (
    <div
      ref={scroller}
      role="log"
      aria-label={words.log(name)}
      aria-live="off"
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 focus-visible:-outline-offset-2 sm:px-4"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        wasAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEndPx
      }}
    >
      <div className="mx-auto max-w-3xl pb-3">
        <div className="flex min-h-16 items-center justify-center px-4 py-3 text-center text-[0.8125rem] text-faint">
          {shown.length < messages.length ? (
            <Button size="small" tone="quiet" onClick={() => setMost(most + pageSize)}>
              {words.earlier}
            </Button>
          ) : (
            <p>
              {words.begin} {words.bound}
            </p>
          )}
        </div>
        {shown.map((message, index) => {
          const label = dayLabel(message.sentAtMs, nowMs)
          const before = shown[index - 1]
          const isNewDay = before === undefined || dayLabel(before.sentAtMs, nowMs) !== label
          return (
            <div key={message.id}>
              {isNewDay && (
                <h3 className="flex items-center gap-3 py-3 text-[0.75rem] font-medium text-faint">
                  <span aria-hidden className="h-px flex-1 bg-line" />
                  {label}
                  <span aria-hidden className="h-px flex-1 bg-line" />
                </h3>
              )}
              <Item message={message} name={name} copy={copy} hide={hide} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Item({
  message,
  name,
  copy,
  hide,
}: Pick<LegacyLogProps, 'name' | 'copy' | 'hide'> & { message: LegacyMessage }) {
  const { own, content, sentAtMs } = message
  const time = clockTime(sentAtMs)
  return (
    <article
      aria-label={`${own ? chatsText.you : name}, ${time}`}
      className={cx('group flex gap-2 pt-2', own ? 'flex-row-reverse' : 'flex-row')}
    >
      <div className={cx('flex max-w-[82%] min-w-0 flex-col', own ? 'items-end' : 'items-start')}>
        <p
          dir="auto"
          className={cx(
            'max-w-full rounded-2xl border-2 border-dashed border-warn-ink/60 px-3.5 py-2 text-[0.9375rem] whitespace-pre-wrap wrap-anywhere',
            own ? 'bg-warn-soft' : 'bg-surface',
          )}
        >
          {cleanText(content)}
        </p>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 px-1.5 text-[0.75rem] text-faint">
          <time dateTime={new Date(sentAtMs).toISOString()}>{time}</time>
          {own && <Standing message={message} />}
        </p>
      </div>
      <ActionMenu
        trigger={
          <IconButton
            size="small"
            label={own ? words.message.own(time) : words.message.more(name, time)}
            className="self-center opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
          >
            <EllipsisVertical size={17} aria-hidden />
          </IconButton>
        }
        actions={[
          { id: 'copy', label: words.message.copy, icon: <Copy size={18} />, run: () => copy(message) },
          { id: 'hide', label: words.message.hide, icon: <Trash2 size={18} />, danger: true, run: () => hide(message) },
        ]}
      />
    </article>
  )
}

function Standing({ message: { standing } }: { readonly message: LegacyMessage }) {
  const Icon = standing === 'sent' ? Check : standing === 'refused' ? CloudOff : Clock
  return (
    <span
      data-standing={standing}
      className={cx('inline-flex items-center gap-1', standing === 'refused' && 'text-warn-ink')}
    >
      <Icon size={13} aria-hidden className="shrink-0" />
      {words.standing[standing]}
    </span>
  )
}
