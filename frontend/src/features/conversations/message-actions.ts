import type { MessageView } from '@p2pigeon/core/chat'
import type { FileActions } from './files/index.ts'

/** What can be done with a message. */
export interface MessageActions extends FileActions {
  readonly reply: (message: MessageView) => void
  readonly edit: (message: MessageView) => void
  readonly remove: (message: MessageView) => void
  /** An empty emoji takes the reaction back. */
  readonly react: (message: MessageView, emoji: string) => void
  readonly copy: (message: MessageView) => void
  readonly goTo: (message: string) => void
}
