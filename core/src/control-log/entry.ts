import type { PeerId } from '../identity/index.ts'

/** SHA-256 of an entry's body as lower-case hex, or the root of a log. Names an entry. */
export type EntryHash = string & { readonly __brand: 'EntryHash' }

/** SHA-256 of something secret, lower-case hex: says that it was this and no other, without telling it. */
export type Commitment = string & { readonly __brand: 'Commitment' }

/** Who may come in: whoever has the link; who is let in after knocking; nobody. Ordered by strictness. */
export const entryModes = ['open', 'knock', 'locked'] as const
export type EntryMode = (typeof entryModes)[number]

/** How much of a drive counts: `batches` of them, of which the last one has the hash `head`. */
export interface DriveCut {
  /** Its public key, 64 lower-case hexadecimal digits. */
  readonly drive: string
  /** At least 1. */
  readonly batches: number
  /** SHA-256 of the sealed batch, 64 lower-case hexadecimal digits: later ones cannot be put in the place of those that were there. */
  readonly head: string
}

export type Role = 'host' | 'cohost' | 'member'

/** What the host or a co-host decides. Each is one entry of the log. */
export type Operation =
  /** Who may come in from now on. `members` are in and stay allowed. */
  | { readonly kind: 'entry'; readonly mode: EntryMode; readonly members: readonly PeerId[] }
  /** Lets somebody in, also after a removal that was no ban; by an invite, if it names one. */
  | { readonly kind: 'admit'; readonly peer: PeerId; readonly invite: Commitment | undefined }
  | { readonly kind: 'mute'; readonly peer: PeerId; readonly muted: boolean }
  /** The host's alone. */
  | { readonly kind: 'cohost'; readonly peer: PeerId; readonly on: boolean }
  /**
   * Replaces the room secret: the new one is the old one mixed with a fresh secret of this commitment, which `members` are given. With
   * `removed`, the participant that is not given it.
   */
  | {
      readonly kind: 'rekey'
      readonly commitment: Commitment
      readonly members: readonly PeerId[]
      readonly removed: { readonly peer: PeerId; readonly ban: boolean } | undefined
    }
  /** An invite whose token has this commitment lets in `maxUses` people until `expiresAtMs`. */
  | { readonly kind: 'invite'; readonly invite: Commitment; readonly maxUses: number; readonly expiresAtMs: number }
  | { readonly kind: 'revoke-invite'; readonly invite: Commitment }
  /** The room is over. The host's alone. */
  | { readonly kind: 'end' }
  /**
   * What a member may do with the room's files, who is neither host nor co-host. `cuts` say what counts of its drives while it may not write, or is
   * not in by the log; of drives that they do not name nothing does. One drive may have several: each holds as far as the drive leads to it.
   */
  | {
      readonly kind: 'files'
      readonly peer: PeerId
      readonly right: 'editor' | 'reader'
      readonly cuts: readonly DriveCut[]
    }

/** One signed decision. Immutable once read. */
export interface Entry {
  readonly hash: EntryHash
  readonly author: PeerId
  /** Counts the author's entries in this room from 1. */
  readonly seq: number
  /** The author's entry before; the root for the first. */
  readonly previous: EntryHash
  /** The latest entries of others that the author knew, sorted. */
  readonly parents: readonly EntryHash[]
  /** One more than the highest of `previous` and `parents`: order that agrees with cause. */
  readonly lamport: number
  /** The author's clock, Unix milliseconds. For people to read; nothing is ordered or decided by it. */
  readonly timeMs: number
  readonly operation: Operation
  /** As signed and sent. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What `signEntry` adds its hash, its bytes and the signature to. */
export type EntryBody = Omit<Entry, 'hash' | 'bytes'>
