import type { MessageView } from '@p2pigeon/core'

/** Messages of one sender in a row, all of this visit or all of earlier ones: name and time are shown once. */
export interface MessageGroup {
  readonly id: string
  readonly from: string
  readonly fromName: string
  readonly own: boolean
  readonly sentAtMs: number
  readonly messages: readonly MessageView[]
}

/** After a pause this long a sender's next message shows its own time. */
const pauseMs = 5 * 60_000

export function groupMessages(messages: readonly MessageView[]): readonly MessageGroup[] {
  const groups: (MessageGroup & { messages: MessageView[] })[] = []
  for (const message of messages) {
    const last = groups.at(-1)
    const previous = last?.messages.at(-1)
    const sameVisit = (previous?.earlier === undefined) === (message.earlier === undefined)
    if (
      last &&
      previous &&
      sameVisit &&
      last.from === message.from &&
      Math.abs(message.sentAtMs - previous.sentAtMs) < pauseMs
    ) {
      last.messages.push(message)
    } else {
      const { id, from, fromName, own, sentAtMs } = message
      groups.push({ id, from, fromName, own, sentAtMs, messages: [message] })
    }
  }
  return groups
}

/** Messages of others that were not there when the chat was last looked at. */
export function countUnread(messages: readonly MessageView[], seen: ReadonlySet<string>): number {
  let unread = 0
  for (const message of messages) if (!message.own && !seen.has(message.id)) unread++
  return unread
}
