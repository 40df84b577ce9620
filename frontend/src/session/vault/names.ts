import { toBase64url } from './codec.ts'

/** Names of what is kept, in one place. They are not secret; what stands under them is sealed. */
export const slotNames = {
  /** The person's seed; missing on a linked device. */
  seed: 'seed',
  /** This device's own seed. */
  deviceSeed: 'device-seed',
  /** The identity record. */
  record: 'record',
  /** The name this user goes by. */
  profile: 'profile',
  /** When to remind of a backup, when to lock. */
  care: 'care',
  /** Contacts and trusted organisations. */
  contacts: 'contacts',
  /** Who asked to become a contact. */
  requests: 'requests',
  missedCalls: 'missed-calls',
  /** Whether and how this device is called. */
  callSettings: 'call-settings',
  /** What is told to others of conversations, and to the user. Conversations themselves are kept under `chat.`, by the library. */
  chatSettings: 'chat-settings',
} as const

/**
 * Before a random id: one slot for each room, one for what the library remembers of it, one for its chat where its policy keeps it, and one for what it
 * remembers of its files; `uploads` and `pledges` have more behind the id and a dot: files on their way up, and hashes of what of them has left. `replica` stands
 * where somebody was given the code to keep copies.
 * `words` is the library's own: what a search knows of conversations.
 */
export const slotPrefixes = {
  room: 'room:',
  memory: 'memory:',
  chat: 'room-chat:',
  files: 'files.',
  uploads: 'files-up.',
  // Short: two ids and a number follow, and names of slots are bounded.
  pledges: 'pledge.',
  replica: 'files-replica.',
  words: 'chat.words.',
} as const

export function newSlotId(): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(12)))
}

export const headerSlot = 'header'
export const keyNames = { device: 'device', oldSeed: 'seed' } as const
