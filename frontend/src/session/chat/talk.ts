import type { AuthorKey, ChatLine } from '@p2pigeon/core/chat'
import type { IdentityRecord, Ringer, TalkLine } from '@p2pigeon/core/people'
import type { Readable, Undo } from '../../state/index.ts'

/** A person's key on Nostr; undefined for one who has none: a linked device, or somebody an organisation listed. */
export function chatKeyOf(record: IdentityRecord | undefined): AuthorKey | undefined {
  const key = record?.nostrPublicKey
  return key && [...key].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** A line of the ringer as conversations take it; undefined for somebody who has no key to write by. */
export function chatLineOf(line: TalkLine): ChatLine | undefined {
  const key = chatKeyOf(line.with)
  if (key === undefined) return undefined
  return {
    key,
    send: (message) => line.send(message),
    listen: (handlers) => line.listen(handlers),
    close: () => line.close(),
  }
}

/** Looks for devices of this person whenever this tab answers for its user, until the undo. */
export function seek(
  ringer: Readable<Ringer | undefined>,
  record: IdentityRecord,
  opened: (line: ChatLine) => void,
): Undo {
  let stop: Undo = () => undefined
  const follow = (): void => {
    stop()
    stop = () => undefined
    const present = ringer.get()
    if (!present) return
    try {
      stop = present.talk(record, (line) => {
        const chatLine = chatLineOf(line)
        if (chatLine) opened(chatLine)
        else line.close()
      })
    } catch {
      // Too many are looked for already: what waits for this one goes by the relays.
    }
  }
  const unsubscribe = ringer.subscribe(follow)
  follow()
  return () => {
    unsubscribe()
    stop()
  }
}
