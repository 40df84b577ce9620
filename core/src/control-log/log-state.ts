import type { PeerId } from '../identity/index.ts'
import type { Commitment, DriveCut, EntryHash, EntryMode, Role } from './entry.ts'

/** One replacement of the room secret. */
export interface Rekey {
  readonly entry: EntryHash
  readonly commitment: Commitment
  /** Those who are given the fresh secret, and may come back by the link from before. */
  readonly members: ReadonlySet<PeerId>
}

export interface InviteState {
  readonly maxUses: number
  readonly expiresAtMs: number
  readonly usedBy: ReadonlySet<PeerId>
  readonly revoked: boolean
}

/** What was set of somebody's right to the room's files. */
export interface FileRule {
  readonly right: 'editor' | 'reader'
  /** By drive: what counts while this one may not write, as far as the drive leads to it. */
  readonly cuts: ReadonlyMap<string, readonly DriveCut[]>
}

/** What a log says at present. A function of the set of its entries, whatever the order in which they came. */
export interface LogState {
  readonly host: PeerId | undefined
  readonly entry: EntryMode
  /** Allowed in, whatever `entry` says. */
  readonly allowed: ReadonlySet<PeerId>
  /** Not to come in; the value tells whether for good. */
  readonly removed: ReadonlyMap<PeerId, 'removed' | 'banned'>
  readonly cohosts: ReadonlySet<PeerId>
  readonly muted: ReadonlySet<PeerId>
  readonly invites: ReadonlyMap<Commitment, InviteState>
  /** In the order in which the secrets are mixed. Their number is the epoch. */
  readonly rekeys: readonly Rekey[]
  readonly ended: boolean
  /** Of those of whom something was set. Host and co-hosts may write whatever it says, and everybody of whom it says nothing. */
  readonly fileRights: ReadonlyMap<PeerId, FileRule>
  /**
   * Counts replacements of the secret for the keys of files, also those that turned out void: unlike the epoch it never falls, so that no key of an
   * epoch serves again after a removal.
   */
  readonly fileEpoch: number
  /** Authors caught giving a number to two entries, and the lowest such number: from there on nothing of theirs counts. Sorted by author. */
  readonly forks: readonly { readonly author: PeerId; readonly seq: number }[]
}

export const emptyState: LogState = {
  host: undefined,
  entry: 'open',
  allowed: new Set(),
  removed: new Map(),
  cohosts: new Set(),
  muted: new Set(),
  invites: new Map(),
  rekeys: [],
  ended: false,
  fileRights: new Map(),
  fileEpoch: 0,
  forks: [],
}

export function roleIn(state: LogState, peer: PeerId): Role {
  return peer === state.host ? 'host' : state.cohosts.has(peer) ? 'cohost' : 'member'
}

/**
 * How a device stands that holds the link.
 *
 * | it is                                   | room is open | knock    | locked   |
 * |-----------------------------------------|--------------|----------|----------|
 * | host, co-host, or allowed in by name    | in           | in       | in       |
 * | removed or banned                       | out          | out      | out      |
 * | anybody else                            | in           | knocking | shut out |
 */
export type Standing = 'in' | 'knocking' | 'shut-out' | 'out'

export function standingOf(state: LogState, peer: PeerId): Standing {
  if (state.removed.has(peer)) return 'out'
  if (state.entry === 'open' || state.allowed.has(peer) || roleIn(state, peer) !== 'member') return 'in'
  return state.entry === 'knock' ? 'knocking' : 'shut-out'
}

/** Deeds that need authority, as far as roles decide. */
export type Deed =
  | { readonly kind: 'entry' | 'admit' | 'invite' | 'rekey' }
  | { readonly kind: 'mute' | 'kick' | 'files'; readonly target: PeerId }
  | { readonly kind: 'cohost' | 'end' }

/**
 * | deed                                  | host                | co-host                | member |
 * |---------------------------------------|---------------------|------------------------|--------|
 * | entry mode, admit, invite, new secret | yes                 | yes                    | no     |
 * | mute, kick, right to files            | anybody but itself  | members who are neither| no     |
 * | co-hosts, end                         | yes                 | no                     | no     |
 */
export function may(state: Pick<LogState, 'host' | 'cohosts'>, actor: PeerId, deed: Deed): boolean {
  const isHost = actor === state.host
  if (!isHost && !state.cohosts.has(actor)) return false
  switch (deed.kind) {
    case 'cohost':
    case 'end':
      return isHost
    case 'mute':
    case 'kick':
    case 'files':
      return deed.target !== state.host && (isHost || !state.cohosts.has(deed.target))
    case 'entry':
    case 'admit':
    case 'invite':
    case 'rekey':
      return true
  }
}
