import type { Clock } from '@p2pigeon/core/node'
import type { Beyond } from './contract.ts'
import type { HypernatLimits } from './limits.ts'
import type { MeetingTable } from './meeting-table.ts'

/** What the clients of one relay share. */
export interface Relay {
  readonly beyond: Beyond
  readonly clock: Clock
  readonly limits: HypernatLimits
  readonly table: MeetingTable
  readonly totals: { lookups: number; streams: number; refused: number; violations: number }
}
