import { useState } from 'react'
import type { ConversationId } from '@p2pigeon/core/chat'
import type { Chats } from '../../session/index.ts'
import { Button } from '../../ui/index.ts'
import { chatsText as words } from '../../text/conversations/index.ts'

/** What stands in place of the composer while a stranger waits for an answer. */
export function RequestBar({
  chats,
  id,
  name,
  close,
  complain,
}: {
  readonly chats: Chats
  readonly id: ConversationId
  readonly name: string
  readonly close: () => void
  readonly complain: (error: unknown) => void
}) {
  const [busy, setBusy] = useState(false)
  const run = async (answer: () => Promise<void>): Promise<void> => {
    setBusy(true)
    await answer().catch(complain)
    setBusy(false)
  }
  return (
    <section aria-label={words.row.request} className="shrink-0 border-t border-line bg-surface p-4">
      <div className="mx-auto flex max-w-3xl flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-medium wrap-anywhere">{words.request.title(name)}</p>
          <p className="mt-0.5 text-[0.875rem] text-soft">{words.request.body}</p>
        </div>
        <div className="flex gap-2.5">
          <Button
            disabled={busy}
            onClick={() =>
              void run(async () => {
                await chats.delete(id)
                close()
              })
            }
          >
            {words.request.delete}
          </Button>
          <Button tone="primary" disabled={busy} onClick={() => void run(() => chats.accept(id))}>
            {words.request.accept}
          </Button>
        </div>
      </div>
    </section>
  )
}
