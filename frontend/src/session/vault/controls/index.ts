/**
 * Purpose. What settings, lock page and first page do with the vault: protect, back up, restore, join devices.
 * Promises. Loaded when somebody asks for it. Nothing is dropped before what replaces it is safe.
 * Does not. Open the vault of an unprotected device: that happens at the start of every page.
 * May import. the vault folder, state, types of core.
 */
export { Backup, type Found } from './backup.ts'
export { OwnDevices, type Candidate } from './own-devices.ts'
export { Protection, type Credential, type PasskeyView, type ProtectionView } from './protection.ts'
export { VaultControls } from './vault-controls.ts'
