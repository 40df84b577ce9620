import type { ConversationView, DeliveryState, MessageView } from '@p2pigeon/core/chat'
import type { Chats, ChatView } from '../../session/index.ts'
import { chatsText as words, filesText } from '../../text/conversations/index.ts'
import { clockTime, day } from '../../text/index.ts'
import { cleanText, oneLine } from '../../ui/messages/index.ts'
import { daysBetween } from './timeline.ts'

/** So many names of a group are said, then a number. */
const namesShown = 3
const dayMs = 86_400_000
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' })

/** What a conversation is called: the title of a group, or who is in it. */
export function conversationName(conversation: ConversationView, nameOf: Chats['nameOf']): string {
  const title = oneLine(conversation.title ?? '')
  if (title !== '') return title
  const names = conversation.others.map(({ key, name }) => cleanText(name ?? nameOf(key)))
  if (names.length === 0) return words.nobody
  const shown = names.slice(0, namesShown).join(', ')
  return names.length > namesShown ? words.andMore(shown, names.length - namesShown) : shown
}

export interface RowText {
  readonly lead: string | undefined
  readonly text: string
}

/** The one line under a name in the list. */
export function rowText(conversation: ConversationView, isChosen: boolean): RowText {
  const { draft, last, state } = conversation
  // What is being written is on the screen already.
  if (draft.trim() !== '' && !isChosen) return { lead: words.row.draft, text: oneLine(draft) }
  if (!last) return { lead: undefined, text: state === 'request' ? words.row.request : words.row.nothing }
  return { lead: last.own ? words.row.you : undefined, text: oneLine(last.text) || filesText.unnamed }
}

/** A message in one line, for lists and quotes; a file by its name. */
export function lineOf({ content, deleted, file }: MessageView): string {
  if (deleted) return words.deleted
  return oneLine(content) || (file ? filesText.unnamed : '')
}

/** A short time for a list: the hour today, a weekday this week, a date before. */
export function rowTime(atMs: number, nowMs: number): string {
  const days = daysBetween(atMs, nowMs)
  if (days <= 0) return clockTime(atMs)
  if (days === 1) return words.yesterday
  return days < 7 && nowMs - atMs < 7 * dayMs ? weekday.format(atMs) : day(atMs)
}

/** How far a message of ours has come, in words; undefined for one of others. */
export function deliveryWords(delivery: DeliveryState): string | undefined {
  switch (delivery.kind) {
    case 'received':
      return undefined
    case 'waiting':
      return delivery.unreachable ? words.delivery.unreachable : words.delivery.waiting
    case 'sent':
      return words.delivery.sent
    case 'delivered':
      return words.delivery.delivered
  }
}

/** Which way a message would go now. */
export function presenceWords({ online, conversation }: ChatView): string {
  if (!online) return words.header.away
  return conversation.others.length > 1 ? words.header.onlineGroup : words.header.online
}

/** How long messages stay, in words; undefined when they stay for good. */
export function lifetimeWords(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined
  const known = words.lifetime.choices.find((choice) => choice.seconds === seconds)
  return known?.short ?? words.lifetime.other(Math.max(1, Math.round(seconds / 3_600)))
}

/** Bytes that are left for a message; negative when there are too many. */
export function bytesLeft(content: string, most: number): number {
  return most - new TextEncoder().encode(content).length
}

/** True for every conversation whose name, or a name in it, has the query in it. */
export function matchesName(conversation: ConversationView, query: string, nameOf: Chats['nameOf']): boolean {
  const wanted = query.trim().toLocaleLowerCase()
  if (wanted === '') return true
  const names = [conversation.title ?? '', ...conversation.others.map(({ key, name }) => name ?? nameOf(key))]
  return names.some((name) => name.toLocaleLowerCase().includes(wanted))
}
