import type { SealedForm } from './sealed-value.ts'
import { fromBytes, slotNames, toBytes } from '../vault/index.ts'
import type { MissedCall } from './direct-calls.ts'

export interface CallSettings {
  /** Whether the user wants to be called here at all. */
  readonly reachable: boolean
  readonly ringTone: boolean
  /** Somebody may have the user's card by now: without a contact and without this nobody could call, and nobody need listen. */
  readonly cardShown: boolean
  /** When the list of requests and missed calls was last looked at. */
  readonly lookedAtMs: number
}

/** More than anybody calls back. */
const maxMissedCalls = 32

const initial: CallSettings = { reachable: true, ringTone: true, cardShown: false, lookedAtMs: 0 }

export const callSettings: SealedForm<CallSettings> = {
  slot: slotNames.callSettings,
  initial,
  encode: toBytes,
  decode: (bytes) => ({ ...initial, ...(fromBytes(bytes) as Partial<CallSettings>) }),
}

export const missedCalls: SealedForm<readonly MissedCall[]> = {
  slot: slotNames.missedCalls,
  initial: [],
  encode: toBytes,
  decode: (bytes) => fromBytes(bytes) as readonly MissedCall[],
}

/** The latest first. */
export function withMissed(calls: readonly MissedCall[], call: MissedCall): readonly MissedCall[] {
  return [call, ...calls].slice(0, maxMissedCalls)
}
