import type { PeerId } from '../identity/index.ts'
import { roleIn, standingOf, type LogState } from './log-state.ts'

/** Who may change the room's files: an owner (the host and co-hosts) also says who else may; a reader reads. */
export type FileRight = 'owner' | 'editor' | 'reader'

/** As if it were in: whoever was removed, or is to be let in yet, has this right then. */
export function fileRightIn(state: LogState, peer: PeerId): FileRight {
  if (roleIn(state, peer) !== 'member') return 'owner'
  return state.fileRights.get(peer)?.right ?? 'editor'
}

/**
 * Whether what somebody writes counts from now on. Where people have to be let in, that takes more than a right that nobody took away: the log says
 * that they are in. A name that nobody has let in is a reader's second one as easily as anybody's.
 */
export function mayWriteFiles(state: LogState, peer: PeerId): boolean {
  return standingOf(state, peer) === 'in' && fileRightIn(state, peer) !== 'reader'
}

/**
 * False for somebody of whom nothing counts, and will not for as long as the log says nothing else: a name that nobody has let in. Of those removed an
 * owner has yet to know what they wrote, to say what of it counts.
 */
export function mayCount(state: LogState, peer: PeerId): boolean {
  return standingOf(state, peer) === 'in' || state.removed.has(peer) || state.fileRights.has(peer)
}

/** Where a batch of a journal stands, and who signed it. */
export interface PlacedBatch {
  readonly author: PeerId
  readonly drive: string
  /** Counts the batches of the drive from 0. */
  readonly number: number
  readonly epoch: number
}

/** What is known of the drive that a batch is in. */
export interface KnownJournal {
  /** How many batches lead to what its author told in the room, signed: told by members who are in, so before its author was removed. */
  readonly told: number
  /** The hash of a batch, as far as it was read. */
  hashAt(number: number): string | undefined
}

/**
 * `epoch-unknown`: of an epoch that there is not, so far. `untold`: of an epoch before the present one, by
 * somebody whom the log does not name, and nobody who is in has told of it, so far. `cut-off`: its author may not write, and
 * it is not of what counts all the same.
 */
export type BatchStanding = 'counts' | 'epoch-unknown' | 'untold' | 'cut-off'

/**
 * Whether a batch counts by what the log says now, whenever it was written. Of somebody who may not write, that is a reader, or not in by the log
 * (removed, or never let in), what counts is what the author of the decision knew of: the batches up to a cut, as far as the drive still leads to
 * what the cut names. Of somebody removed of whom no cuts were signed nothing counts; owners' devices make up for it as soon as they see that. Of
 * those who are away when the room is closed to strangers cuts are signed before.
 *
 * Whoever was removed may have told of a drive under another name before. It cannot write there under a master of the present epoch, nor tell of
 * what it writes, and the log names nobody but those who were in at the last removal, or were let in by name.
 */
export function batchStanding(
  state: LogState,
  { author, drive, number, epoch }: PlacedBatch,
  journal: KnownJournal,
): BatchStanding {
  if (epoch > state.fileEpoch) return 'epoch-unknown'
  if (mayWriteFiles(state, author)) {
    return epoch === state.fileEpoch || number < journal.told || isNamed(state, author) ? 'counts' : 'untold'
  }
  const cuts = state.fileRights.get(author)?.cuts.get(drive) ?? []
  const isKept = cuts.some(({ batches, head }) => number < batches && journal.hashAt(batches - 1) === head)
  return isKept ? 'counts' : 'cut-off'
}

function isNamed(state: LogState, peer: PeerId): boolean {
  const isListed = state.rekeys.at(-1)?.members.has(peer) ?? false
  return isListed || state.allowed.has(peer) || roleIn(state, peer) !== 'member'
}
