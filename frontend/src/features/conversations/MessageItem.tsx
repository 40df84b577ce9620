import { memo } from 'react'
import { Check, CheckCheck, Clock, CloudOff, Timer } from 'lucide-react'
import type { DeliveryState, MessageView, PersonView, ReactionView } from '@p2pigeon/core/chat'
import { Avatar, cx } from '../../ui/index.ts'
import { cleanText, MessageText } from '../../ui/messages/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { clockTime, day } from '../../text/index.ts'
import { deliveryWords, lineOf } from './conversation-words.ts'
import { FileCard } from './files/index.ts'
import type { MessageActions } from './message-actions.ts'
import { MessageMenu } from './MessageMenu.tsx'
import type { TimelineRow } from './timeline.ts'

export interface MessageItemProps {
  readonly row: TimelineRow
  readonly others: readonly PersonView[]
  readonly quoted: MessageView | undefined
  readonly isFound: boolean
  readonly nameOf: (key: string) => string
  readonly actions: MessageActions | undefined
}

/** One message, with the day above it when a new one begins. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { row, others, quoted, isFound, nameOf, actions } = props
  const { message, first, last } = row
  const { own, from, deleted, replyTo, reactions } = message
  const isGroup = others.length > 1
  const author = own ? words.you : cleanText(nameOf(from))
  const isWaiting = own && message.delivery.kind === 'waiting'
  const hasMeta = last || message.edited || isWaiting || message.expiresAtMs !== undefined
  return (
    <>
      {row.day !== undefined && (
        <h3 className="flex items-center gap-3 py-3 text-[0.75rem] font-medium text-faint">
          <span aria-hidden className="h-px flex-1 bg-line" />
          {row.day}
          <span aria-hidden className="h-px flex-1 bg-line" />
        </h3>
      )}
      <article
        aria-label={`${author}, ${clockTime(message.sentAtMs)}`}
        className={cx(
          'group flex gap-2',
          own ? 'flex-row-reverse' : 'flex-row',
          first && row.day === undefined ? 'pt-3' : 'pt-0.5',
        )}
      >
        {isGroup && !own && (
          <span className="w-8 shrink-0">
            {first && <Avatar name={author} seed={from} className="mt-5.5 size-8 text-[0.6875rem]" />}
          </span>
        )}
        <div className={cx('flex max-w-[82%] min-w-0 flex-col', own ? 'items-end' : 'items-start')}>
          {isGroup && !own && first && (
            <bdi className="max-w-full truncate px-1 pb-0.5 text-[0.8125rem] font-semibold text-soft">{author}</bdi>
          )}
          <div
            className={cx(
              'max-w-full rounded-2xl px-3.5 py-2 transition-shadow duration-300',
              own ? 'bg-accent-soft' : 'bg-surface inset-ring inset-ring-line',
              own ? last && 'rounded-br-md' : last && 'rounded-bl-md',
              isFound && 'outline-2 outline-accent',
            )}
          >
            {replyTo !== undefined && !deleted && (
              <Quote
                quoted={quoted}
                own={own}
                nameOf={nameOf}
                goTo={actions ? () => actions.goTo(replyTo) : undefined}
              />
            )}
            {deleted ? (
              <p className="text-[0.9375rem] text-faint italic">{words.deleted}</p>
            ) : message.file ? (
              <FileCard message={message} file={message.file} actions={actions} />
            ) : (
              <MessageText content={message.content} linkedBy="https" />
            )}
          </div>
          {reactions.length > 0 && (
            <div className={cx('-mt-1.5 flex flex-wrap gap-1 px-2', own && 'justify-end')}>
              {reactions.map((reaction) => (
                <Reaction
                  key={reaction.emoji}
                  reaction={reaction}
                  who={namesOf(reaction, others, nameOf)}
                  toggle={actions ? () => actions.react(message, reaction.own ? '' : reaction.emoji) : undefined}
                />
              ))}
            </div>
          )}
          {hasMeta && <Meta message={message} showTime={last} />}
        </div>
        {actions && !deleted && <MessageMenu message={message} author={author} actions={actions} />}
      </article>
    </>
  )
})

function Reaction({
  reaction: { emoji, from, own },
  who,
  toggle,
}: {
  readonly reaction: ReactionView
  readonly who: string
  readonly toggle: (() => void) | undefined
}) {
  return (
    <button
      type="button"
      disabled={!toggle}
      aria-pressed={own}
      title={who}
      onClick={toggle}
      className={cx(
        'flex h-6.5 max-w-24 items-center gap-1 rounded-full px-2 text-[0.8125rem] inset-ring transition-colors duration-100',
        own ? 'bg-accent-soft text-ink inset-ring-accent' : 'bg-surface text-soft inset-ring-line hover:bg-hover',
      )}
    >
      <span aria-hidden className="truncate">
        {cleanText(emoji)}
      </span>
      {from.length > 1 && (
        <span aria-hidden className="tabular-nums">
          {from.length}
        </span>
      )}
      <span className="sr-only">{words.message.reaction(emoji, who)}</span>
    </button>
  )
}

/** Who reacted so. Everybody in a conversation but us is one of the others. */
function namesOf({ from, own }: ReactionView, others: readonly PersonView[], nameOf: (key: string) => string): string {
  const fans = from.filter((key) => others.some((one) => one.key === key)).map((key) => cleanText(nameOf(key)))
  return (own ? [words.you, ...fans] : fans).join(', ')
}

