import { DoorClosed } from 'lucide-react'
import { Avatar, Button, MessagePage, Spinner } from '../../ui/index.ts'
import { roomText } from '../../text/room/index.ts'

/** What somebody sees who waits to be let in: nothing of the room. */
export function LobbyView({
  name,
  seed,
  cancel,
}: {
  readonly name: string
  /** Of the picture that stands for the user. */
  readonly seed: string
  readonly cancel: () => void
}) {
  const words = roomText.lobby
  return (
    <MessagePage
      icon={<DoorClosed size={48} strokeWidth={1.5} aria-hidden />}
      title={words.title}
      actions={<Button onClick={cancel}>{words.cancel}</Button>}
    >
      <p>{words.body}</p>
      <div className="my-5 flex justify-center">
        <p className="flex max-w-full items-center gap-2.5 rounded-full bg-surface py-1.5 pr-4 pl-1.5 text-ink inset-ring inset-ring-line">
          <Avatar name={name} seed={seed} className="size-8 text-[0.75rem]" />
          <bdi className="truncate font-medium">{name}</bdi>
          <span className="shrink-0 text-faint">
            <Spinner size={16} />
          </span>
        </p>
      </div>
      <p className="text-[0.875rem]">{words.unseen}</p>
      <p className="mt-2 text-[0.875rem] text-faint">{words.invite}</p>
    </MessagePage>
  )
}
