/**
 * Purpose. The room's decisions as a signed, hash-chained log: what an entry is, where it fits, what all of them say together.
 * Promises. The same entries give the same state in whatever order they come; only the host and whom it made co-hosts can add any; who signs
 * two continuations is caught and loses its powers, and cannot keep two honest logs apart; bounds are named.
 * Does not. Send, store, or act on anything: the room does.
 * May import. errors, bytes, codec, runtime, crypto, identity.
 */
export { ControlLog, type ControlLogPorts, type Receipt } from './control-log.ts'
export {
  entryModes,
  type Commitment,
  type DriveCut,
  type Entry,
  type EntryHash,
  type EntryMode,
  type Operation,
  type Role,
} from './entry.ts'
export {
  batchStanding,
  fileRightIn,
  mayCount,
  mayWriteFiles,
  type BatchStanding,
  type FileRight,
  type KnownJournal,
  type PlacedBatch,
} from './file-rights.ts'
export { compareCuts, listed } from './codec.ts'
export { maxCuts, maxEntryBytes } from './limits.ts'
export { may, roleIn, standingOf, type Deed, type LogState, type Rekey, type Standing } from './log-state.ts'
export { commitmentTo } from './signing.ts'