function Quote({
  quoted,
  own,
  nameOf,
  goTo,
}: {
  readonly quoted: MessageView | undefined
  readonly own: boolean
  readonly nameOf: (key: string) => string
  readonly goTo: (() => void) | undefined
}) {
  const author = quoted && (quoted.own ? words.you : cleanText(nameOf(quoted.from)))
  return (
    <button
      type="button"
      disabled={!goTo}
      onClick={goTo}
      className={cx(
        'mb-1.5 block w-full min-w-0 rounded-md border-l-3 border-accent px-2.5 py-1 text-left text-[0.8125rem]',
        own ? 'bg-surface/60' : 'bg-canvas',
      )}
    >
      {author !== undefined && <span className="sr-only">{words.goToReply}</span>}
      {author !== undefined && <bdi className="block truncate font-semibold text-accent">{author}</bdi>}
      <span dir="auto" className="block truncate text-soft">
        {quoted ? lineOf(quoted) : words.replyGone}
      </span>
    </button>
  )
}

function Meta({ message, showTime }: { readonly message: MessageView; readonly showTime: boolean }) {
  const { own, sentAtMs, edited, expiresAtMs, delivery } = message
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 px-1.5 text-[0.75rem] text-faint">
      {showTime && <time dateTime={new Date(sentAtMs).toISOString()}>{clockTime(sentAtMs)}</time>}
      {edited && <span>{words.edited}</span>}
      {expiresAtMs !== undefined && (
        <span
          className="inline-flex items-center"
          title={words.expires(`${day(expiresAtMs)}, ${clockTime(expiresAtMs)}`)}
        >
          <Timer size={12} aria-hidden />
          <span className="sr-only">{words.expires(`${day(expiresAtMs)}, ${clockTime(expiresAtMs)}`)}</span>
        </span>
      )}
      {own && (showTime || delivery.kind === 'waiting') && <Delivery delivery={delivery} />}
    </p>
  )
}

function Delivery({ delivery }: { readonly delivery: DeliveryState }) {
  const said = deliveryWords(delivery)
  if (said === undefined) return null
  const isUnreachable = delivery.kind === 'waiting' && delivery.unreachable
  const Icon = isUnreachable
    ? CloudOff
    : delivery.kind === 'delivered'
      ? CheckCheck
      : delivery.kind === 'sent'
        ? Check
        : Clock
  return (
    <span
      data-delivery={delivery.kind}
      className={cx('inline-flex items-center gap-1', isUnreachable && 'text-warn-ink')}
    >
      <Icon size={13} aria-hidden className={cx('shrink-0', delivery.kind === 'delivered' && 'text-accent')} />
      {said}
    </span>
  )
}
