import type { DeviceIdentity, IdentityRecord, PersonalIdentity } from '@p2pigeon/core/people'
import type { Readable } from '../../state/index.ts'

/** What can open what is locked. */
export type UnlockWay = 'passphrase' | 'passkey'

/**
 * Whether what this device keeps can be read.
 *
 * opening → open | locked | unavailable. locked → open (unlock). Locking loads the page anew, so nothing leads back.
 */
export type KeeperState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'locked'; readonly ways: readonly UnlockWay[] }
  /** `device`: whoever can use this browser profile can open it. `protected`: only with a passphrase or passkey. */
  | { readonly kind: 'open'; readonly protection: 'device' | 'protected' }
  /** The browser keeps nothing for this page: everything lasts as long as the page. */
  | { readonly kind: 'unavailable' }

/** What this device keeps of its user, sealed: small named slots, and who the user is. */
export interface Keeper {
  readonly state: Readable<KeeperState>
  /** Resolves once slots can be read: at once where nothing is protected, else after unlocking. */
  readonly opened: Promise<void>
  /**
   * Waits until `opened`. `undefined` for a slot that was never written.
   * @throws {AuthenticationError} `slot-not-genuine` for one that somebody changed.
   */
  read(slot: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Waits until `opened`; writes of one slot happen in their order. Resolves when a crash would not lose it any more. */
  write(slot: string, bytes: Uint8Array): Promise<void>
  remove(slot: string): Promise<void>
  /** The names of all slots there are. */
  slots(): Promise<readonly string[]>

  /** Resolves once the three below are there: a while after `opened`, since the page works before it loads what they need. */
  readonly known: Promise<void>
  /** The person, where this device has their seed; `undefined` on a linked device. @throws before `known`. */
  identity(): PersonalIdentity | undefined
  /** This device. @throws before `known`. */
  device(): DeviceIdentity
  /** What the person last signed of their devices; the present device is in it. `undefined` before `known`. */
  readonly record: Readable<IdentityRecord | undefined>
  /** Keeps another record of the same identity as the present one, if it is newer. */
  publish(record: IdentityRecord): Promise<void>
}
