import type { ReactNode } from 'react'
import { Copy, EllipsisVertical, Pencil, Reply, Trash2 } from 'lucide-react'
import { DropdownMenu as Radix } from 'radix-ui'
import type { MessageView } from '@p2pigeon/core/chat'
import { cx, IconButton } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'
import { clockTime } from '../../text/index.ts'
import type { MessageActions } from './message-actions.ts'

const item =
  'flex min-h-10 cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 text-[0.875rem] outline-none select-none data-highlighted:bg-hover'

/** What can be done with one message: emoji in a row, then words. Non-modal for the reason that `ChoiceMenu` is. */
export function MessageMenu({
  message,
  author,
  actions,
}: {
  readonly message: MessageView
  readonly author: string
  readonly actions: MessageActions
}) {
  const { own, sentAtMs, reactions, file } = message
  const mine = reactions.find((reaction) => reaction.own)?.emoji
  const time = clockTime(sentAtMs)
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>
        <IconButton
          size="small"
          label={own ? words.message.own(time) : words.message.more(author, time)}
          className="self-center opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
        >
          <EllipsisVertical size={17} aria-hidden />
        </IconButton>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={own ? 'end' : 'start'}
          sideOffset={4}
          collisionPadding={8}
          className="appear z-40 min-w-56 rounded-card bg-surface p-1.5 text-ink shadow-float inset-ring inset-ring-line"
        >
          <Radix.Group aria-label={words.message.react} className="flex gap-0.5 pb-1">
            {words.palette.map(([emoji, name]) => {
              const isMine = mine === emoji
              return (
                <Radix.Item
                  key={emoji}
                  aria-label={isMine ? words.message.takeBack(name) : words.message.reactWith(name)}
                  textValue={name}
                  onSelect={() => actions.react(message, isMine ? '' : emoji)}
                  className={cx(
                    'flex size-10 cursor-default items-center justify-center rounded-md text-[1.25rem] outline-none select-none data-highlighted:bg-hover',
                    isMine && 'bg-accent-soft',
                  )}
                >
                  <span aria-hidden>{emoji}</span>
                </Radix.Item>
              )
            })}
          </Radix.Group>
          <Radix.Separator className="mb-1 h-px bg-line" />
          <Action icon={<Reply size={18} />} label={words.message.reply} run={() => actions.reply(message)} />
          {!file && <Action icon={<Copy size={18} />} label={words.message.copy} run={() => actions.copy(message)} />}
          {own && !file && (
            <Action icon={<Pencil size={18} />} label={words.message.edit} run={() => actions.edit(message)} />
          )}
          {own && (
            <Action
              icon={<Trash2 size={18} />}
              label={words.message.remove}
              danger
              run={() => actions.remove(message)}
            />
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Action({
  icon,
  label,
  danger,
  run,
}: {
  readonly icon: ReactNode
  readonly label: string
  readonly danger?: boolean
  readonly run: () => void
}) {
  return (
    <Radix.Item onSelect={run} className={cx(item, danger && 'text-danger-ink')}>
      <span aria-hidden className="shrink-0 text-faint">
        {icon}
      </span>
      {label}
    </Radix.Item>
  )
}
