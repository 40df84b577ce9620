import type { PasswordHash } from '@p2pigeon/core/people'
import { deviceNameOf } from './device-name.ts'
import type { IdleLockPorts } from './idle-lock.ts'
import { passwordHash } from './password-hash.ts'
import { browserPasskeys, type Passkeys } from './passkeys.ts'

/** What the vault takes from the page it lives in. */
export interface VaultPage {
  readonly hash: PasswordHash
  readonly passkeys: Passkeys | undefined
  readonly deviceName: string
  readonly tabs: IdleLockPorts['tabs']
  readonly locks: Pick<LockManager, 'request'> | undefined
}

export function browserVaultPage(): VaultPage {
  return {
    hash: passwordHash,
    passkeys: browserPasskeys(),
    deviceName: deviceNameOf(navigator.userAgent),
    tabs: typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('p2pigeon.vault'),
    // Old engines and plain http have no locks: two tabs can then be in one room, as before.
    locks: 'locks' in navigator ? navigator.locks : undefined,
  }
}
