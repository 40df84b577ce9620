import { UserRoundX, UsersRound } from 'lucide-react'
import type { ConversationView } from '@p2pigeon/core/chat'
import { Avatar, cx } from '../../ui/index.ts'

/** The one person of a conversation in their colour, or a sign for a group or a stranger. */
export function ConversationAvatar({
  conversation,
  name,
  className,
}: {
  readonly conversation: ConversationView
  readonly name: string
  readonly className: string
}) {
  const { others } = conversation
  const [one] = others
  if (others.length === 1 && one?.name !== undefined) {
    return <Avatar name={name} seed={one.id ?? one.key} className={className} />
  }
  const Icon = others.length > 1 ? UsersRound : UserRoundX
  return (
    <span
      aria-hidden
      className={cx('flex shrink-0 items-center justify-center rounded-full bg-hover text-soft', className)}
    >
      <Icon size={20} />
    </span>
  )
}
