import type { MessageView } from '@p2pigeon/core/chat'
import { chatsText as words } from '../../text/conversations/index.ts'
import { day } from '../../text/index.ts'

/** One message, and where it stands among its neighbours. */
export interface TimelineRow {
  readonly message: MessageView
  /** The day that begins with this message. */
  readonly day: string | undefined
  /** The first of its author in a row: it shows who and stands apart. */
  readonly first: boolean
  /** The last of its author in a row: it shows when. */
  readonly last: boolean
}

/** Messages of one author within this time belong together, in ms. */
export const groupMs = 5 * 60_000

/** Messages with their days and groups. A row is a message, so that it keeps its key when earlier ones are loaded. */
export function timelineOf(messages: readonly MessageView[], nowMs: number): readonly TimelineRow[] {
  // Once for each: days are the dear part of a long list.
  const days = messages.map(({ sentAtMs }) => midnight(sentAtMs))
  const isTogether = (index: number): boolean => {
    const [previous, message] = [messages[index - 1], messages[index]]
    return (
      previous?.from === message?.from &&
      Math.abs((message?.sentAtMs ?? 0) - (previous?.sentAtMs ?? 0)) < groupMs &&
      days[index - 1] === days[index]
    )
  }
  return messages.map((message, index) => {
    const newDay = days[index - 1] !== days[index]
    return {
      message,
      day: newDay ? dayLabel(message.sentAtMs, nowMs) : undefined,
      first: newDay || !isTogether(index),
      last: index === messages.length - 1 || !isTogether(index + 1),
    }
  })
}

/** Today, Yesterday, or a date. */
export function dayLabel(atMs: number, nowMs: number): string {
  const days = daysBetween(atMs, nowMs)
  return days === 0 ? words.today : days === 1 ? words.yesterday : day(atMs)
}

/** Calendar days from the first to the second, in local time. */
export function daysBetween(atMs: number, nowMs: number): number {
  // Days are not all 24 hours long: rounding takes the hour of summer time away.
  return Math.round((midnight(nowMs) - midnight(atMs)) / 86_400_000)
}

function midnight(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0)
}
