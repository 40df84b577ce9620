import type { ReactNode } from 'react'
import { Button, MessagePage, Spinner } from '../../ui/index.ts'
import { text } from '../../text/index.ts'

/** What somebody sees who waits to be let in: nothing of the room. */
export function LobbyView({
  name,
  cancel,
  notice,
}: {
  readonly name: string
  readonly cancel: () => void
  readonly notice?: ReactNode
}) {
  return (
    <MessagePage
      icon={<Spinner />}
      title={text.authority.lobby.title}
      actions={<Button onClick={cancel}>{text.authority.lobby.cancel}</Button>}
    >
      {text.authority.lobby.body(name)}
      {notice}
    </MessagePage>
  )
}
