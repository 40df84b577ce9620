/**
 * Purpose. What this device keeps of its user: sealed slots, the keys that open them, and who the user is.
 * Promises. Nothing sensitive is stored unsealed; seeds become non-extractable keys as soon as they are read; what is locked is in no
 * memory of the page.
 * Does not. Show anything, or know rooms and contacts: they give it bytes.
 * May import. session’s database and faults, state, types of core, idb, hash-wasm (in the worker only).
 */
export type { Keeper, KeeperState, UnlockWay } from './keeper.ts'
export { BrowserKeeper, type KeeperPorts } from './browser-keeper.ts'
export { Care, isBackupDue, type CareValue } from './care.ts'
export { claimRoom } from './claim-room.ts'
export { fromBase64url, fromBytes, sameKey, toBytes } from './codec.ts'
export { IdleLock } from './idle-lock.ts'
export { newSlotId, slotNames, slotPrefixes } from './names.ts'
export { browserVaultPage, type VaultPage } from './page-ports.ts'
export type { PasskeyAnswer, Passkeys } from './passkeys.ts'
