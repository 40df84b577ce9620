import { fromBytes, slotNames, toBytes } from '../vault/index.ts'
import type { ChatSettings } from './chats.ts'

const initial: ChatSettings = { receipts: true, notifications: false, relays: [] }

/** How settings of conversations are kept, sealed. */
export const chatSettings = {
  slot: slotNames.chatSettings,
  initial,
  encode: toBytes,
  decode: (bytes: Uint8Array<ArrayBuffer>): ChatSettings => ({
    ...initial,
    ...(fromBytes(bytes) as Partial<ChatSettings>),
  }),
}
