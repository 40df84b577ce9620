import type { IdentityRecord } from '../identity/index.ts'
import type { Undo } from '../lifetime/index.ts'
import type { IncomingState } from './incoming-state.ts'
import type { OutgoingState } from './outgoing-state.ts'

/** A call that this device makes. */
export interface OutgoingCall {
  /** Whom it is for, as we knew them when it began. */
  readonly contact: IdentityRecord
  readonly video: boolean
  readonly state: OutgoingState
  /** Runs after each change of `state`. */
  subscribe(listener: () => void): Undo
  /** Stops ringing everywhere; does nothing once the call is over. */
  cancel(): void
}

/** A call of a contact that rings on this device. */
export interface IncomingCall {
  /** Proven: this person signed the record, and a device that it lists is calling. */
  readonly from: IdentityRecord
  /** What the caller calls itself, safe to show; may be empty, and may be anybody's name. */
  readonly name: string
  readonly video: boolean
  readonly state: IncomingState
  /** Runs after each change of `state`. */
  subscribe(listener: () => void): Undo
  /**
   * To be called for an act of the user and for nothing else. Resolves with the code of the room to join.
   * @throws {UsageError} `call-over` if it does not ring any more.
   * @throws {TransportError} `call-lost` if the caller is gone or gave up before the link came.
   */
  accept(): Promise<string>
  /** Stops ringing on all devices; does nothing once the call is over or accepted. */
  decline(): void
}
