import type { MessageView } from '@p2pigeon/core'
import { roomText } from '../../../text/room/index.ts'
import { cleanText } from '../../../ui/messages/index.ts'

/** The chat as a text to keep: one line a message, further lines of it set in. Times are those of the senders, in UTC. */
export function chatText(title: string, messages: readonly MessageView[]): string {
  const lines = messages.map(({ fromName, own, content, files, sentAtMs }) => {
    const name = own ? roomText.chat.ownName(fromName) : fromName
    const said = files.map((file) => roomText.chat.savedFile(cleanText(file.name)))
    const words = [cleanText(content), ...said].filter(Boolean).join('\n').replaceAll('\n', '\n    ')
    return `[${timeOf(sentAtMs)}] ${cleanText(name)}: ${words}`
  })
  return [cleanText(title), '', ...lines, ''].join('\n')
}

/** A sender may claim any time, also one that no calendar has. */
function timeOf(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '?' : date.toISOString().slice(0, 16).replace('T', ' ')
}
