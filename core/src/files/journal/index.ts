/**
 * Purpose. What members did, batch after batch: written, sealed, signed, read again.
 * Promises. What is read was signed by its author and stands in its place; whatever does not hold is named, and the part before is kept.
 * Does not. Say whether a batch counts.
 * May import. files/keys, bytes, codec, crypto, errors, identity, runtime.
 */
export { sealBatch, splitOps } from './batch.ts'
export {
  compareRecords,
  decodeDriveRecord,
  driveRecordBytes,
  readDriveRecord,
  signDriveRecord,
  type DriveRecord,
} from './drive-record.ts'
export { JournalReader, OpsBudget, type DriveHead } from './journal-reader.ts'
export { noHash } from './no-hash.ts'
export type { Batch, Op, PutOp } from './op.ts'
