import type { ConversationId, LegacyId } from '@p2pigeon/core/chat'

/** Tells the two kinds of conversation apart by their names. */
export function isLegacy(id: ConversationId | LegacyId | undefined): id is LegacyId {
  return id?.startsWith('old-') === true
}
