import { toHex } from '../bytes/index.ts'
import type { Random } from '../runtime/index.ts'

/** Public key of a drive: 64 lower-case hexadecimal digits. */
export type DriveKey = string
/** A file or folder through all its versions and moves: 32 lower-case hexadecimal digits. */
export type NodeId = string
/** One version of one file: 32 lower-case hexadecimal digits. */
export type ObjectId = string
/** Names a master without telling it: 32 lower-case hexadecimal digits. */
export type MasterId = string

export const idBytes = 16
export const driveKeyBytes = 32

/** The folder that holds everything. */
export const rootNode: NodeId = '0'.repeat(2 * idBytes)

/** A fresh id of a node or an object. */
export function newId(random: Random): string {
  return toHex(random.bytes(idBytes))
}
