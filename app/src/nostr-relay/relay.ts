import type { Allowance, Clock, Random } from '@p2pigeon/core/node'
import type { Logger } from '../platform/index.ts'
import type { NostrRelayLimits } from './limits.ts'
import type { Backlog } from './outbound.ts'
import type { RelayPolicy } from './rules/index.ts'
import type { EventStore } from './store/index.ts'
import type { Subscriptions } from './subscriptions.ts'

/** What all connections of one relay share. */
export interface Relay {
  readonly clock: Clock
  readonly random: Random
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly limits: NostrRelayLimits
  readonly policy: RelayPolicy
  readonly store: EventStore
  readonly subscriptions: Subscriptions
  /** Events and proofs of all clients. */
  readonly events: Allowance
  readonly backlog: Backlog
  readonly totals: { accepted: number; delivered: number; refused: number; dropped: number; storeFailed: boolean }
}

export function nowSecondsOf({ clock }: Pick<Relay, 'clock'>): number {
  return Math.floor(clock.now() / 1_000)
}
