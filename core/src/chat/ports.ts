import type { IdentityId } from '../identity/index.ts'
import type { Scope, Undo } from '../lifetime/index.ts'
import type { NostrSigner, RelayPool } from '../nostr/index.ts'
import type { Clock, Random } from '../runtime/index.ts'
import type { FileStore } from './files/index.ts'
import type { Slots } from './slots.ts'
import type { AuthorKey } from './view.ts'

/** Somebody whom the user knows. */
export interface Acquaintance {
  readonly id: IdentityId
  readonly name: string
  /** Devices of theirs that we know; with more than one, relays get a copy for the others. */
  readonly devices: number
  readonly blocked: boolean
}

/** A line between two devices, over a channel that nobody in between can read and whose keys are gone with it. */
export interface ChatLine {
  /** Whose device is at the other end, as it has proven. */
  readonly key: AuthorKey
  send(message: Uint8Array): void
  /** Called once. */
  listen(handlers: { heard(message: Uint8Array): void; lost(): void }): void
  close(): void
}

export interface MessengerPorts {
  readonly slots: Slots
  readonly clock: Clock
  readonly random: Random
  /** Its end ends everything that is under way. */
  readonly scope: Scope
  /** Us. */
  readonly signer: NostrSigner
  /** Without `onUrls` ours stay what they are. */
  readonly relays: Pick<RelayPool, 'publish' | 'publishSome' | 'subscribe' | 'urls'> &
    Partial<Pick<RelayPool, 'onUrls'>>
  /** Where files go; undefined where none can be sent or fetched. */
  readonly store?: FileStore | undefined
  /** Whose key this is, if the user knows them. */
  who(key: AuthorKey): Acquaintance | undefined
  /** Looks for devices of this person that are online, until the undo; each line is handed over. */
  seek(key: AuthorKey, opened: (line: ChatLine) => void): Undo
  /** True while this identity has other devices, which get their copies by the relays. */
  hasOtherDevices(): boolean
}
