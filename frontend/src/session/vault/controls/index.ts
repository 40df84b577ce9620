/**
 * Purpose. What settings, lock page and first page do with the vault: protect, back up, restore, join devices.
 * Promises. Loaded when somebody asks for it. Nothing is dropped before what replaces it is safe.
 * Does not. Open the vault of an unprotected device: that happens at the start of every page.
 * May import. the vault folder, state, types of core.
 */
export type { Backup, Found } from './backup.ts'
export type { OwnDevices, Candidate } from './own-devices.ts'
export type { Protection, Credential, PasskeyView, ProtectionView } from './protection.ts'
export { VaultControls } from './vault-controls.ts'
